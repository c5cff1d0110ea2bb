#include <algorithm>
#include <array>
#include <cstring>
#include <string_view>

#include "input/foreign.hpp"
#include "input/shape.hpp"
#include "meshcert/input.hpp"

namespace meshcert {
namespace input {

bool looks_like_json(std::string_view text) {
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  const std::size_t first = text.find_first_not_of(" \t\r\n");
  return first != std::string_view::npos && (text[first] == '{' || text[first] == '[');
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

// A dump names one of its lists, or is a config dump; quotes included, so that
// prose about dumps is none.
bool mentions_secrets(std::string_view json) {
  static constexpr std::array<std::string_view, 8> kKeys = {
      "\"dynamicActiveSecrets\"",
      "\"dynamic_active_secrets\"",
      "\"dynamicWarmingSecrets\"",
      "\"dynamic_warming_secrets\"",
      "\"staticSecrets\"",
      "\"static_secrets\"",
      "\"configs\"",
      "SecretsConfigDump\"",
  };
  return std::ranges::any_of(kKeys, [json](std::string_view key) {
    return memmem(json.data(), json.size(), key.data(), key.size()) != nullptr;
  });
}

}  // namespace input

std::optional<Format> detect(ByteView octets) {
  const std::string_view text = as_text(octets);
  if (input::looks_like_json(text)) {
    return input::mentions_secrets(text) ? std::optional(Format::envoy_secrets) : std::nullopt;
  }
  if (input::looks_like_der(octets) && !input::recognise_foreign_octets(octets)) return Format::der;
  if (input::looks_like_pkcs7(octets)) return Format::pkcs7;
  if (input::looks_like_pem(text)) return Format::pem;
  if (input::looks_like_istioctl_table(text)) return Format::istioctl_table;
  if (input::looks_like_base64(text)) return Format::base64;
  return std::nullopt;
}

}  // namespace meshcert
