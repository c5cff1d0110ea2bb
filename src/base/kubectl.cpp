#include "base/kubectl.hpp"

#include <fmt/format.h>

namespace meshcert::base {

std::string fill_secret_command(const SecretPair& pair) {
  const bool is_tls = pair.type == "kubernetes.io/tls", is_usual = pair.type.empty() || pair.type == "Opaque";
  const std::string files =
      is_tls ? "--cert=chain.pem --key=key.pem"
             : fmt::format("--from-file={}=chain.pem --from-file={}=key.pem", pair.certificates, pair.key);
  return fmt::format("kubectl create secret {} {} -n {}{} {} --dry-run=client -o yaml | kubectl apply -f -",
                     is_tls ? "tls" : "generic", pair.name, pair.space,
                     is_tls || is_usual ? "" : " --type=TYPE", files);
}

}  // namespace meshcert::base
