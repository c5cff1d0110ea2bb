#include "x509/name_text.hpp"

#include <utility>

#include "base/ascii.hpp"
#include "base/lines.hpp"

namespace meshcert::x509 {
namespace {

// One escaped character, or octet, at the backslash; moves on behind it.
char unescape(std::string_view text, std::size_t& at) {
  if (at + 2 < text.size() && base::is_hex_digit(text[at + 1]) && base::is_hex_digit(text[at + 2])) {
    const unsigned octet = base::hex_value(text[at + 1]) * 16 + base::hex_value(text[at + 2]);
    at += 3;
    return static_cast<char>(octet);
  }
  const char c = at + 1 < text.size() ? text[at + 1] : '\\';
  at += 2;
  return c;
}

}  // namespace

std::vector<NameAttribute> read_name_text(std::string_view text) {
  std::vector<NameAttribute> attributes;
  const bool slashes = text.starts_with('/');
  const std::string_view ends = slashes ? "/" : ",+";
  NameAttribute attribute;
  bool has_type = false;
  const auto finish = [&] {
    if (has_type) attributes.push_back(std::move(attribute));
    attribute = {};
    has_type = false;
  };
  for (std::size_t at = slashes ? 1 : 0; at < text.size();) {
    const char c = text[at];
    if (ends.find(c) != std::string_view::npos) {
      finish();
      ++at;
    } else if (c == '=' && !has_type) {
      has_type = true;
      attribute.type = base::trimmed_front(attribute.value, " ");
      attribute.value.clear();
      ++at;
    } else if (c == '\\') {
      attribute.value += unescape(text, at);
    } else {
      attribute.value += c;
      ++at;
    }
  }
  finish();
  return attributes;
}

}  // namespace meshcert::x509
