#include "base/hex.hpp"

#include <algorithm>
#include <array>

namespace meshcert::base {
namespace {

constexpr std::string_view kDigits = "0123456789abcdef";

constexpr auto kPairs = [] {
  std::array<std::array<char, 2>, 256> pairs{};
  for (std::size_t octet = 0; octet < pairs.size(); ++octet)
    pairs[octet] = {kDigits[octet >> 4], kDigits[octet & 15]};
  return pairs;
}();

// The value of a hex digit; 16 for anything else.
constexpr unsigned value_of(char c) {
  if (c >= '0' && c <= '9') return static_cast<unsigned>(c - '0');
  if (c >= 'a' && c <= 'f') return static_cast<unsigned>(c - 'a' + 10);
  if (c >= 'A' && c <= 'F') return static_cast<unsigned>(c - 'A' + 10);
  return 16;
}

}  // namespace

std::string to_hex(ByteView octets) {
  std::string text(octets.size() * 2, '0');
  char* at = text.data();
  for (const std::uint8_t octet : octets) at = std::ranges::copy(kPairs[octet], at).out;
  return text;
}

Result<std::vector<std::uint8_t>, Reason> parse_hex(std::string_view text) {
  if (text.size() % 2 != 0) return fail(Reason("odd number of hex digits"));
  std::vector<std::uint8_t> octets;
  octets.reserve(text.size() / 2);
  for (std::size_t i = 0; i < text.size(); i += 2) {
    const unsigned high = value_of(text[i]);
    const unsigned low = value_of(text[i + 1]);
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
