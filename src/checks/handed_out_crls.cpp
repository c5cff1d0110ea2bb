#include "checks/handed_out_crls.hpp"

#include <algorithm>

#include "checks/trusted_roots.hpp"
#include "meshcert/kubernetes.hpp"
#include "x509/name_match.hpp"

namespace meshcert::checks {
namespace {

constexpr std::size_t kMostAbove = 8;
constexpr std::size_t kSignaturesTried = 64;  // docs/limits.md

bool is_beside(const Artifact& other, const Artifact& crls) {
  return crls.object != nullptr ? other.object == crls.object
                                : other.object == nullptr && directory_of(other) == directory_of(crls);
}

bool is_named(const Artifact& artifact, std::string_view name) {
  return artifact.object != nullptr ? artifact.name == name : is_file(artifact, name);
}

/// Beside is what stands beside the CRLs of a plugged-in CA.
struct Beside {
  const Certificate* ca = nullptr;
  std::vector<const Certificate*> trusted, others;
  bool tls_style = false;  ///< istiod reads the CA from tls.crt, and no CRLs
};

Beside find_beside(const Artifact& crls, const std::vector<const Artifact*>& holders) {
  Beside beside;
  for (const Artifact* other : holders) {
    if (!is_beside(*other, crls)) continue;
    const bool is_root = is_named(*other, "root-cert.pem");
    for (const Certificate& certificate : other->certificates)
      (is_root ? beside.trusted : beside.others).push_back(&certificate);
    if (is_named(*other, "ca-cert.pem") && !other->certificates.empty())
      beside.ca = &other->certificates.front();
    beside.tls_style = beside.tls_style || (other->object != nullptr && other->name == "tls.crt");
  }
  return beside;
}

bool is_crl_of_ca(const Artifact& crls) {
  if (crls.object == nullptr) return is_file(crls, "ca-crl.pem");
  return crls.object->kind == "Secret" && crls.object->name == "cacerts" && crls.name == "ca-crl.pem";
}

}  // namespace

bool is_handed_out(const Artifact& crls, const Crl& crl, const std::vector<const Artifact*>& holders,
                   x509::SignatureVerifier& signatures) {
  if (!is_crl_of_ca(crls)) return false;
  const Beside beside = find_beside(crls, holders);
  std::size_t tried = 0;
  const auto find_issuer = [&](const std::vector<const Certificate*>& among, const Certificate& of) {
    const auto issuer = std::ranges::find_if(among, [&](const Certificate* other) {
      return x509::same_name(other->subject, of.issuer) && ++tried <= kSignaturesTried &&
             signatures.verify(of, other->key) == true;
    });
    return issuer == among.end() ? nullptr : *issuer;
  };
  const Certificate* ca = beside.tls_style ? nullptr : beside.ca;
  for (std::size_t i = 0; ca != nullptr && i < kMostAbove; ++i) {
    if (x509::same_name(ca->subject, crl.issuer) && signatures.verify(crl, ca->key) == true) return true;
    if (ca->is_self_issued() && signatures.verify(*ca, ca->key) == true)
      return false;                                                // the end of every path
    const Certificate* issuer = find_issuer(beside.trusted, *ca);  // where BoringSSL looks first
    ca = issuer != nullptr ? issuer : find_issuer(beside.others, *ca);
  }
  return false;
}

}  // namespace meshcert::checks
