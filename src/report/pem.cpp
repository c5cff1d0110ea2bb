// The certificates and nothing else, in the order they were found, each a PEM block
// as every reader takes it (RFC 7468 2 and 3: 64 columns, LF). Text between blocks
// would be legal too, but not to all who read one.

#include <string>
#include <string_view>

#include "base/base64.hpp"
#include "meshcert/report.hpp"

namespace meshcert {
namespace {

constexpr std::size_t kColumns = 64;

void append_block(ByteView der, std::string& out) {
  const std::string text = base::encode_base64(der);
  out += "-----BEGIN CERTIFICATE-----\n";
  for (std::size_t at = 0; at < text.size(); at += kColumns) {
    out.append(text, at, kColumns);
    out += '\n';
  }
  out += "-----END CERTIFICATE-----\n";
}

}  // namespace

std::string render_pem(const Report& report, const RenderOptions&) {
  std::string out;
  for (const Artifact& artifact : report.inventory.artifacts) {
    for (const Certificate& certificate : artifact.certificates) append_block(certificate.der, out);
  }
  return out;
}

}  // namespace meshcert
