#include "checks/revocation.hpp"

#include <algorithm>
#include <string>
#include <unordered_set>
#include <utility>

#include "checks/crl_completeness.hpp"
#include "checks/crl_forms.hpp"
#include "checks/crls_by_issuer.hpp"
#include "checks/handed_out_crls.hpp"
#include "checks/trusted_roots.hpp"
#include "checks/unread_crls.hpp"
#include "checks/unused_deltas.hpp"
#include "meshcert/verification.hpp"
#include "path/revocation.hpp"
#include "path/validate.hpp"
#include "path/verify.hpp"
#include "x509/crypto.hpp"
#include "x509/name_match.hpp"

namespace meshcert::checks {

namespace {

/// Self-signatures that are verified to find the ends of paths (docs/limits.md).
constexpr std::size_t kRootsVerified = 500;

/// Of a CA that is listed where only_verify_leaf_cert_crl is set.
constexpr const char* kLeavesAlone =
    "Envoy is told to look at leaves alone (only_verify_leaf_cert_crl) and takes its chains, ztunnel refuses them where it "
    "has that CRL";

/// Of a certificate that no CRL lists which Envoy looks at.
constexpr const char* kBesideValidator =
    "Envoy's SPIFFE validator, beside which that CRL stands, does not look at it and takes the certificate; ztunnel "
    "refuses it where it has that CRL";

constexpr std::string_view kNotForIstiod =
    "Envoy takes it before the other CRL of that issuer, and refuses the chains of that CA; istiod goes by the other";
constexpr std::string_view kOutdone =
    "Envoy and istiod go by the other CRL of that issuer; rustls (ztunnel) takes the first that it is given, and refuses the "
    "chains if that is this one";

constexpr std::string_view kOfNoLeaf =
    "Envoy is told to look at leaves alone (only_verify_leaf_cert_crl), and that CA issued none here; istiod does not load it "
    "(missing CRL signed by certificates)";

/// Whether a certificate is listed does not depend on what peers think of its path.
path::Settings settings_of(const Policy& policy) {
  path::Settings settings;
  settings.at = policy.at;
  settings.skew = policy.skew;
  settings.refuse_sha1 = false;
  settings.min_rsa_bits = 0;
  settings.budget.signatures = 2 * settings.budget.namesakes;
  return settings;
}

// RevocationJudge knows all certificates and CRLs of a run.
class RevocationJudge {
 public:
  RevocationJudge(const Inventory& inventory, const Policy& policy, FindingSink& sink)
      : inventory_(inventory), policy_(policy), sink_(sink), unread_(inventory.artifacts) {
    add(inventory.artifacts);
    if (policy.verification == nullptr) return;
    for (const auto* told :
         {&policy.verification->trusted, &policy.verification->untrusted, &policy.verification->crls})
      add(*told);
  }

  void judge() {
    if (crls_.empty()) return;
    trust_roots();
    const path::Settings settings = settings_of(policy_);
    path::RevocationChecker checker(crls_, path::RevocationScope::leaf, store_, settings, signatures_);
    for (const Artifact& artifact : inventory_.artifacts) {
      for (std::size_t i = 0; i < artifact.certificates.size(); ++i)
        check_certificate(artifact, i, settings, checker);
      if (unread_.has(artifact)) {
        UnreadCrls::report(artifact, sink_);
        continue;
      }
      check_crls(artifact);
      completeness_.check(artifact, signatures_, sink_);
    }
    if (policy_.verification == nullptr) return;
    for (const Artifact& artifact : policy_.verification->crls) check_crls(artifact);
  }

  [[nodiscard]] ToldCrls take_told() { return std::move(told_); }

 private:
  using Beside = CrlsByIssuer::Beside;

  void add(const std::vector<Artifact>& artifacts) {
    for (const Artifact& artifact : artifacts) {
      crls_.insert(crls_.end(), artifact.crls.begin(), artifact.crls.end());
      by_issuer_.add(artifact);
      for (const Crl& crl : artifact.crls)
        (unread_.has(artifact)    ? unread_octets_
         : artifact.leaf_crl_only ? leaf_only_
                                  : everywhere_)
            .insert(as_text(crl.der));
      completeness_.note(artifact);
      for (const Certificate& certificate : artifact.certificates) store_.offer(certificate);
      holders_.push_back(&artifact);
    }
  }

  void check_crls(const Artifact& artifact) {
    for (std::size_t i = 0; i < artifact.crls.size(); ++i) check_crl(artifact, i);
    check_crl_forms(artifact, sink_);
  }

  /// Whoever signed itself ends the paths on which certificates and signers of CRLs are looked for.
  void trust_roots() {
    std::size_t left = kRootsVerified;
    for (const Artifact* artifact : holders_)
      for (const Certificate& certificate : artifact->certificates) {
        if (!certificate.is_self_issued() || !path::key_ids_agree(certificate, certificate)) continue;
        if (const auto* known = store_.find(certificate); known != nullptr && known->trusted) continue;
        if (left == 0 || (--left, signatures_.verify(certificate, certificate.key).value_or(false)))
          store_.trust(certificate);
      }
  }

  void check_certificate(const Artifact& artifact, std::size_t index, const path::Settings& settings,
                         path::RevocationChecker& checker) {
    const Certificate& certificate = artifact.certificates[index];
    const path::Verdict verdict = path::verify(certificate, store_, settings, signatures_);
    const path::Revocation answer = checker.check(verdict.best().certificates).front();
    if (answer.status != path::RevocationStatus::revoked) return;
    const Subject at = Subject::of(artifact, index);
    const bool unlooked = at.role != Role::leaf && is_for_leaves_alone(*answer.crl);
    const std::string_view octets = as_text(answer.crl->der);
    const bool unread =
        unread_octets_.contains(octets) && !leaf_only_.contains(octets) && !everywhere_.contains(octets);
    report_revoked(at, certificate, answer, sink_,
                   unread     ? RevokedWords{kBesideValidator, {}}
                   : unlooked ? RevokedWords{kLeavesAlone, {}}
                              : RevokedWords{});
  }

  void check_crl(const Artifact& artifact, std::size_t index) {
    const Crl& crl = artifact.crls[index];
    const auto [tried, is_signed] = by_issuer_.find_signer(crl);
    if (!is_signed && tried != 0) {
      told_.without_signer.insert(as_text(crl.der));
      report_unsigned(artifact, index, tried);
    } else {
      deltas_.check(artifact, index, sink_);
    }
    if (by_issuer_.is_current(crl) || by_issuer_.has_successor(artifact, crl)) return;
    const std::size_t before = sink_.so_far().size();
    sink_.report(kCrlExpired, source_of_crl(artifact, index), artifact.shown_name(),
                 facts_of_dates(crl, policy_.at));
    if (sink_.so_far().size() == before) return;
    told_.expired.try_emplace(as_text(crl.der), before);
    if (!crl.is_delta() && is_handed_out(artifact, crl, holders_, signatures_))
      raise_expired_crl(sink_.so_far()[before],
                        ", here every workload's, since istiod hands it out with its roots");
  }

  // A renewed CA of another key leaves its former CRL behind.
  void report_unsigned(const Artifact& artifact, std::size_t index, std::size_t tried) {
    const Beside beside = by_issuer_.signed_beside(artifact.crls[index]);
    const bool of_no_leaf = is_for_leaves_alone(artifact.crls[index]) && !has_leaves(artifact.crls[index]);
    const std::string_view who = of_no_leaf                    ? kOfNoLeaf
                                 : beside == Beside::preferred ? kOutdone
                                 : beside == Beside::there     ? kNotForIstiod
                                                               : kRefusedForCrl;
    report_crl(
        kCrlBadSignature, artifact, index,
        {{"tried", tried},
         {"_what", "is not signed by the key of any certificate of that name here that may sign CRLs (" +
                       std::to_string(tried) + " tried)"},
         {"_who", who}},
        sink_, beside == Beside::preferred || of_no_leaf);
  }

  [[nodiscard]] bool is_for_leaves_alone(const Crl& crl) const {
    return leaf_only_.contains(as_text(crl.der)) && !everywhere_.contains(as_text(crl.der));
  }

  [[nodiscard]] bool has_leaves(const Crl& crl) const {
    return std::ranges::any_of(holders_, [&crl](const Artifact* holder) {
      return std::ranges::any_of(holder->certificates, [&crl](const Certificate& certificate) {
        return !certificate.is_ca() && x509::same_name(certificate.issuer, crl.issuer);
      });
    });
  }

  const Inventory& inventory_;
  const Policy& policy_;
  x509::SignatureVerifier signatures_;
  FindingSink& sink_;
  path::Store store_;
  std::vector<Crl> crls_;
  CrlsByIssuer by_issuer_{store_, signatures_, policy_};
  /// Octets of CRLs with which Envoy is told to look at leaves alone, and of those without that.
  std::unordered_set<std::string_view> leaf_only_, everywhere_, unread_octets_;
  std::vector<const Artifact*> holders_;
  ToldCrls told_;
  CrlCompleteness completeness_;
  UnreadCrls unread_;
  UnusedDeltas deltas_{crls_, inventory_.artifacts};
};

}  // namespace

ToldCrls check_revocation(const Inventory& inventory, const Policy& policy, FindingSink& sink) {
  RevocationJudge judge(inventory, policy, sink);
  judge.judge();
  return judge.take_told();
}

}  // namespace meshcert::checks
