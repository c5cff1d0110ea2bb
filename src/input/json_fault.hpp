#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

namespace meshcert::input {

/// JsonFault is the first place where a text stops being JSON (RFC 8259).
struct JsonFault {
  std::size_t offset;
  std::string_view what;  ///< a sentence: "the JSON ends in the middle of a string"
  bool truncated;         ///< everything up to the end is right, the rest is missing
};

/// kSecondValue is the fault of documents that were written one after the other.
inline constexpr std::string_view kSecondValue = "a second JSON value follows the first";

/// find_json_fault reads the whole text without building anything, to explain
/// what a fast parser refused. Depth is not limited; it does not recurse.
[[nodiscard]] std::optional<JsonFault> find_json_fault(std::string_view text);

/// number_length measures the longest JSON number at the start of a text; 0 when
/// there is none. "01" is a number of length 1.
[[nodiscard]] std::size_t number_length(std::string_view text);

}  // namespace meshcert::input
