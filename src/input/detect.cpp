#include <string_view>

#include "input/shape.hpp"
#include "meshcert/input.hpp"

namespace meshcert {
namespace input {

// Log lines and sections of a configuration file begin with a bracket too.
bool looks_like_json(std::string_view text) {
  constexpr std::string_view kSpace = " \t\r\n";
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  const std::size_t first = text.find_first_not_of(kSpace);
  if (first == std::string_view::npos || (text[first] != '{' && text[first] != '[')) return false;
  const std::size_t second = text.find_first_not_of(kSpace, first + 1);
  if (second == std::string_view::npos) return true;
  return std::string_view(text[first] == '{' ? "\"}" : "{[\"]").find(text[second]) != std::string_view::npos;
}

bool looks_like_pem(std::string_view text) {
  return text.find("-----BEGIN") != std::string_view::npos ||
         text.find("-----END ") != std::string_view::npos;
}

// A certificate is a SEQUENCE too long for a short length, and so is what it
// begins with. Nothing else of DER that a mesh keeps in files begins like that.
bool looks_like_der(ByteView octets) {
  if (octets.size() < 2 || octets[0] != 0x30 || octets[1] < 0x80 || octets[1] > 0x84) return false;
  const std::size_t header = 2 + (octets[1] & 0x0FU);
  return octets.size() <= header || octets[header] == 0x30;
}

}  // namespace input

std::optional<Format> detect(ByteView octets) {
  const std::string_view text = as_text(octets);
  if (input::looks_like_json(text)) return Format::envoy_secrets;
  if (input::looks_like_der(octets)) return Format::der;
  if (input::looks_like_pem(text)) return Format::pem;
  return std::nullopt;
}

}  // namespace meshcert
