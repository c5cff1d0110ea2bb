#include "base/utf16.hpp"

#include "base/utf8.hpp"

namespace meshcert::base {
namespace {

char32_t unit_at(ByteView octets, std::size_t at, Utf16 order) {
  const char32_t first = octets[at];
  const char32_t second = octets[at + 1];
  return order == Utf16::little ? second << 8 | first : first << 8 | second;
}

bool is_printable_unit(char32_t unit) {
  return (unit >= ' ' && unit < 0x7F) || unit == '\n' || unit == '\r' || unit == '\t';
}

bool between(char32_t value, char32_t low, char32_t high) {
  return value >= low && value <= high;
}

}  // namespace

std::optional<Utf16> utf16_of(ByteView octets) {
  constexpr char32_t kMark = 0xFEFF;
  for (const Utf16 order : {Utf16::little, Utf16::big}) {
    if (octets.size() >= 2 && unit_at(octets, 0, order) == kMark) return order;
    const bool ascii = octets.size() >= 4 && is_printable_unit(unit_at(octets, 0, order)) &&
                       is_printable_unit(unit_at(octets, 2, order));
    if (ascii) return order;
  }
  return std::nullopt;
}

Utf8Text to_utf8(ByteView octets, Utf16 order) {
  Utf8Text result;
  result.text.reserve(octets.size() / 2);
  for (std::size_t at = 0; at < octets.size(); at += 2) {
    const std::size_t start = at;
    const bool whole = at + 2 <= octets.size();
    char32_t value = whole ? unit_at(octets, at, order) : 0;
    if (between(value, 0xD800, 0xDBFF) && at + 4 <= octets.size()) {
      at += 2;
      const char32_t low = unit_at(octets, at, order);
      if (between(low, 0xDC00, 0xDFFF)) value = 0x10000 + ((value - 0xD800) << 10) + (low - 0xDC00);
    }
    if (!whole || between(value, 0xD800, 0xDFFF)) {
      result.bad = start;
      break;
    }
    if (start != 0 || value != 0xFEFF) append_utf8(result.text, value);
  }
  return result;
}

}  // namespace meshcert::base
