#include "der/strings.hpp"

#include <array>
#include <cstring>

#include "base/ascii.hpp"
#include "base/utf8.hpp"

namespace meshcert::der {
namespace {

enum Alphabet : std::uint8_t { kPrintable = 1, kVisible = 2, kNumeric = 4 };

constexpr std::uint8_t alphabets_of(char c) {
  const bool printable =
      base::is_alphanumeric(c) || std::string_view(" '()*+,-./:=?").find(c) != std::string_view::npos;
  return static_cast<std::uint8_t>((printable ? kPrintable : 0) | (c >= 32 && c <= 126 ? kVisible : 0) |
                                   (base::is_digit(c) || c == ' ' ? kNumeric : 0));
}

constexpr auto kAlphabets = [] {
  std::array<std::uint8_t, 256> table{};
  for (std::size_t octet = 0; octet < table.size(); ++octet)
    table[octet] = alphabets_of(static_cast<char>(octet));
  return table;
}();

bool all_in(ByteView value, std::uint8_t alphabet) {
  std::uint8_t common = alphabet;
  for (const std::uint8_t octet : value) common &= kAlphabets[octet];
  return common != 0;
}

bool is_ascii(ByteView value) {
  constexpr std::uint64_t kHigh = 0x8080'8080'8080'8080U;
  std::uint64_t all = 0, octets = 0;
  for (; value.size() >= sizeof octets; value = value.subspan(sizeof octets)) {
    std::memcpy(&octets, value.data(), sizeof octets);
    all |= octets;
  }
  for (const std::uint8_t octet : value) all |= octet;
  return (all & kHigh) == 0;
}

bool is_utf8(ByteView value) {
  if (is_ascii(value)) return true;
  for (std::string_view rest = as_text(value); !rest.empty();) {
    const auto code_point = base::decode_utf8(rest);
    if (!code_point.valid) return false;
    rest.remove_prefix(code_point.length);
  }
  return true;
}

bool is_surrogate(char32_t c, char32_t first) {
  return c >= first && c < first + 0x400;
}

/// One big-endian unit of `width` octets.
char32_t unit_at(ByteView value, std::size_t at, std::size_t width) {
  char32_t unit = 0;
  for (std::size_t i = 0; i < width; ++i) unit = (unit << 8) | value[at + i];
  return unit;
}

/// BMPString, read as UTF-16BE: what Windows writes there. The sink gets each
/// code point. False when the octets are no text.
template <class Sink>
bool read_utf16(ByteView value, Sink sink) {
  if (value.size() % 2 != 0) return false;
  for (std::size_t at = 0; at < value.size(); at += 2) {
    char32_t c = unit_at(value, at, 2);
    if (is_surrogate(c, 0xdc00)) return false;
    if (is_surrogate(c, 0xd800)) {
      at += 2;
      const char32_t low = at < value.size() ? unit_at(value, at, 2) : 0;
      if (!is_surrogate(low, 0xdc00)) return false;
      c = 0x10000 + ((c - 0xd800) << 10) + (low - 0xdc00);
    }
    sink(c);
  }
  return true;
}

/// UniversalString, UTF-32BE.
template <class Sink>
bool read_utf32(ByteView value, Sink sink) {
  if (value.size() % 4 != 0) return false;
  for (std::size_t at = 0; at < value.size(); at += 4) {
    const char32_t c = unit_at(value, at, 4);
    if (c > 0x10ffff || is_surrogate(c, 0xd800) || is_surrogate(c, 0xdc00)) return false;
    sink(c);
  }
  return true;
}

/// The characters of BMPString are those of the Basic Multilingual Plane.
bool is_bmp(ByteView value) {
  bool within = true;
  return read_utf16(value, [&](char32_t c) { within = within && c < 0x10000; }) && within;
}

std::string from_latin1(ByteView value) {
  std::string text;
  for (const std::uint8_t octet : value) base::append_utf8(text, octet);
  return text;
}

}  // namespace

bool is_string_type(Tag tag) {
  switch (tag) {
    case kUtf8String:
    case kNumericString:
    case kPrintableString:
    case kTeletexString:
    case kIa5String:
    case kVisibleString:
    case kUniversalString:
    case kBmpString:
      return true;
    default:
      return false;
  }
}

bool fits_alphabet(Tag type, ByteView value) {
  switch (type) {
    case kUtf8String:
      return is_utf8(value);
    case kPrintableString:
      return all_in(value, kPrintable);
    case kIa5String:
      return is_ascii(value);
    case kNumericString:
      return all_in(value, kNumeric);
    case kVisibleString:
      return all_in(value, kVisible);
    case kBmpString:
      return is_bmp(value);
    case kUniversalString:
      return read_utf32(value, [](char32_t) {});
    default:
      return true;
  }
}

std::optional<std::string> to_utf8(Tag type, ByteView value) {
  std::string text;
  const auto append = [&](char32_t c) { base::append_utf8(text, c); };
  bool is_text = false;
  switch (type) {
    case kBmpString:
      is_text = read_utf16(value, append);
      break;
    case kUniversalString:
      is_text = read_utf32(value, append);
      break;
    case kTeletexString:
      return from_latin1(value);
    case kUtf8String:
    case kPrintableString:
    case kIa5String:
    case kNumericString:
    case kVisibleString:
      // An "@" in a PrintableString is outside its alphabet and still text.
      is_text = is_utf8(value);
      text = as_text(value);
      break;
    default:
      break;
  }
  return is_text ? std::optional(std::move(text)) : std::nullopt;
}

}  // namespace meshcert::der
