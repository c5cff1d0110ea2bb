#include "input/json_string.hpp"

#include <charconv>
#include <utility>

#include "base/utf8.hpp"

namespace meshcert::input {
namespace {

// The four hexadecimal digits that a text begins with.
std::optional<char32_t> hex_quad(std::string_view text) {
  constexpr std::size_t kDigits = 4;
  unsigned value = 0;
  const char* end = text.data() + kDigits;
  if (text.size() < kDigits || std::from_chars(text.data(), end, value, 16).ptr != end) return std::nullopt;
  return value;
}

// Takes the code point of one \u escape, or of two that are a pair, off the text behind "\u".
std::optional<char32_t> take_code_point(std::string_view& text) {
  constexpr std::size_t kDigits = 4, kPair = 10;
  const auto first = hex_quad(text);
  if (!first || (*first >= 0xDC00 && *first <= 0xDFFF)) return std::nullopt;
  if (*first < 0xD800 || *first > 0xDBFF) {
    text.remove_prefix(kDigits);
    return first;
  }
  if (text.substr(kDigits, 2) != "\\u") return std::nullopt;
  const auto second = hex_quad(text.substr(kDigits + 2));
  if (!second || *second < 0xDC00 || *second > 0xDFFF) return std::nullopt;
  text.remove_prefix(kPair);
  return 0x10000 + ((*first - 0xD800) << 10U) + (*second - 0xDC00);
}

std::optional<char> short_escape(char letter) {
  constexpr std::string_view kLetters = "\"\\/bfnrt", kMeant = "\"\\/\b\f\n\r\t";
  const std::size_t at = kLetters.find(letter);
  return at == std::string_view::npos ? std::nullopt : std::optional(kMeant[at]);
}

}  // namespace

std::optional<std::size_t> string_length(std::string_view text) {
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] == '"') return at;
    if (static_cast<unsigned char>(text[at]) < 0x20) return std::nullopt;
    if (text[at] == '\\') ++at;
  }
  return std::nullopt;
}

std::optional<std::string> unescape(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    const std::size_t plain = text.find('\\');
    out += text.substr(0, plain);
    if (plain == std::string_view::npos) break;
    text.remove_prefix(plain + 1);
    if (text.empty()) return std::nullopt;
    const char letter = text.front();
    text.remove_prefix(1);
    if (letter == 'u') {
      const auto point = take_code_point(text);
      if (!point) return std::nullopt;
      base::append_utf8(out, *point);
    } else if (const auto meant = short_escape(letter)) {
      out += *meant;
    } else {
      return std::nullopt;
    }
  }
  return out;
}

}  // namespace meshcert::input
