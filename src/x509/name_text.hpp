#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace meshcert::x509 {

/// NameAttribute is one attribute of a name in text: type as written, value unescaped.
struct NameAttribute {
  std::string type, value;
  auto operator<=>(const NameAttribute&) const = default;
};

/// read_name_text reads a name as text, in whatever order it stands: "CN=a,O=b" (RFC 2253, RFC
/// 4514) or OpenSSL's old "/O=b/CN=a". Of multi-valued RDNs each attribute is one. A part
/// without "=" is no attribute.
[[nodiscard]] std::vector<NameAttribute> read_name_text(std::string_view text);

}  // namespace meshcert::x509
