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

}  // namespace

Kind kind_of_plain(std::string_view text) {
  constexpr std::array<std::string_view, 5> kNulls{"", "~", "null", "Null", "NULL"};
  constexpr std::array<std::string_view, 6> kBooleans{"true", "True", "TRUE", "false", "False", "FALSE"};
  if (std::ranges::find(kNulls, text) != kNulls.end()) return Kind::null;
  if (std::ranges::find(kBooleans, text) != kBooleans.end()) return Kind::boolean;
  const bool date = text.size() > 4 && text[4] == '-';
  return is_number(text) && !date ? Kind::number : Kind::text;
}

}  // namespace meshcert::input
