#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <string>

#include "input/json_splitter.hpp"
#include "input/node.hpp"
#include "meshcert/limits.hpp"
#include "meshcert/result.hpp"

namespace meshcert::input {

/// JsonReader composes the parts of one document, keeping its memory from part
/// to part. limits.values counts for each part.
class JsonReader {
 public:
  JsonReader(const std::string& file, const Limits& limits);
  ~JsonReader();
  JsonReader(const JsonReader&) = delete;
  JsonReader& operator=(const JsonReader&) = delete;

  /// read composes one value; it fails as read_json does. It may enlarge the
  /// capacity of `text`, whose contents stay.
  [[nodiscard]] Result<Node> read(std::string& text, std::span<const LineMark> lines);

  /// read_padded does so for a text behind which at least kPadding more octets can be read.
  static constexpr std::size_t kPadding = 64;
  [[nodiscard]] Result<Node> read_padded(std::string_view text, std::span<const LineMark> lines);

  /// look_over composes nothing: it finds invalid UTF-8 and broken strings only.
  [[nodiscard]] std::optional<Error> look_over(std::string& text, std::span<const LineMark> lines);

 private:
  struct Parser;
  const std::string& file_;
  std::size_t depth_limit_;
  std::size_t values_;
  std::unique_ptr<Parser> parser_;
};

}  // namespace meshcert::input
