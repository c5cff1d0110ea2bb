#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "meshcert/byte_source.hpp"
#include "meshcert/limits.hpp"
#include "meshcert/result.hpp"

namespace meshcert::input {

/// LineMark says that the text from `offset` on stands on `line` of the file:
/// what was cut out of a part before it held line breaks of its own.
struct LineMark {
  std::size_t offset;
  std::uint32_t line;
};

/// JsonPart is a part of a JSON document small enough to hold: an element of a
/// streamed list, or what remains of a document (or of a section of it) once
/// such lists are cut out, which then stand empty in it.
struct JsonPart {
  std::string_view
      list;  ///< key of the list it is an element of, "[]" of a document that is a list; "" for the document
  bool is_section = false;          ///< an element that was looked into itself
  std::string_view pointer;         ///< RFC 6901 pointer of the part in the document
  std::string& text;                ///< the receiver may reserve more; gone after the call
  std::span<const LineMark> lines;  ///< never empty; the first is at offset 0
};

/// ListRule names a list of the document whose elements are parts of their own.
/// Those of a list of sections are looked into: every list in them is streamed.
struct ListRule {
  std::string_view key;
  bool of_sections = false;
};

/// JsonPartSink receives the parts of a document.
class JsonPartSink {
 public:
  virtual ~JsonPartSink() = default;
  /// list announces a streamed list, before its first element, if there is any.
  virtual void list(std::string_view key) = 0;
  virtual void part(const JsonPart& part) = 0;
};

/// split_json reads a document through windows and hands out its parts, inner
/// ones first, elements in document order. A document that is a list is cut into
/// its elements.
///
/// Memory is bounded by a window and by limits.value_bytes for each part. Only
/// brackets, strings and what stands between parts are understood here; whoever
/// composes a part finds the rest of its faults.
///
/// Fails, with the line, where the document ends early, is no JSON between its
/// parts, nests deeper than limits.depth, or has a part too large; and with the
/// source's own sentence. Parts handed out before are complete.
[[nodiscard]] Result<void> split_json(const std::string& file, ByteSource& source,
                                      std::span<const ListRule> rules, const Limits& limits,
                                      JsonPartSink& sink);

}  // namespace meshcert::input
