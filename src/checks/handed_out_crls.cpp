#include "checks/handed_out_crls.hpp"

#include <algorithm>

#include "checks/trusted_roots.hpp"
#include "meshcert/kubernetes.hpp"
#include "x509/name_match.hpp"

namespace meshcert::checks {
namespace {

constexpr std::size_t kMostAbove = 8;

bool is_beside(const Artifact& other, const Artifact& crls) {
  return crls.object != nullptr ? other.object == crls.object
                                : other.object == nullptr && directory_of(other) == directory_of(crls);
}

bool is_of_ca(const Artifact& artifact) {
  return artifact.object != nullptr ? artifact.name == "ca-cert.pem" || artifact.name == "tls.crt"
                                    : is_file(artifact, "ca-cert.pem");
}

bool is_crl_of_ca(const Artifact& crls) {
  if (crls.object == nullptr) return is_file(crls, "ca-crl.pem");
  return crls.object->kind == "Secret" && crls.object->name == "cacerts" && crls.name == "ca-crl.pem";
}

}  // namespace

bool is_handed_out(const Artifact& crls, const Crl& crl, const std::vector<const Artifact*>& holders,
                   x509::SignatureVerifier& signatures) {
  if (!is_crl_of_ca(crls)) return false;
  std::vector<const Certificate*> beside;
  const Certificate* ca = nullptr;
  for (const Artifact* other : holders) {
    if (!is_beside(*other, crls)) continue;
    for (const Certificate& certificate : other->certificates) beside.push_back(&certificate);
    if (is_of_ca(*other) && !other->certificates.empty()) ca = &other->certificates.front();
  }
  for (std::size_t i = 0; ca != nullptr && i < kMostAbove; ++i) {
    if (x509::same_name(ca->subject, crl.issuer) && signatures.verify(crl, ca->key) == true) return true;
    if (ca->is_self_issued()) return false;
    const auto issuer = std::ranges::find_if(beside, [&](const Certificate* other) {
      return x509::same_name(other->subject, ca->issuer) && signatures.verify(*ca, other->key) == true;
    });
    ca = issuer == beside.end() ? nullptr : *issuer;
  }
  return false;
}

}  // namespace meshcert::checks
