#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
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
  std::string_view text;            ///< gone after the call
  std::span<const LineMark> lines;  ///< never empty; the first is at offset 0
  bool dubious = true;              ///< false: its strings hold ASCII without control characters
};

/// ListRule names a list of the document whose elements are parts of their own.
/// Those of a list of sections are looked into: every list in them is streamed.
struct ListRule {
  std::string_view key;
  bool of_sections = false;
};

/// JsonPartSink receives the parts of the documents of a stream.
class JsonPartSink {
 public:
  virtual ~JsonPartSink() = default;
  /// list announces a streamed list, before its first element, if there is any.
  virtual void list(std::string_view key) = 0;
  virtual void part(const JsonPart& part) = 0;
  /// lost says why a part is beyond a limit and not handed out; its document goes on.
  virtual void lost(Error why) = 0;
  /// end ends a document; the next part belongs to another. The fault, if there is
  /// one, is why nothing more of the document can be read.
  virtual void end(std::optional<Error> fault) = 0;
};

/// split_json reads documents, written one after the other, through windows and
/// hands out their parts, inner ones first, elements in document order. A document
/// that is a list is cut into its elements. There is at least one end.
///
/// Memory is bounded by a window and by limits.value_bytes for each part. Only
/// brackets, strings and what stands between parts are understood here; whoever
/// composes a part finds the rest of its faults.
///
/// A part that nests deeper than limits.depth or is larger than limits.value_bytes is lost: it is
/// passed over up to the bracket that closes it, and the lists in it that are streamed are handed out.
///
/// A document has a fault, with its line, where it ends early or is no JSON between its
/// parts; and with the source's own sentence. Parts handed out before are complete. Where the lines
/// of documents are indented, the next line that begins with a bracket begins the next
/// document, be this one whole or not; else a fault within a document is the end, as is
/// one with more than limits.value_bytes up to that line.
void split_json(const std::string& file, ByteSource& source, std::span<const ListRule> rules,
                const Limits& limits, JsonPartSink& sink);

}  // namespace meshcert::input
