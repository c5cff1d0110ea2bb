#include "checks/revocation.hpp"

#include <algorithm>
#include <map>
#include <utility>

#include "checks/trusted_roots.hpp"
#include "meshcert/verification.hpp"
#include "path/revocation.hpp"
#include "x509/crypto.hpp"
#include "x509/name_match.hpp"

namespace meshcert::checks {

namespace {

/// Certificates of one name that are tried as the signer of a CRL (docs/limits.md).
constexpr std::size_t kSignersTried = 16;

std::string number_words(const Crl& crl) {
  const auto number = crl_number_text(crl);
  return number ? " (number " + *number + ")" : "";
}

bool may_sign_crls(const Certificate& certificate) {
  const auto& usage = certificate.extensions.key_usage;
  return usage.absent() || (usage && usage->has(KeyUsage::crl_sign));
}

// RevocationJudge knows all certificates and CRLs of a run.
class RevocationJudge {
 public:
  RevocationJudge(const Inventory& inventory, const Policy& policy, FindingSink& sink)
      : inventory_(inventory), policy_(policy), sink_(sink) {
    add(inventory.artifacts);
    if (policy.verification == nullptr) return;
    for (const auto* told :
         {&policy.verification->trusted, &policy.verification->untrusted, &policy.verification->crls})
      add(*told);
  }

  void judge() {
    if (crls_.empty()) return;
    path::Settings settings;
    settings.at = policy_.at;
    settings.skew = policy_.skew;
    path::RevocationChecker checker(crls_, path::RevocationScope::leaf, store_, settings, signatures_);
    for (const Artifact& artifact : inventory_.artifacts) {
      for (std::size_t i = 0; i < artifact.certificates.size(); ++i) check_certificate(artifact, i, checker);
      for (std::size_t i = 0; i < artifact.crls.size(); ++i) check_crl(artifact, i);
      check_completeness(artifact);
    }
    if (policy_.verification == nullptr) return;
    for (const Artifact& artifact : policy_.verification->crls)
      for (std::size_t i = 0; i < artifact.crls.size(); ++i) check_crl(artifact, i);
  }

 private:
  void add(const std::vector<Artifact>& artifacts) {
    for (const Artifact& artifact : artifacts) {
      crls_.insert(crls_.end(), artifact.crls.begin(), artifact.crls.end());
      note_secret(artifact);
      for (const Certificate& certificate : artifact.certificates) store_.offer(certificate);
    }
  }

  /// The certificate whose key made the signature; null where none is here.
  [[nodiscard]] const Certificate* issuer_of(const Certificate& certificate) {
    std::size_t tried = 0;
    for (const auto* entry : store_.issuers(certificate.issuer)) {
      if (tried++ == kSignersTried) break;
      if (signatures_.verify(certificate, entry->certificate->key).value_or(false)) return entry->certificate;
    }
    return nullptr;
  }

  void check_certificate(const Artifact& artifact, std::size_t index, path::RevocationChecker& checker) {
    const Certificate& certificate = artifact.certificates[index];
    const Certificate* issuer = certificate.is_self_issued() ? nullptr : issuer_of(certificate);
    if (issuer == nullptr) return;
    const Certificate* const link[] = {&certificate, issuer};
    const path::Revocation answer = checker.check(link).front();
    if (answer.status != path::RevocationStatus::revoked) return;
    report_revoked(Subject{artifact, certificate, index, role_of(artifact, index)}, answer, sink_);
  }

  void check_crl(const Artifact& artifact, std::size_t index) {
    const Crl& crl = artifact.crls[index];
    std::size_t tried = 0;
    if (!is_signed(crl, tried) && tried != 0)
      report(kCrlBadSignature, artifact, index, {{"tried", static_cast<std::int64_t>(tried)}});
    if (is_current(crl) || has_successor(crl)) return;
    const std::string end = crl.next_update ? to_rfc3339(*crl.next_update) : "no stated end";
    report(kCrlExpired, artifact, index,
           {{"this_update", crl.this_update}, {"next_update", end}, {"at", policy_.at}});
  }

  void report(const FindingSpec& spec, const Artifact& artifact, std::size_t index, std::vector<Fact> facts) {
    const Crl& crl = artifact.crls[index];
    facts.push_back({"issuer", name_of(crl.issuer)});
    facts.push_back({"_number", number_words(crl)});
    sink_.report(spec, source_of_crl(artifact, index), artifact.shown_name(), std::move(facts));
  }

  [[nodiscard]] bool is_signed(const Crl& crl, std::size_t& tried) {
    for (const auto* entry : store_.issuers(crl.issuer)) {
      if (tried == kSignersTried) return true;  // not told apart from one that is signed
      ++tried;
      if (!may_sign_crls(*entry->certificate)) continue;
      // What cannot be verified at all is another matter.
      if (signatures_.verify(crl, entry->certificate->key).value_or(true)) return true;
    }
    return false;
  }

  [[nodiscard]] bool is_current(const Crl& crl) const {
    return crl.this_update - policy_.skew <= policy_.at &&
           (!crl.next_update || policy_.at <= *crl.next_update + policy_.skew);
  }

  /// One of the same issuer and scope is current.
  [[nodiscard]] bool has_successor(const Crl& crl) const {
    const auto scope_of = [](const Crl& of) {
      const auto& point = of.extensions.issuing_distribution_point;
      return point ? point->whole : ByteView{};
    };
    return std::ranges::any_of(crls_, [&](const Crl& other) {
      return is_current(other) && other.is_delta() == crl.is_delta() &&
             std::ranges::equal(scope_of(other), scope_of(crl)) && x509::same_name(other.issuer, crl.issuer);
    });
  }

  // ca.crl belongs to ca.crt, crl to cacert (istio pilot/pkg/credentials/kube/secrets.go).
  // What istiod is given with its CA is the family cacerts'.
  void note_secret(const Artifact& artifact) {
    if (artifact.kind != ArtifactKind::crl || artifact.object == nullptr) return;
    if (artifact.name == "ca.crl") beside_[{artifact.object.get(), "ca.crt"}] = &artifact.crls;
    if (artifact.name == "crl") beside_[{artifact.object.get(), "cacert"}] = &artifact.crls;
  }

  [[nodiscard]] const std::vector<Crl>& crls_of(const Artifact& bundle) const {
    const auto beside = beside_.find({bundle.object.get(), bundle.name});
    return beside == beside_.end() ? bundle.crls : *beside->second;
  }

  /// Envoy takes the CRLs of a bundle, and then wants one of every CA.
  void check_completeness(const Artifact& artifact) {
    if (!is_bundle(artifact.kind) || artifact.leaf_crl_only) return;
    const std::vector<Crl>& crls = crls_of(artifact);
    if (crls.empty()) return;
    for (std::size_t i = 0; i < artifact.certificates.size(); ++i) {
      const Certificate& certificate = artifact.certificates[i];
      const auto is_its_own = [&](const Crl& crl) {
        return x509::same_name(crl.issuer, certificate.subject) && !crl.is_delta();
      };
      if (std::ranges::any_of(crls, is_its_own)) continue;
      sink_.report(kCrlMissing, Subject{artifact, certificate, i, role_of(artifact, i)},
                   {{"subject", title_of(certificate)},
                    {"count", static_cast<std::int64_t>(crls.size())},
                    {"_what", title_of(certificate) + " is trusted here without a CRL of its own, beside " +
                                  std::to_string(crls.size()) + " of others"}});
    }
  }

  const Inventory& inventory_;
  const Policy& policy_;
  x509::SignatureVerifier signatures_;
  FindingSink& sink_;
  path::Store store_;
  std::vector<Crl> crls_;
  std::map<std::pair<const KubernetesObject*, std::string_view>, const std::vector<Crl>*> beside_;
};

}  // namespace

void report_revoked(const Subject& subject, const path::Revocation& answer, FindingSink& sink) {
  sink.report(kRevoked, subject,
              {{"certificate", static_cast<std::int64_t>(subject.index)},
               {"subject", title_of(subject.certificate)},
               {"serial", serial_hex(subject.certificate)},
               {"revoked_at", answer.revoked_at},
               {"reason", std::string(to_string(answer.reason))},
               {"issuer", name_of(answer.crl->issuer)},
               {"_number", number_words(*answer.crl)}});
}

void check_revocation(const Inventory& inventory, const Policy& policy, FindingSink& sink) {
  RevocationJudge(inventory, policy, sink).judge();
}

}  // namespace meshcert::checks
