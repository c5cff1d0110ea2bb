#include "input/yaml_rules.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstddef>
#include <string_view>
#include <system_error>

namespace meshcert::input {
namespace {

using Kind = Node::Kind;

constexpr std::string_view kDecimal = "0123456789";

// Takes the characters of a set off the front; answers how many they were.
std::size_t take(std::string_view& text, std::string_view set) {
  const std::size_t count = std::min(text.find_first_not_of(set), text.size());
  text.remove_prefix(count);
  return count;
}

bool is_all(std::string_view text, std::string_view set) {
  return !text.empty() && text.find_first_not_of(set) == std::string_view::npos;
}

// [0-9]+(\.[0-9]*)?|\.[0-9]+, then ([eE][-+]?[0-9]+)?
bool is_decimal(std::string_view text) {
  std::size_t digits = take(text, kDecimal);
  if (text.starts_with('.')) {
    text.remove_prefix(1);
    digits += take(text, kDecimal);
  }
  if (digits == 0 || text.empty()) return digits != 0;
  if (text[0] != 'e' && text[0] != 'E') return false;
  text.remove_prefix(1);
  if (text.starts_with('-') || text.starts_with('+')) text.remove_prefix(1);
  return is_all(text, kDecimal);
}

// The abbreviated hash of a commit may look like this: 12e4567.
bool is_beyond_double(std::string_view text) {
  double value = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), value);
  return read.ec == std::errc::result_out_of_range && text.find('-') == std::string_view::npos;
}

bool is_number(std::string_view text) {
  constexpr std::array<std::string_view, 3> kInfinite{".inf", ".Inf", ".INF"};
  constexpr std::array<std::string_view, 3> kNone{".nan", ".NaN", ".NAN"};
  if (text.starts_with("0x")) return is_all(text.substr(2), "0123456789abcdefABCDEF");
  if (text.starts_with("0o")) return is_all(text.substr(2), "01234567");
  if (std::ranges::find(kNone, text) != kNone.end()) return true;
  if (text.starts_with('-') || text.starts_with('+')) text.remove_prefix(1);
  if (std::ranges::find(kInfinite, text) != kInfinite.end()) return true;
  return is_decimal(text) && !is_beyond_double(text);
}

}  // namespace

Kind kind_of_plain(std::string_view text) {
  constexpr std::array<std::string_view, 5> kNulls{"", "~", "null", "Null", "NULL"};
  constexpr std::array<std::string_view, 6> kBooleans{"true", "True", "TRUE", "false", "False", "FALSE"};
  if (std::ranges::find(kNulls, text) != kNulls.end()) return Kind::null;
  if (std::ranges::find(kBooleans, text) != kBooleans.end()) return Kind::boolean;
  return is_number(text) ? Kind::number : Kind::text;
}

}  // namespace meshcert::input
