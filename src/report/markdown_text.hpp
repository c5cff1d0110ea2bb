#pragma once

#include <string>
#include <string_view>

namespace meshcert::report {

/// Text of any origin for GitHub's Markdown. What a terminal must not get is spelt
/// out first; then nothing in it can become markup, HTML, a link, a mention of
/// somebody or a cell of its own.

/// markdown_text escapes prose. It stands within a line: line breaks are spelt out.
[[nodiscard]] std::string markdown_text(std::string_view text);

/// markdown_code sets a code span; "" for no text.
[[nodiscard]] std::string markdown_code(std::string_view text);

/// markdown_prose is markdown_text in which what is between backquotes (a command
/// to paste) becomes code.
[[nodiscard]] std::string markdown_prose(std::string_view text);

/// markdown_cell sets text in a cell of a table, as code; "|" is escaped as tables need it.
[[nodiscard]] std::string markdown_cell(std::string_view text);

}  // namespace meshcert::report
