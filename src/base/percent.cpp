#include "base/percent.hpp"

#include "base/hex.hpp"

namespace meshcert::base {

Result<std::string, std::size_t> percent_decode(std::string_view text) {
  std::string decoded;
  decoded.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      decoded += text[i];
      continue;
    }
    const std::string_view digits = text.substr(i + 1, 2);
    const auto octet = parse_hex(digits);
    if (digits.size() != 2 || !octet) return fail(i);
    decoded += static_cast<char>(octet->front());
    i += 2;
  }
  return decoded;
}

}  // namespace meshcert::base
