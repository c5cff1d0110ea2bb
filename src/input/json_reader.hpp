#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "input/json_splitter.hpp"
#include "input/node.hpp"
#include "meshcert/limits.hpp"
#include "meshcert/result.hpp"

namespace meshcert::input {

/// JsonReader composes the parts of one document. limits.values counts for each part.
class JsonReader {
 public:
  JsonReader(const std::string& file, const Limits& limits) : file_(file), limits_(limits) {}

  /// read composes one value; it fails as read_json does. Texts without escapes are views
  /// of `text`, which must live as long as the node.
  [[nodiscard]] Result<Node> read(std::string_view text, std::span<const LineMark> lines) const;

  /// look_over composes nothing: of a part that the splitter found dubious it says what is
  /// wrong, if anything is.
  [[nodiscard]] std::optional<Error> look_over(const JsonPart& part) const;

 private:
  const std::string& file_;
  Limits limits_;
};

}  // namespace meshcert::input
