#include "checks/revocation.hpp"

#include <algorithm>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <utility>

#include "checks/crl_completeness.hpp"
#include "checks/handed_out_crls.hpp"
#include "checks/trusted_roots.hpp"
#include "checks/unread_crls.hpp"
#include "meshcert/kubernetes.hpp"
#include "meshcert/verification.hpp"
#include "path/crl_record.hpp"
#include "path/crl_scope.hpp"
#include "path/revocation.hpp"
#include "path/validate.hpp"
#include "path/verify.hpp"
#include "x509/crypto.hpp"
#include "x509/name_match.hpp"

namespace meshcert::checks {

namespace {

/// Certificates of one name that are tried as the signer of a CRL (docs/limits.md).
constexpr std::size_t kSignersTried = 16;

/// Self-signatures that are verified to find the ends of paths (docs/limits.md).
constexpr std::size_t kRootsVerified = 500;

/// CRLs of one issuer that are looked at beside another (docs/limits.md).
constexpr std::size_t kBesideLooked = 64;

/// Certificates that are looked up in delta CRLs which cannot be used (docs/limits.md).
constexpr std::size_t kDeltaLookups = 1000;

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

/// A CRL, and what holds it.
struct HeldCrl {
  const Crl* crl;
  const Artifact* holder;
};

/// Whether one who is given what `holder` holds reads what `other` holds as well: an object, and the
/// directory of a plugged-in CA, are handed out as they are, whatever others hold.
bool goes_with(const Artifact& other, const Artifact& holder) {
  if (holder.object != nullptr) return other.object == holder.object;
  return !is_file(holder, "ca-crl.pem") ||
         (other.object == nullptr && directory_of(other) == directory_of(holder));
}

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
      for (std::size_t i = 0; i < artifact.crls.size(); ++i) check_crl(artifact, i);
      completeness_.check(artifact, signatures_, sink_);
    }
    if (policy_.verification == nullptr) return;
    for (const Artifact& artifact : policy_.verification->crls)
      for (std::size_t i = 0; i < artifact.crls.size(); ++i) check_crl(artifact, i);
  }

  [[nodiscard]] ToldCrls take_told() { return std::move(told_); }

 private:
  void add(const std::vector<Artifact>& artifacts) {
    for (const Artifact& artifact : artifacts) {
      crls_.insert(crls_.end(), artifact.crls.begin(), artifact.crls.end());
      for (const Crl& crl : artifact.crls) {
        const std::string name = x509::canonical_name(crl.issuer);
        of_issuer_[name].push_back(&crl);
        if (is_current(crl)) current_[name].push_back({&crl, &artifact});
      }
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
    const Subject at{artifact, certificate, index, role_of(artifact, index)};
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
    std::size_t tried = 0;
    const bool unsigned_here = !is_signed(crl, tried) && tried != 0;
    if (unsigned_here) {
      told_.without_signer.insert(as_text(crl.der));
      report_unsigned(artifact, index, tried);
    }
    if (crl.is_delta() && !unsigned_here && !is_of_use(crl)) report_unused_delta(artifact, index);
    if (is_current(crl) || has_successor(artifact, crl)) return;
    const std::size_t before = sink_.so_far().size();
    sink_.report(kCrlExpired, source_of_crl(artifact, index), artifact.shown_name(),
                 facts_of_dates(crl, policy_.at));
    if (sink_.so_far().size() == before) return;
    told_.expired.try_emplace(as_text(crl.der), before);
    if (is_handed_out(artifact, crl, holders_, signatures_))
      raise_expired_crl(sink_.so_far()[before],
                        ", here every workload's, since istiod hands it out with its roots");
  }

  void report(const FindingSpec& spec, const Artifact& artifact, std::size_t index, std::vector<Fact> facts,
              bool milder = false) {
    const Crl& crl = artifact.crls[index];
    facts.push_back({"issuer", name_of(crl.issuer)});
    facts.push_back({"_number", number_words(crl)});
    SourceRef where = source_of_crl(artifact, index);
    if (milder) return sink_.report_milder(spec, std::move(where), artifact.shown_name(), std::move(facts));
    sink_.report(spec, std::move(where), artifact.shown_name(), std::move(facts));
  }

  // A renewed CA of another key leaves its former CRL behind.
  void report_unsigned(const Artifact& artifact, std::size_t index, std::size_t tried) {
    const Beside beside = signed_beside(artifact.crls[index]);
    const bool of_no_leaf = is_for_leaves_alone(artifact.crls[index]) && !has_leaves(artifact.crls[index]);
    const std::string_view who = of_no_leaf                    ? kOfNoLeaf
                                 : beside == Beside::preferred ? kOutdone
                                 : beside == Beside::there     ? kNotForIstiod
                                                               : kRefusedForCrl;
    report(kCrlBadSignature, artifact, index,
           {{"tried", static_cast<std::int64_t>(tried)},
            {"_what", "is not signed by the key of any certificate of that name here that may sign CRLs (" +
                          std::to_string(tried) + " tried)"},
            {"_who", std::string(who)}},
           beside == Beside::preferred || of_no_leaf);
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

  enum class Beside : std::uint8_t { none, there, preferred };

  /// Whether another of its issuer and scope is signed, and BoringSSL takes that: it leaves out one that
  /// names the key of nobody here, and of several takes one that is current, then the newest
  /// (crypto/x509/x509_vfy.cc, get_crl_score).
  [[nodiscard]] Beside signed_beside(const Crl& crl) {
    std::size_t looked = 0;
    for (const Crl* other : signed_of(crl.issuer)) {
      if (++looked > kBesideLooked) break;
      if (!path::is_of_one_scope(crl, *other) || as_text(other->der) == as_text(crl.der)) continue;
      return rank_of(*other) > rank_of(crl) || names_no_key(crl) ? Beside::preferred : Beside::there;
    }
    return Beside::none;
  }

  [[nodiscard]] std::pair<bool, Instant> rank_of(const Crl& crl) const {
    return {is_current(crl), crl.this_update};
  }

  /// Those of an issuer that are signed, best first.
  [[nodiscard]] const std::vector<const Crl*>& signed_of(const DistinguishedName& issuer) {
    const std::string name = x509::canonical_name(issuer);
    const auto [known, added] = signed_.try_emplace(name);
    if (!added) return known->second;
    std::unordered_set<std::string_view> seen;  // every dump of a mesh may hold the same
    for (const Crl* crl : of_issuer_[name]) {
      std::size_t tried = 0;
      if (seen.insert(as_text(crl->der)).second && is_signed(*crl, tried) && tried != 0)
        known->second.push_back(crl);
    }
    std::ranges::stable_sort(known->second, std::ranges::greater{},
                             [this](const Crl* crl) { return rank_of(*crl); });
    return known->second;
  }

  [[nodiscard]] bool names_no_key(const Crl& crl) const {
    const auto& id = crl.extensions.authority_key_id;
    return id && !id->key_id.empty() &&
           std::ranges::none_of(store_.issuers(crl.issuer), [&id](const path::Store::Entry* entry) {
             return std::ranges::equal(key_id_of(*entry->certificate), id->key_id);
           });
  }

  [[nodiscard]] bool is_signed(const Crl& crl, std::size_t& tried) {
    for (const auto* entry : store_.issuers(crl.issuer)) {
      if (tried == kSignersTried) return true;  // not told apart from one that is signed
      ++tried;
      if (!path::may_sign_crls(*entry->certificate)) continue;
      // What cannot be verified at all is another matter.
      if (signatures_.verify(crl, entry->certificate->key).value_or(true)) return true;
    }
    return false;
  }

  [[nodiscard]] bool is_current(const Crl& crl) const {
    return path::is_current(crl, policy_.at, policy_.skew);
  }

  /// One of the same issuer, key and scope is current, and goes with it.
  [[nodiscard]] bool has_successor(const Artifact& holder, const Crl& crl) {
    const Certificate* signer = signer_of(crl);
    std::size_t looked = 0;
    return std::ranges::any_of(current_[x509::canonical_name(crl.issuer)], [&](const HeldCrl& other) {
      return goes_with(*other.holder, holder) && path::is_of_one_scope(crl, *other.crl) &&
             ++looked <= kBesideLooked &&
             (signer == nullptr || signatures_.verify(*other.crl, signer->key).value_or(true));
    });
  }

  /// Null where none of those that are tried is.
  [[nodiscard]] const Certificate* signer_of(const Crl& crl) {
    std::size_t tried = 0;
    for (const auto* entry : store_.issuers(crl.issuer)) {
      if (tried++ == kSignersTried) break;
      if (signatures_.verify(crl, entry->certificate->key) == true) return entry->certificate;
    }
    return nullptr;
  }

  /// A complete CRL of its issuer and scope is brought up to date by the delta, or holds as much.
  [[nodiscard]] bool is_of_use(const Crl& delta) const {
    return std::ranges::any_of(crls_, [&](const Crl& crl) {
      if (crl.is_delta() || !x509::same_name(crl.issuer, delta.issuer)) return false;
      const auto& number = crl.extensions.crl_number;
      const auto& latest = delta.extensions.crl_number;
      return path::can_update(delta, crl) || (number && latest && !path::is_less(*number, *latest));
    });
  }

  void report_unused_delta(const Artifact& artifact, std::size_t index) {
    const Crl& delta = artifact.crls[index];
    const auto& base = delta.extensions.base_crl_number;
    report(kDeltaCrlUnused, artifact, index,
           {{"base", base ? crl_number_text(*base) : std::string("unreadable")},
            {"_have", complete_crls_of(delta)},
            {"_listed", listed_in(delta)}});
  }

  [[nodiscard]] std::string complete_crls_of(const Crl& delta) const {
    const Crl* newest = nullptr;
    for (const Crl& crl : crls_)
      if (!crl.is_delta() && x509::same_name(crl.issuer, delta.issuer) &&
          (newest == nullptr || newest->this_update < crl.this_update))
        newest = &crl;
    if (newest == nullptr) return "no complete CRL of that issuer is here";
    const auto number = crl_number_text(*newest);
    return "the newest complete CRL of that issuer here " +
           (number ? "is number " + *number : "has no number");
  }

  [[nodiscard]] std::string listed_in(const Crl& delta) {
    path::CrlRecord record{&delta, path::scope_of(delta)};
    path::look_at(record);
    if (!record.fault->empty()) return "could not be: " + std::string(*record.fault);
    for (const Artifact& artifact : inventory_.artifacts)
      for (const Certificate& certificate : artifact.certificates) {
        if (!x509::same_name(certificate.issuer, delta.issuer)) continue;
        if (++lookups_ > kDeltaLookups)
          return "whether it lists one of the certificates here was not looked at";
        const auto entry = path::find_entry(record, certificate.serial, record.scope.issuer);
        if (entry && !(entry->reason && *entry->reason == RevocationReason::remove_from_crl))
          return "it lists " + title_of(certificate) + ", serial " + serial_hex(certificate);
      }
    return "it lists no certificate of the inputs";
  }

  const Inventory& inventory_;
  const Policy& policy_;
  x509::SignatureVerifier signatures_;
  FindingSink& sink_;
  path::Store store_;
  std::vector<Crl> crls_;
  // By canonical_name of the issuer.
  std::unordered_map<std::string, std::vector<const Crl*>> of_issuer_;
  std::unordered_map<std::string, std::vector<HeldCrl>> current_;
  std::unordered_map<std::string, std::vector<const Crl*>> signed_;  // of signed_of
  /// Octets of CRLs with which Envoy is told to look at leaves alone, and of those without that.
  std::unordered_set<std::string_view> leaf_only_, everywhere_, unread_octets_;
  std::vector<const Artifact*> holders_;
  ToldCrls told_;
  std::size_t lookups_ = 0;
  CrlCompleteness completeness_;
  UnreadCrls unread_;
};

}  // namespace

ToldCrls check_revocation(const Inventory& inventory, const Policy& policy, FindingSink& sink) {
  RevocationJudge judge(inventory, policy, sink);
  judge.judge();
  return judge.take_told();
}

}  // namespace meshcert::checks
