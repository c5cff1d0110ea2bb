#include <array>
#include <bitset>
#include <string_view>

#include "base/lines.hpp"
#include "base/utf8.hpp"
#include "input/foreign.hpp"
#include "input/log_file.hpp"
#include "input/pkcs12.hpp"
#include "input/preceded.hpp"
#include "input/shape.hpp"
#include "meshcert/input.hpp"

namespace meshcert {
namespace input {

// Log lines and sections of a configuration file begin with a bracket too.
bool looks_like_json(std::string_view text) {
  text = base::trimmed_front(base::without_mark(text));
  const bool object = text.starts_with('{');
  if (!object && !text.starts_with('[')) return false;
  text = base::trimmed_front(text.substr(1));
  return text.empty() || std::string_view(object ? "\"}" : "{[\"]").find(text[0]) != std::string_view::npos;
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

// What a line can be where it is not indented, and the key there.
struct YamlLine {
  bool possible = false;
  std::string_view key;
};

YamlLine yaml_line(std::string_view line) {
  const bool item = line == "-" || line.starts_with("- ");
  if (line.starts_with("- ")) line.remove_prefix(2);
  // A tab that indents is an error of YAML, which its reader is to tell with the line.
  if (line.find_first_not_of(" \t") == std::string_view::npos || line[0] == ' ' || line[0] == '\t' ||
      line[0] == '#' || line[0] == '%' || line == "---" || line.starts_with("--- ") || line == "...")
    return {true, {}};
  const std::size_t colon = line.find(':');
  const std::string_view key = line.substr(0, colon);
  const bool is_key = colon != std::string_view::npos && colon != 0 &&
                      (colon + 1 == line.size() || line[colon + 1] == ' ' || line[colon + 1] == '\t') &&
                      key.find_first_of(" \t{[") == std::string_view::npos;
  return {is_key || item, is_key ? key : std::string_view{}};
}

// A key that opens a document we read, and what else must be in it where the
// key alone is anybody's (Helm values have certificates, Compose has configs).
struct YamlKey {
  std::string_view key, companion;
};
constexpr std::array kYamlKeys = {
    YamlKey{"dynamicActiveSecrets", ""},
    YamlKey{"dynamic_active_secrets", ""},
    YamlKey{"dynamicWarmingSecrets", ""},
    YamlKey{"dynamic_warming_secrets", ""},
    YamlKey{"staticSecrets", ""},
    YamlKey{"static_secrets", ""},
    YamlKey{"configs", "type.googleapis.com/envoy."},
    YamlKey{"certificates", "identity: "},
    YamlKey{"certificates", "ca_cert:"},
    YamlKey{"identity", "certChain:"},
    YamlKey{"certChain", "identity: "},
    YamlKey{"ca_cert", "cert_chain:"},
    YamlKey{"resource_name", "cert_valid:"},
    YamlKey{"cert_valid", "resource_name:"},
    YamlKey{"apiVersion", "kind:"},
    YamlKey{"apiVersion", "items:"},
    YamlKey{"kind", "apiVersion:"},
};

// YamlKeys notes which of them were met, so that each companion is looked for
// once, however often its key is there.
class YamlKeys {
 public:
  void note(std::string_view key) {
    for (std::size_t i = 0; !key.empty() && i < kYamlKeys.size(); ++i) {
      if (kYamlKeys[i].key == key) met_.set(i);
    }
  }
  [[nodiscard]] bool open_document(std::string_view text) const {
    for (std::size_t i = 0; i < kYamlKeys.size(); ++i) {
      if (met_.test(i) && text.find(kYamlKeys[i].companion) != std::string_view::npos) return true;
    }
    return false;
  }

  /// open_object: one of Kubernetes, whose keys nobody writes by chance.
  [[nodiscard]] bool open_object(std::string_view text) const {
    for (std::size_t i = 0; i < kYamlKeys.size(); ++i)
      if (met_.test(i) && kYamlKeys[i].key == "apiVersion" && text.find("kind:") != std::string_view::npos)
        return true;
    return false;
  }

 private:
  std::bitset<kYamlKeys.size()> met_;
};

// An object that was opened is YAML with a mistake in it, which its reader is to tell; but
// no template, and no PEM with words above it.
bool is_a_slip(std::string_view line) {
  return !line.starts_with("{{") && line.find("-----") == std::string_view::npos;
}

bool looks_like_yaml(std::string_view text) {
  text = base::without_mark(text);
  YamlKeys keys;
  std::string_view rest = text;
  while (!rest.empty()) {
    std::string_view line = base::take_line(rest);
    if (line.ends_with('\r')) line.remove_suffix(1);
    const YamlLine read = yaml_line(line);
    // The last line may be cut off in its key.
    if (!read.possible && (!rest.empty() || line.find("-----") != std::string_view::npos))
      return is_a_slip(line) && keys.open_object(text.substr(0, text.size() - rest.size()));
    keys.note(read.key);
  }
  return keys.open_document(text);
}

}  // namespace input

std::optional<Format> detect(ByteView octets) {
  const std::string_view text = as_text(octets);
  if (input::looks_like_json(text)) return Format::envoy_secrets;
  if (input::looks_like_der(octets) && !input::recognise_foreign_octets(octets)) return Format::der;
  if (input::is_der_private_key(octets)) return Format::der;
  if (input::looks_like_pkcs7(octets)) return Format::pkcs7;
  if (input::is_pkcs12(octets)) return Format::pkcs12;
  if (input::looks_like_xfcc(text)) return Format::xfcc;
  if (input::looks_like_jwt(text)) return Format::jwt;
  if (input::looks_like_yaml(text)) return Format::yaml;
  if (input::looks_like_pem(text)) return Format::pem;
  if (input::looks_like_istioctl_table(text)) return Format::istioctl_table;
  if (input::looks_like_base64(text)) return Format::base64;
  if (input::looks_like_log(text) && !input::find_preceded(text)) return Format::log;
  return std::nullopt;
}

}  // namespace meshcert
