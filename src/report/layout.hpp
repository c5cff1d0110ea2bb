#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/words.hpp"

namespace meshcert::report {

/// Everything here takes escaped text (base::escape_for_terminal) and counts in
/// columns of a terminal. A width of 0 is unlimited.

enum class Paint : std::uint8_t { plain, bold, dim, red, yellow, green, cyan };

/// painted puts the colour around the text; with `on` false it is the text. The
/// only place where control characters of ours are made.
[[nodiscard]] std::string painted(std::string_view text, Paint paint, bool on);

/// padded appends spaces up to `columns`.
[[nodiscard]] std::string padded(std::string_view text, std::size_t columns);

/// wrapped breaks text at spaces into lines of at most `width` columns. What is
/// between backquotes (a command to paste) and longer words are never broken.
[[nodiscard]] std::vector<std::string_view> wrapped(std::string_view text, std::size_t width);

/// hanging sets a paragraph: `first` before its first line, as many spaces
/// before the others; every line ends with a newline.
[[nodiscard]] std::string hanging(std::string_view first, std::string_view text, std::size_t width);

using base::counted;

}  // namespace meshcert::report
