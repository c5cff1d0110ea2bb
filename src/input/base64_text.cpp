#include "input/base64_text.hpp"

#include <algorithm>
#include <string>

namespace meshcert::input {
namespace {

using Reason = base::Base64Error::Reason;

constexpr std::string_view kAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

// The last character with the bits cleared that no octet uses.
void clear_unused_bits(std::string& text, std::size_t last) {
  const std::size_t value = kAlphabet.find(text[last]);
  if (value == std::string_view::npos) return;
  const auto pads = std::count(text.begin() + static_cast<std::ptrdiff_t>(last), text.end(), '=');
  text[last] = kAlphabet[value & (pads == 2 ? 0x30U : 0x3CU)];
}

void to_standard_alphabet(std::string& text) {
  std::ranges::replace(text, '-', '+');
  std::ranges::replace(text, '_', '/');
}

void pad(std::string& text) {
  const auto significant =
      std::ranges::count_if(text, [](char c) { return kAlphabet.find(c) != std::string_view::npos; });
  std::erase(text, '=');
  text.append(static_cast<std::size_t>((4 - significant % 4) % 4), '=');
}

// Each repair removes one cause for good, so three rounds suffice.
bool repair(std::string& text, base::Base64Error error) {
  switch (error.reason) {
    case Reason::url_alphabet:
      to_standard_alphabet(text);
      return true;
    case Reason::missing_padding:
      pad(text);
      return true;
    case Reason::nonzero_trailing_bits:
      clear_unused_bits(text, error.offset);
      return true;
    default:
      return false;
  }
}

}  // namespace

std::optional<base::Base64Error> append_pem_base64(std::string_view body, std::vector<std::uint8_t>& out) {
  const auto error = base::append_base64(body, out);
  if (!error || error->reason != Reason::nonzero_trailing_bits) return error;
  std::string repaired(body);
  clear_unused_bits(repaired, error->offset);
  return base::append_base64(repaired, out);
}

Result<std::vector<std::uint8_t>, base::Base64Error> decode_proto_base64(std::string_view text) {
  auto octets = base::decode_base64(text);
  if (octets) return octets;
  std::string repaired(text);
  for (int round = 0; round < 3 && !octets && repair(repaired, octets.error()); ++round) {
    octets = base::decode_base64(repaired);
  }
  return octets;
}

}  // namespace meshcert::input
