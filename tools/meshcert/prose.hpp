#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace meshcert::cli {

/// render_prose sets the Markdown of our own documentation for a terminal:
/// paragraphs and list items wrapped, **bold** and `code` coloured, indented
/// commands as they stand. It knows no more of Markdown than docs/findings.md uses.
[[nodiscard]] std::string render_prose(std::string_view markdown, std::size_t width, bool color);

}  // namespace meshcert::cli
