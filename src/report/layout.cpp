#include "report/layout.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/escape.hpp"

namespace meshcert::report {
namespace {

std::string_view code_of(Paint paint) {
  switch (paint) {
    case Paint::plain:
      return "";
    case Paint::bold:
      return "1";
    case Paint::dim:
      return "2";
    case Paint::red:
      return "1;31";
    case Paint::yellow:
      return "1;33";
    case Paint::green:
      return "32";
    case Paint::cyan:
      return "36";
  }
  return "";
}

/// word_end finds the end of the word that begins at `from`: a space outside
/// backquotes.
std::size_t word_end(std::string_view text, std::size_t from) {
  bool quoted = false;
  for (std::size_t at = from; at < text.size(); ++at) {
    if (text[at] == '`') quoted = !quoted;
    if (text[at] == ' ' && !quoted) return at;
  }
  // A backquote without its fellow quotes nothing.
  return quoted ? std::min(text.find(' ', from), text.size()) : text.size();
}

}  // namespace

std::string painted(std::string_view text, Paint paint, bool on) {
  const std::string_view code = code_of(paint);
  if (!on || code.empty() || text.empty()) return std::string(text);
  return fmt::format("\x1b[{}m{}\x1b[0m", code, text);
}

std::string padded(std::string_view text, std::size_t columns) {
  std::string out(text);
  const std::size_t width = base::display_width(text);
  if (width < columns) out.append(columns - width, ' ');
  return out;
}

std::vector<std::string_view> wrapped(std::string_view text, std::size_t width) {
  std::vector<std::string_view> lines;
  std::size_t line = 0, end = 0, used = 0;
  for (std::size_t word = text.find_first_not_of(' '); word < text.size();
       word = text.find_first_not_of(' ', end)) {
    const std::size_t stop = word_end(text, word);
    const std::size_t columns = base::display_width(text.substr(word, stop - word));
    const bool first = used == 0;
    if (!first && width != 0 && used + (word - end) + columns > width) {
      lines.push_back(text.substr(line, end - line));
      line = word;
      used = columns;
    } else {
      if (first) line = word;
      used += columns + (first ? 0 : word - end);
    }
    end = stop;
  }
  if (used != 0) lines.push_back(text.substr(line, end - line));
  return lines;
}

std::string hanging(std::string_view first, std::string_view text, std::size_t width) {
  constexpr std::size_t kNarrowest = 20;
  const std::size_t indent = base::display_width(first);
  const std::size_t room = width == 0 ? 0 : std::max(kNarrowest, width > indent ? width - indent : 0);
  std::string out;
  for (const std::string_view line : wrapped(text, room))
    out.append(out.empty() ? std::string(first) : std::string(indent, ' ')).append(line).append("\n");
  return out.empty() ? std::string(first) + "\n" : out;
}

}  // namespace meshcert::report
