#include "base/escape.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "base/unicode.hpp"
#include "base/utf8.hpp"

namespace meshcert::base {
namespace {

constexpr std::string_view kEllipsis = "...";

bool is_plain(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return c >= 0x20 && c < 0x7f; });
}

bool is_hex(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
}

// Whether the text, behind its backslashes, is spelt out, or reads as if it were.
bool is_like_escape(std::string_view text) {
  if (text.empty()) return false;
  const CodePoint next = decode_utf8(text);
  if (!next.valid || !is_printable(next.value)) return true;
  return text.starts_with("u{") || (text.size() >= 3 && text[0] == 'x' && is_hex(text[1]) && is_hex(text[2]));
}

// Takes the backslashes at the beginning of the text.
void take_backslashes(std::string_view& text, std::string& out) {
  const std::size_t count = std::min(text.find_first_not_of('\\'), text.size());
  text.remove_prefix(count);
  out.append(is_like_escape(text) ? 2 * count : count, '\\');
}

void append_octets(std::string& out, std::string_view octets) {
  for (const char c : octets)
    fmt::format_to(std::back_inserter(out), "\\x{:02x}",
                   static_cast<unsigned>(static_cast<unsigned char>(c)));
}

// Cell is one printed character of escaped text: its octets and its columns.
struct Cell {
  std::string_view text;
  std::size_t columns;
};

Cell next_cell(std::string_view text) {
  const CodePoint next = decode_utf8(text);
  return {text.substr(0, next.length), next.valid ? static_cast<std::size_t>(columns_of(next.value)) : 1};
}

std::vector<Cell> cells_of(std::string_view text) {
  std::vector<Cell> cells;
  for (; !text.empty(); text.remove_prefix(cells.back().text.size())) cells.push_back(next_cell(text));
  return cells;
}

// The octets of the longest run of cells that fits; marks stay with their base.
template <class Cells>
std::size_t octets_within(const Cells& cells, std::size_t columns) {
  std::size_t octets = 0;
  for (const Cell& cell : cells) {
    if (cell.columns > columns) break;
    columns -= cell.columns;
    octets += cell.text.size();
  }
  return octets;
}

}  // namespace

std::string escape_for_terminal(std::string_view text) {
  if (is_plain(text) && text.find('\\') == std::string_view::npos) return std::string(text);
  std::string out;
  out.reserve(text.size() + text.size() / 4);
  while (take_backslashes(text, out), !text.empty()) {
    const CodePoint next = decode_utf8(text);
    const std::string_view octets = text.substr(0, next.length);
    if (!next.valid || (next.value < 0x80 && !is_printable(next.value)))
      append_octets(out, octets);
    else if (is_printable(next.value))
      out += octets;
    else
      fmt::format_to(std::back_inserter(out), "\\u{{{:x}}}", static_cast<std::uint32_t>(next.value));
    text.remove_prefix(next.length);
  }
  return out;
}

std::size_t display_width(std::string_view escaped) {
  if (is_plain(escaped)) return escaped.size();
  std::size_t columns = 0;
  for (Cell cell; !escaped.empty(); escaped.remove_prefix(cell.text.size())) {
    cell = next_cell(escaped);
    columns += cell.columns;
  }
  return columns;
}

std::string elide_end(std::string_view escaped, std::size_t columns) {
  if (display_width(escaped) <= columns) return std::string(escaped);
  const std::string_view mark = kEllipsis.substr(0, columns);
  const std::size_t kept = octets_within(cells_of(escaped), columns - mark.size());
  return fmt::format("{}{}", escaped.substr(0, kept), mark);
}

std::string elide_middle(std::string_view escaped, std::size_t columns) {
  if (display_width(escaped) <= columns) return std::string(escaped);
  const std::string_view mark = kEllipsis.substr(0, columns);
  const std::size_t room = columns - mark.size();
  std::vector<Cell> cells = cells_of(escaped);
  const std::size_t head = octets_within(cells, room / 2);
  std::ranges::reverse(cells);
  const std::size_t tail = octets_within(cells, room - room / 2);
  return fmt::format("{}{}{}", escaped.substr(0, head), mark, escaped.substr(escaped.size() - tail));
}

}  // namespace meshcert::base
