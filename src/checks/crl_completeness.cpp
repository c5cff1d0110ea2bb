#include "checks/crl_completeness.hpp"

#include <algorithm>
#include <string_view>
#include <unordered_map>

#include "checks/crl_reports.hpp"
#include "checks/trusted_roots.hpp"
#include "x509/name_match.hpp"
#include "x509/titles.hpp"

namespace meshcert::checks {
namespace {

/// Signatures that are verified for one CA, and for all of a bundle (docs/limits.md).
constexpr std::size_t kSignaturesTried = 16;
constexpr std::size_t kSignaturesOfBundle = 4096;

/// ByName holds the certificates of a bundle and its complete CRLs by the names of who they are of.
class ByName {
 public:
  ByName(const Artifact& bundle, const std::vector<Crl>& crls) {
    for (const Certificate& certificate : bundle.certificates)
      certificates_[key_of(certificate.subject)].push_back(&certificate);
    for (const Crl& crl : crls)
      if (!crl.is_delta()) crls_[key_of(crl.issuer)].push_back(&crl);
  }

  [[nodiscard]] const std::vector<const Certificate*>& certificates(const DistinguishedName& name) {
    return certificates_[key_of(name)];
  }
  [[nodiscard]] const std::vector<const Crl*>& crls(const DistinguishedName& name) {
    return crls_[key_of(name)];
  }

 private:
  const std::string& key_of(const DistinguishedName& name) {
    const auto [known, added] = canonical_.try_emplace(as_text(name.rdns));
    if (added) known->second = x509::canonical_name(name);
    return known->second;
  }

  std::unordered_map<std::string_view, std::string> canonical_;
  std::unordered_map<std::string, std::vector<const Certificate*>> certificates_;
  std::unordered_map<std::string, std::vector<const Crl*>> crls_;
};

/// What bears its own name BoringSSL holds against CRLs of its own. What cannot be verified, or is not tried
/// any more, may be the issuer.
bool is_issuer_among(ByName& names, const Certificate& certificate, std::size_t& left,
                     x509::SignatureVerifier& signatures) {
  std::size_t tried = 0;
  return certificate.is_self_issued() ||
         std::ranges::any_of(names.certificates(certificate.issuer), [&](const Certificate* other) {
           if (++tried > kSignaturesTried || left == 0) return true;
           --left;
           return signatures.verify(certificate, other->key).value_or(true);
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

Own own_crls(ByName& names, const Certificate& certificate, std::size_t& left,
             x509::SignatureVerifier& signatures) {
  const auto& namesakes = names.certificates(certificate.subject);
  Own own;
  std::size_t tried = 0;
  const auto is_spent = [&] { return tried == kSignaturesTried || left == 0; };
  const auto is_by = [&](const Crl& crl, const Certificate& signer) {
    ++tried, --left;
    return signatures.verify(crl, signer.key).value_or(true);
  };
  for (const Crl* crl : names.crls(certificate.subject)) {
    own.named = true;
    // What is not tried may be its own.
    own.is_signed = own.is_signed || is_spent() || is_by(*crl, certificate);
    for (auto other = namesakes.begin(); !own.of_another && other != namesakes.end() && !is_spent(); ++other)
      own.of_another = is_by(*crl, **other);
    if (own.is_signed) break;
  }
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
  ByName names(bundle, crls);
  std::size_t left = kSignaturesOfBundle;
  for (std::size_t i = 0; i < bundle.certificates.size(); ++i) {
    const Certificate& certificate = bundle.certificates[i];
    const Subject at = Subject::of(bundle, i);
    const Own own = own_crls(names, certificate, left, signatures);
    if (own.is_there() && !is_issuer_among(names, certificate, left, signatures))
      sink.report(kCrlMissing, at, facts_of_lone_anchor(certificate));
    if (own.is_there()) continue;
    std::vector<Fact> facts{
        {"subject", title_of(certificate)},
        {"count", crls.size()},
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
