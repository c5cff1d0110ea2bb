#include "checks/chain_end.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/hex.hpp"
#include "checks/chain_judge.hpp"
#include "meshcert/verification.hpp"
#include "path/verifiers.hpp"
#include "x509/extensions.hpp"
#include "x509/name_match.hpp"

namespace meshcert::checks {
namespace {

using path::Fault;
using path::FaultKind;

bool is_namesake(const Certificate& issuer, const Certificate& top) {
  return !top.issuer.empty() && !std::ranges::equal(issuer.der, top.der) &&
         x509::same_name(issuer.subject, top.issuer);
}

/// ChainEnd is the last certificate of a path without an anchor, and its fault.
class ChainEnd {
 public:
  ChainEnd(const Artifact& chain, const ChainPath& path, std::size_t leaf, const Policy& policy,
           ChainVerifier& verifier, FindingSink& sink)
      : chain_(chain),
        path_(path),
        policy_(policy),
        verifier_(verifier),
        sink_(sink),
        top_(*path.best().certificates.back()),
        end_(path.best().faults.back()),
        last_(subject_at(chain, path, path.best().certificates.size() - 1, leaf)),
        self_signed_(end_.kind == FaultKind::untrusted_root),
        circle_(!self_signed_ && leads_back()),
        wanted_(authority_key_id_of(top_)) {}

  void report() {
    if (end_.kind == FaultKind::budget_exhausted) return report_budget();
    const bool no_issuer = end_.kind == FaultKind::no_issuer;
    if (const auto sent = self_signed_ || (circle_ && no_issuer) ? std::nullopt : namesake_sent())
      return report_bad_signature(chain_.certificates[*sent], "of certificate " + std::to_string(*sent));
    if (const Certificate* given = self_signed_ ? nullptr : issuer_given())
      return report_bad_signature(*given, wanted_.empty()
                                              ? "that --untrusted holds under this name"
                                              : "that --untrusted holds under this name and key id");
    if (!is_held(chain_, path_)) return report_leaf_alone();
    elsewhere_ = verifier_.other_holder(chain_, top_);
    twin_ = namesake_trusted();
    if (path_.trust->of_spiffe_validator) no_root_ = trusted_on_path();
    if (!self_signed_ && twin_ != nullptr && !wanted_.empty() &&
        std::ranges::equal(wanted_, key_id_of(*twin_)))
      return report_bad_signature(*twin_, "that is trusted here under this name and key id");
    report_untrusted();
  }

 private:
  /// CAs that signed one another: the last of the path was signed by one below it.
  [[nodiscard]] bool leads_back() const {
    const auto& all = path_.best().certificates;
    return std::any_of(all.begin(), all.end() - 1, [this](const Certificate* below) {
      return verifier_.signatures().verify(top_, below->key) == true;
    });
  }

  [[nodiscard]] std::optional<std::size_t> namesake_sent() const {
    for (std::size_t i = 0; i < chain_.certificates.size(); ++i)
      if (is_namesake(chain_.certificates[i], top_)) return i;
    return std::nullopt;
  }

  [[nodiscard]] const Certificate* namesake_trusted() const {
    for (const auto* entry : path_.trust->store.issuers(top_.issuer))
      if (entry->trusted && is_namesake(*entry->certificate, top_)) return entry->certificate;
    return nullptr;
  }

  /// What --untrusted holds as the issuer: of its name and, where one is stated, its key id.
  [[nodiscard]] const Certificate* issuer_given() const {
    for (const auto* entry : path_.trust->store.issuers(top_.issuer))
      if (!entry->trusted && is_namesake(*entry->certificate, top_) &&
          (wanted_.empty() || std::ranges::equal(wanted_, key_id_of(*entry->certificate))))
        return entry->certificate;
    return nullptr;
  }

  /// What is trusted and ends no path, for it is no root.
  [[nodiscard]] const Certificate* trusted_on_path() const {
    for (const Certificate* certificate : path_.best().certificates)
      if (const auto* entry = path_.trust->store.find(*certificate); entry != nullptr && entry->trusted)
        return entry->certificate;
    return nullptr;
  }

  // Names prove nothing: a message that goes by them says both.
  [[nodiscard]] bool is_of_a_trusted_authority() const {
    const auto organization = attribute_values(top_.issuer, AttributeType::organization);
    const auto names = attribute_values(top_.issuer, AttributeType::common_name);
    const bool root = std::ranges::any_of(names, [](const std::string& name) {
      return name.find("Root") != std::string::npos || name.find("root") != std::string::npos;
    });
    return !root && !organization.empty() &&
           std::ranges::any_of(path_.trust->trusted, [&](const Certificate* trusted) {
             return attribute_values(trusted->subject, AttributeType::organization) == organization;
           });
  }

  /// istiod names its root after the trust domain (Citadel: "k8s." before it); other CAs may have an O alone.
  [[nodiscard]] bool names_root_of_mesh() const {
    if (!is_istiod_root_name(top_.issuer)) return false;
    const std::string domain(trust_domain_of(chain_));
    const std::string organization = attribute_values(top_.issuer, AttributeType::organization).front();
    return domain.empty() || organization == domain || organization == "k8s." + domain;
  }

  // A chain leaves out its root at most: what the last CA in it wants is one, unless it looks
  // like an intermediate of the authority that is trusted.
  [[nodiscard]] bool wants_a_root() const {
    return circle_ || self_signed_ || no_root_ != nullptr || twin_ != nullptr || !elsewhere_.empty() ||
           path_.trust->trusted.empty() || (top_.is_ca() && !is_of_a_trusted_authority()) ||
           names_root_of_mesh();
  }

  /// Only its certificate could say whether it is a root.
  [[nodiscard]] bool is_unseen() const {
    return !circle_ && !self_signed_ && twin_ == nullptr && elsewhere_.empty() && !names_root_of_mesh();
  }

  /// Nothing is trusted, for nobody said what is.
  [[nodiscard]] bool is_without_roots() const {
    return path_.trust->trusted.empty() && !path_.scope.known() && !policy_.names_roots();
  }

  void report_untrusted() {
    const ByteView own = self_signed_ ? key_id_of(top_) : ByteView{};
    const ByteView wanted = own.empty() ? wanted_ : own;
    const bool root = wants_a_root();
    std::vector<Fact> facts{{"certificate", last_.index},
                            {"issuer", name_of(top_.issuer)},
                            {"authority_key_id", base::to_hex(wanted)},
                            {"_what", circle_       ? "no root, but goes in a circle back to"
                                      : is_unseen() ? "a CA that it does not carry,"
                                                    : "the root"},
                            {"_wanted_key", key_words(wanted)},
                            {"_trusted", path_.describe(chain_)},
                            {"_twin", twin_words()}};
    if (!elsewhere_.empty()) facts.push_back({"trusted_for", elsewhere_});
    if (is_without_roots())
      facts.push_back({"_message", "the chain is not verified: it leads to " + name_of(top_.issuer) +
                                       key_words(wanted) + (self_signed_ ? ", which it carries itself" : "") +
                                       ", and no roots are given that are trusted"});
    if (auto fix = fix_words(root); !fix.empty()) facts.push_back({"_fix", std::move(fix)});
    sink_.report(root ? kUntrustedRoot : kIncomplete, last_, std::move(facts));
  }

  /// is_shown_whole: a transcript without -showcerts shows the leaf alone, whatever the server sent.
  [[nodiscard]] bool is_shown_whole() const {
    return chain_.presented && !chain_.first_lost &&
           std::ranges::find(chain_.defects, DefectKind::external_file, &Defect::kind) ==
               chain_.defects.end();
  }

  // Held against nothing: but who reads caIssuers in a leaf knows of an intermediate that clients lack.
  void report_leaf_alone() {
    if (!is_shown_whole() || end_.kind != FaultKind::no_issuer || &top_ != path_.best().certificates.front())
      return;
    const std::string address = x509::ca_issuers(top_.extensions);
    if (address.empty()) return;
    const std::string issuer = name_of(top_.issuer);
    sink_.report_milder(
        kIncomplete, last_,
        {{"certificate", last_.index},
         {"issuer", issuer},
         {"authority_key_id", base::to_hex(wanted_)},
         {"_message",
          "the server sent the leaf alone, and not the certificate of its issuer, " + issuer +
              key_words(wanted_) + ", which the leaf says is to be fetched from " + address +
              ", as leaves of public CAs do: unless that is a root, clients that do not have it by "
              "chance fail (unable to get local issuer certificate)"},
         {"_fix",
          "have the server send it: cat leaf.pem intermediate.pem > chain.pem (of a gateway: tls.crt of "
          "its Secret); if " +
              issuer + " is a root, name it: --trust FILE"}});
  }

  /// What is known of the name or the root besides.
  [[nodiscard]] std::string twin_words() const {
    if (!elsewhere_.empty())
      return "; the bundle of the trust domain " + elsewhere_ +
             " holds that root, which is trusted for SPIFFE IDs of that one alone";
    if (no_root_ != nullptr)
      return "; of these " + title_of(*no_root_) +
             " is not self-signed, and Envoy's SPIFFE validator lets roots alone end a path (it sets no "
             "PARTIAL_CHAIN, as Envoy does for trusted_ca): it refuses the chain (unable to get issuer certificate)";
    if (twin_ == nullptr)
      return is_unseen() ? "; a root that is not trusted, or an intermediate that was not sent" : "";
    if (wanted_.empty() && !self_signed_)
      return "; the key of the root of that name there did not make this signature: either the CA was "
             "created anew, and one of the two sides is stale, or the certificate was altered";
    return "; the root of that name there" + key_words(key_id_of(*twin_)) +
           " has another key: the CA was created anew, and one of the two sides is stale";
  }

  /// What to do, where it is not what the finding says; "" otherwise.
  [[nodiscard]] std::string fix_words(bool root) const {
    const auto& bundles = path_.scope.bundles;
    const std::string domain(trust_domain_of(chain_));
    if (is_without_roots())
      return "name the roots that the peers trust: --trust FILE (kubectl get configmap istio-ca-root-cert -n "
             "NAMESPACE -o yaml > FILE)";
    if (circle_)
      return "send the certificate of that name which a root signed, or trust one of the CAs of the circle";
    if (!elsewhere_.empty())
      return "if the bundles of the two were exchanged, put each under its own trust domain; if one CA issues "
             "for both, put its root into the bundle of " +
             domain + " too; else have the certificate issued by the CA of " + domain +
             ", or under an ID of " + elsewhere_;
    if (no_root_ != nullptr)
      return "put the self-signed root above " + title_of(*no_root_) +
             " into the SPIFFE validator's bundle of the trust domain " + domain +
             ", beside it, where that comes from: meshConfig.caCertificates, the bundle of SPIRE "
             "(an UpstreamAuthority has to give its root) or of the federated domain";
    if (is_unseen() && root)
      return "if " + name_of(top_.issuer) +
             " is an intermediate, send it with the chain (a plugged-in CA: cert-chain.pem of the Secret "
             "cacerts holds every CA below the root); if it is a root, find out which side is stale, let "
             "every bundle hold both roots, then restart the workloads that lag behind";
    if (path_.told != nullptr && path_.told->strict_anchors)
      return "trust the root, which is self-signed, or leave out --strict-anchors: Envoy lets any "
             "certificate that it trusts end a path";
    if (!bundles.empty() && !bundles.front()->first->validator.empty())
      return (is_unseen() ? "send " + name_of(top_.issuer) + " with the chain, if it is no root; else put it"
                          : "put the root that issued the chain") +
             (" into the SPIFFE validator's bundle of the trust domain " + domain) +
             " (meshcert bundle DUMP shows each); where SPIRE keeps them, compare: spire-server bundle show";
    if (bundles.size() == 1 && bundles.front()->first->name == "ca.crt")
      return "if ca.crt is the CA of the clients and not of this chain, name the roots that the peers trust: "
             "--trust FILE; else put the CA that issued the chain there";
    return {};
  }

  void report_bad_signature(const Certificate& issuer, const std::string& whose) {
    const bool undecided = end_.kind == FaultKind::undecided_signature;
    const Certificate& signed_by_it = last_.certificate;
    if (undecided && path::verifiers_of_link(signed_by_it, issuer.key) == path::kNoVerifier)
      return report_unsupported(path::unsupported_link(signed_by_it, issuer.key, 0));
    sink_.report(kBadSignature, last_,
                 {{"certificate", last_.index},
                  {"issuer", name_of(last_.certificate.issuer)},
                  {"authority_key_id", base::to_hex(authority_key_id_of(last_.certificate))},
                  {"key_id", base::to_hex(key_id_of(issuer))},
                  {"_what", undecided ? "its signature cannot be verified with the key"
                                      : "its signature is not by the key"},
                  {"_whose", whose}});
  }

  void report_unsupported(const Fault& fault) {
    sink_.report(
        kUnsupportedAlgorithm, last_,
        {{"subject", title_of(last_.certificate)}, {"found", fault.found}, {"required", fault.required}});
  }

  void report_budget() {
    std::vector<Fact> facts{
        {"certificate", last_.index}, {"limit", end_.required}, {"issuer", name_of(top_.issuer)}};
    if (path_.best().certificates.size() >= path::Budget{}.length)
      facts.push_back(
          {"_fix", "issue the leaf under a CA nearer to the root: peers follow no chain so long"});
    sink_.report(kBudgetExhausted, last_, std::move(facts));
  }

  const Artifact& chain_;
  const ChainPath& path_;
  const Policy& policy_;
  ChainVerifier& verifier_;
  FindingSink& sink_;
  const Certificate& top_;
  const Fault& end_;
  const Subject last_;
  const bool self_signed_, circle_;
  const ByteView wanted_;                 ///< the key id that it states of its issuer
  std::string elsewhere_;                 ///< the other trust domain whose bundle holds the root; or ""
  const Certificate* twin_ = nullptr;     ///< trusted, and of the issuer's name
  const Certificate* no_root_ = nullptr;  ///< trusted, on the path, and ends none in a SPIFFE validator
};

}  // namespace

void report_end(const Artifact& chain, const ChainPath& path, std::size_t leaf, const Policy& policy,
                ChainVerifier& verifier, FindingSink& sink) {
  ChainEnd(chain, path, leaf, policy, verifier, sink).report();
}

}  // namespace meshcert::checks
