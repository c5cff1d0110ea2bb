#include "base/utf8.hpp"

#include <cstdint>
#include <cstring>

#include "base/escape.hpp"

namespace meshcert::base {
namespace {

// What the first octet says: how many follow, its own bits, and the bounds of
// the second octet, which rule out overlong forms and surrogates (Unicode 3.9,
// table 3-7).
struct Lead {
  std::size_t more;
  unsigned bits;
  unsigned low = 0x80, high = 0xBF;
};

constexpr Lead lead_of(unsigned octet) {
  if (octet >= 0xC2 && octet <= 0xDF) return {1, octet & 0x1F};
  if (octet == 0xE0) return {2, 0, 0xA0, 0xBF};
  if (octet == 0xED) return {2, 0xD, 0x80, 0x9F};
  if (octet >= 0xE1 && octet <= 0xEF) return {2, octet & 0xF};
  if (octet == 0xF0) return {3, 0, 0x90, 0xBF};
  if (octet >= 0xF1 && octet <= 0xF3) return {3, octet & 7};
  if (octet == 0xF4) return {3, 4, 0x80, 0x8F};
  return {0, 0};
}

// What is left behind the ASCII at the beginning, but for less than eight octets of it.
std::string_view behind_ascii(std::string_view text) {
  constexpr std::uint64_t kHigh = 0x8080'8080'8080'8080U;
  for (std::uint64_t octets = 0; text.size() >= sizeof octets; text.remove_prefix(sizeof octets)) {
    std::memcpy(&octets, text.data(), sizeof octets);
    if ((octets & kHigh) != 0) break;
  }
  return text;
}

}  // namespace

CodePoint decode_utf8(std::string_view text) {
  const auto octet = [text](std::size_t i) {
    return static_cast<unsigned>(static_cast<unsigned char>(text[i]));
  };
  if (octet(0) < 0x80) return {static_cast<char32_t>(octet(0)), 1, true};
  Lead lead = lead_of(octet(0));
  if (lead.more == 0) return {0, 1, false};
  char32_t value = lead.bits;
  for (std::size_t i = 1; i <= lead.more; ++i) {
    if (i >= text.size() || octet(i) < lead.low || octet(i) > lead.high) return {0, i, false};
    value = value << 6 | (octet(i) & 0x3F);
    lead.low = 0x80, lead.high = 0xBF;
  }
  return {value, lead.more + 1, true};
}

std::string_view cut(std::string_view text, std::size_t most) {
  if (text.size() <= most) return text;
  constexpr std::size_t kLongest = 4;
  for (std::size_t begin = most; begin > 0 && most - begin < kLongest - 1;) {
    // A character that is whole in the text, and begins before the end of what is left of it.
    const CodePoint last = decode_utf8(text.substr(--begin));
    if (last.valid) return text.substr(0, begin + last.length > most ? begin : most);
  }
  return text.substr(0, most);
}

void append_utf8(std::string& out, char32_t c) {
  const auto tail = [&](int shift) { out += static_cast<char>(0x80U | ((c >> shift) & 0x3fU)); };
  if (c < 0x80) {
    out += static_cast<char>(c);
  } else if (c < 0x800) {
    out += static_cast<char>(0xc0U | (c >> 6));
    tail(0);
  } else if (c < 0x10000) {
    out += static_cast<char>(0xe0U | (c >> 12));
    tail(6), tail(0);
  } else {
    out += static_cast<char>(0xf0U | (c >> 18));
    tail(12), tail(6), tail(0);
  }
}

bool is_valid_utf8(std::string_view text) {
  for (text = behind_ascii(text); !text.empty(); text = behind_ascii(text)) {
    const CodePoint next = decode_utf8(text);
    if (!next.valid) return false;
    text.remove_prefix(next.length);
  }
  return true;
}

std::string to_valid_utf8(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    const CodePoint next = decode_utf8(text);
    out += next.valid ? text.substr(0, next.length) : std::string_view("\xEF\xBF\xBD");
    text.remove_prefix(next.length);
  }
  return out;
}

}  // namespace meshcert::base
