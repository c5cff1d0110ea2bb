#include "checks/crl_completeness.hpp"

#include <algorithm>
#include <string_view>

#include "checks/crl_reports.hpp"
#include "checks/trusted_roots.hpp"
#include "x509/name_match.hpp"
#include "x509/titles.hpp"

namespace meshcert::checks {
namespace {

/// Signatures of CRLs that are verified for one CA (docs/limits.md).
constexpr std::size_t kSignaturesTried = 16;

/// What bears its own name BoringSSL holds against CRLs of its own. What cannot be verified may be the
/// issuer.
bool is_issuer_among(const Artifact& bundle, const Certificate& certificate,
                     x509::SignatureVerifier& signatures) {
  std::size_t tried = 0;
  return certificate.is_self_issued() ||
         std::ranges::any_of(bundle.certificates, [&](const Certificate& other) {
           return x509::same_name(other.subject, certificate.issuer) &&
                  (++tried > kSignaturesTried || signatures.verify(certificate, other.key).value_or(true));
         });
}

/// Own is what of the complete CRLs with a CA's name is its own.
struct Own {
  bool named = false;       ///< there are such
  bool is_signed = false;   ///< one by its key
  bool of_another = false;  ///< one by the key of a namesake in the same bundle

  /// Where no key here signed one, that is told of the CRL, which is for whoever has the name.
  [[nodiscard]] bool is_there() const { return named && (is_signed || !of_another); }
};

Own own_crls(const Artifact& bundle, const std::vector<Crl>& crls, const Certificate& certificate,
             x509::SignatureVerifier& signatures) {
  Own own;
  std::size_t tried = 0;
  const auto is_by = [&](const Crl& crl, const Certificate& signer) {
    return ++tried <= kSignaturesTried && signatures.verify(crl, signer.key).value_or(true);
  };
  for (const Crl& crl : crls) {
    if (crl.is_delta() || !x509::same_name(crl.issuer, certificate.subject)) continue;
    own.named = true;
    own.is_signed = own.is_signed || is_by(crl, certificate);
    own.of_another =
        own.of_another || std::ranges::any_of(bundle.certificates, [&](const Certificate& other) {
          return x509::same_name(other.subject, certificate.subject) && is_by(crl, other);
        });
  }
  own.is_signed = own.is_signed || tried > kSignaturesTried;  // what was not tried may be its own
  return own;
}

}  // namespace

// ca.crl belongs to ca.crt, crl to cacert (istio pilot/pkg/credentials/kube/secrets.go), ca-crl.pem to
// root-cert.pem, with which istiod hands it out (security/pkg/pki/util/keycertbundle.go).
void CrlCompleteness::note(const Artifact& artifact) {
  if (artifact.kind != ArtifactKind::crl) return;
  constexpr std::pair<std::string_view, std::string_view> kBeside[] = {
      {"ca.crl", "ca.crt"}, {"crl", "cacert"}, {"ca-crl.pem", "root-cert.pem"}};
  for (const auto& [crl, bundle] : kBeside)
    if (artifact.object != nullptr && artifact.name == crl)
      beside_[{artifact.object.get(), std::string(bundle)}] = &artifact.crls;
  const auto& [crl, bundle] = kBeside[2];
  if (artifact.object == nullptr && is_file(artifact, crl))
    beside_[{nullptr, directory_of(artifact) + std::string(bundle)}] = &artifact.crls;
}

const std::vector<Crl>& CrlCompleteness::crls_of(const Artifact& bundle) const {
  const std::string& name = bundle.object != nullptr ? bundle.name : bundle.source.file;
  const auto beside = beside_.find({bundle.object.get(), name});
  return beside == beside_.end() ? bundle.crls : *beside->second;
}

void CrlCompleteness::check(const Artifact& bundle, x509::SignatureVerifier& signatures,
                            FindingSink& sink) const {
  if (!is_bundle(bundle.kind) || bundle.leaf_crl_only) return;
  const std::vector<Crl>& crls = crls_of(bundle);
  if (crls.empty()) return;
  for (std::size_t i = 0; i < bundle.certificates.size(); ++i) {
    const Certificate& certificate = bundle.certificates[i];
    const Subject at{bundle, certificate, i, role_of(bundle, i)};
    const Own own = own_crls(bundle, crls, certificate, signatures);
    if (own.is_there() && !is_issuer_among(bundle, certificate, signatures))
      sink.report(kCrlMissing, at, facts_of_lone_anchor(certificate));
    if (own.is_there()) continue;
    std::vector<Fact> facts{
        {"subject", title_of(certificate)},
        {"count", static_cast<std::int64_t>(crls.size())},
        {"_what", title_of(certificate) + key_words(key_id_of(certificate)) +
                      " is trusted here without a CRL of its own, beside " + std::to_string(crls.size()) +
                      " of others" + (own.named ? ", of the same name and another key among them" : "")}};
    // Envoy's SPIFFE validator knows no only_verify_leaf_cert_crl (spiffe_validator.cc).
    if (!bundle.trust_domain.empty())
      facts.push_back(
          {"_fix", "add the CRL of that CA to the bundle of its trust domain, or leave all CRLs out of it"});
    sink.report(kCrlMissing, at, std::move(facts));
  }
}

}  // namespace meshcert::checks
