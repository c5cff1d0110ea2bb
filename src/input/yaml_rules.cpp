#include "input/yaml_rules.hpp"

#include <algorithm>
#include <array>

namespace meshcert::input {
namespace {

using Kind = Node::Kind;

bool is_number(std::string_view text) {
  if (text.starts_with('-') || text.starts_with('+')) text.remove_prefix(1);
  const bool digit_first = !text.empty() && text[0] >= '0' && text[0] <= '9';
  return digit_first && text.find_first_not_of("0123456789.eE+-") == std::string_view::npos;
}

bool is_line_break(char c) {
  return static_cast<unsigned char>(c) < ' ' || static_cast<unsigned char>(c) >= 0x80;
}

}  // namespace

Kind kind_of_plain(std::string_view text) {
  constexpr std::array<std::string_view, 5> kNulls{"", "~", "null", "Null", "NULL"};
  constexpr std::array<std::string_view, 6> kBooleans{"true", "True", "TRUE", "false", "False", "FALSE"};
  if (std::ranges::find(kNulls, text) != kNulls.end()) return Kind::null;
  if (std::ranges::find(kBooleans, text) != kBooleans.end()) return Kind::boolean;
  const bool date = text.size() > 4 && text[4] == '-';
  return is_number(text) && !date ? Kind::number : Kind::text;
}

std::size_t excess_tag_directive(std::string_view text) {
  std::size_t count = 0;
  for (std::size_t at = text.find("%TAG"); at != std::string_view::npos; at = text.find("%TAG", at + 4)) {
    if (at != 0 && !is_line_break(text[at - 1])) continue;
    if (++count > kTagDirectives) return at;
  }
  return std::string_view::npos;
}

}  // namespace meshcert::input
