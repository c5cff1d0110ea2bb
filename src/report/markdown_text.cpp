#include "report/markdown_text.hpp"

#include <algorithm>

#include "base/escape.hpp"

namespace meshcert::report {
namespace {

/// breaks_up: a comment between "@" or "#" and what follows keeps GitHub from
/// seeing a mention or an issue, which it looks for in text that is rendered.
constexpr std::string_view kNothing = "<!-- -->";

/// is_markup: the character at the front, before what follows it, would mean something.
/// A colon does in "http://x", "mailto:x" and ":emoji:", not in "12:30"; a full stop in "www.x".
bool is_markup(std::string_view rest, std::string_view before) {
  const char c = rest.front();
  if (c == ':') return rest.size() > 1 && rest[1] != ' ' && (rest[1] < '0' || rest[1] > '9');
  if (c == '.') return before.ends_with("www") || before.ends_with("WWW");
  return std::string_view("\\`*_~[]<>&|$!").find(c) != std::string_view::npos;
}

std::size_t longest_run_of_backquotes(std::string_view text) {
  std::size_t longest = 0, run = 0;
  for (const char c : text) longest = std::max(longest, run = c == '`' ? run + 1 : 0);
  return longest;
}

/// code_span fences text that is escaped already (CommonMark 6.1).
std::string code_span(std::string_view escaped) {
  if (escaped.empty()) return {};
  const std::string fence(longest_run_of_backquotes(escaped) + 1, '`');
  // A space at each end is stripped; it parts the fence from backquotes.
  const bool apart = escaped.front() == '`' || escaped.back() == '`' || escaped.front() == ' ';
  return fence + (apart ? " " : "") + std::string(escaped) + (apart ? " " : "") + fence;
}

}  // namespace

std::string markdown_text(std::string_view text) {
  std::string out;
  const std::string escaped = base::escape_for_terminal(text);
  for (std::size_t at = 0; at < escaped.size(); ++at) {
    if (is_markup(std::string_view(escaped).substr(at), out)) out += '\\';
    out += escaped[at];
    if (escaped[at] == '@' || escaped[at] == '#') out += kNothing;
  }
  return out;
}

std::string markdown_code(std::string_view text) {
  return code_span(base::escape_for_terminal(text));
}

std::string markdown_prose(std::string_view text) {
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t open = text.find('`', at);
    const std::size_t close = open == std::string_view::npos ? open : text.find('`', open + 1);
    if (close == std::string_view::npos) return out + markdown_text(text.substr(at));
    out += markdown_text(text.substr(at, open - at)) + markdown_code(text.substr(open + 1, close - open - 1));
    at = close + 1;
  }
  return out;
}

std::string markdown_cell(std::string_view text) {
  std::string out;
  for (const char c : markdown_code(text)) {
    if (c == '|') out += '\\';
    out += c;
  }
  return out;
}

}  // namespace meshcert::report
