#include "base/hex.hpp"

#include <algorithm>
#include <array>

#include "base/ascii.hpp"

#if defined(__SSE2__)
#  include <emmintrin.h>
#endif

namespace meshcert::base {
namespace {

constexpr std::string_view kDigits = "0123456789abcdef";

constexpr auto kPairs = [] {
  std::array<std::array<char, 2>, 256> pairs{};
  for (std::size_t octet = 0; octet < pairs.size(); ++octet)
    pairs[octet] = {kDigits[octet >> 4], kDigits[octet & 15]};
  return pairs;
}();

#if defined(__SSE2__)
// From '9' to 'a' there are 39 characters more than from 9 to 10.
__m128i digits_of(__m128i values) {
  const __m128i letters = _mm_cmpgt_epi8(values, _mm_set1_epi8(9));
  const __m128i digits = _mm_add_epi8(values, _mm_set1_epi8('0'));
  return _mm_add_epi8(digits, _mm_and_si128(letters, _mm_set1_epi8('a' - '9' - 1)));
}

void put_digits_of_16(const std::uint8_t* octets, char* at) {
  const __m128i all = _mm_loadu_si128(reinterpret_cast<const __m128i*>(octets));
  const __m128i four_bits = _mm_set1_epi8(15);
  const __m128i high = digits_of(_mm_and_si128(_mm_srli_epi16(all, 4), four_bits));
  const __m128i low = digits_of(_mm_and_si128(all, four_bits));
  auto* const to = reinterpret_cast<__m128i*>(at);
  _mm_storeu_si128(to, _mm_unpacklo_epi8(high, low));
  _mm_storeu_si128(to + 1, _mm_unpackhi_epi8(high, low));
}
#endif

}  // namespace

std::string to_hex(ByteView octets) {
  std::string text;
  append_hex(text, octets);
  return text;
}

void append_hex(std::string& text, ByteView octets) {
  const std::size_t begin = text.size();
  text.resize(begin + octets.size() * 2);
  char* at = text.data() + begin;
#if defined(__SSE2__)
  for (; octets.size() >= 16; octets = octets.subspan(16), at += 32) put_digits_of_16(octets.data(), at);
#endif
  for (const std::uint8_t octet : octets) at = std::ranges::copy(kPairs[octet], at).out;
}

Result<std::vector<std::uint8_t>, Reason> parse_hex(std::string_view text) {
  if (text.size() % 2 != 0) return fail(Reason("odd number of hex digits"));
  std::vector<std::uint8_t> octets;
  octets.reserve(text.size() / 2);
  for (std::size_t i = 0; i < text.size(); i += 2) {
    const unsigned high = hex_value(text[i]);
    const unsigned low = hex_value(text[i + 1]);
    if (high > 15 || low > 15) return fail(Reason("character that is no hex digit"));
    octets.push_back(static_cast<std::uint8_t>(high << 4 | low));
  }
  return octets;
}

std::string decimal_to_hex(std::string_view digits) {
  std::string reversed;  // the hex digits' values, lowest first
  for (const char digit : digits) {
    unsigned carry = static_cast<unsigned>(digit - '0');
    for (char& value : reversed) {
      carry += static_cast<unsigned>(value) * 10;
      value = static_cast<char>(carry & 15);
      carry >>= 4;
    }
    if (carry != 0) reversed += static_cast<char>(carry);
  }
  if (reversed.empty()) return "0";
  std::string hex;
  for (auto value = reversed.rbegin(); value != reversed.rend(); ++value)
    hex += kDigits[static_cast<std::size_t>(*value)];
  return hex;
}

}  // namespace meshcert::base
