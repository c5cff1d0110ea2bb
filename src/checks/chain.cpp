// Family chain: a chain as it is sent, link by link, and its end against the
// roots that stand beside it in the same dump. Dates are the family validity's.

#include <algorithm>

#include "base/hex.hpp"
#include "checks/chain_walk.hpp"
#include "checks/check.hpp"
#include "checks/trusted_roots.hpp"
#include "checks/validity.hpp"

namespace meshcert::checks {
namespace {

using enum Severity;

constexpr FindingSpec kIncomplete{
    "chain.incomplete",
    error,
    error,
    "the issuer of certificate {certificate}, {issuer}{_wanted_key}, is neither in the chain nor trusted "
    "here: {_trusted}; peers cannot get from the leaf to a root",
    "if {issuer} is an intermediate, send it with the chain (a plugged-in CA: cert-chain.pem of the Secret "
    "cacerts holds every CA below the root); if it is a root, add it to the trust bundle",
    "RFC 8446 4.4.2; RFC 5280 6.1"};
constexpr FindingSpec kUntrustedRoot{
    "chain.untrusted-root",
    error,
    error,
    "the chain wants the root {issuer}{_wanted_key}, which is not trusted here: {_trusted}{_twin}",
    "find out which side is stale: compare the proxy's root with kubectl get cm istio-ca-root-cert -o "
    "jsonpath='{{.data.root-cert\\.pem}}'. When roots change, let every bundle hold both before the first "
    "certificate of the new one is issued; then restart the workloads that lag behind",
    "RFC 5280 6.1.3 (a)(1)"};
constexpr FindingSpec kExpiredRoot{
    "chain.expired-root",
    error,
    error,
    "the chain leads to {root}{_key}, which is trusted here and expired at {not_after}, judged at {at}; no valid "
    "certificate of that name and key is trusted beside it, so peers refuse the chain, whatever else is valid",
    "renew that root with its own key, which keeps what it signed, and put it into the trust bundle; or issue the "
    "chain under a CA whose root is valid, then restart the workloads",
    "RFC 5280 6.1.3 (a)(2); envoy source/common/tls/cert_validator"};
constexpr FindingSpec kBadSignature{
    "chain.bad-signature",
    error,
    error,
    "certificate {certificate} names {issuer} as its issuer, but {_what} {_whose}",
    "send the CA certificate that signed it (a re-created CA keeps its name and changes its key), or reissue "
    "the certificate under the present CA; if the key identifiers agree, the certificate was altered",
    "RFC 5280 6.1.3 (a)(1)"};
constexpr FindingSpec kWrongOrder{
    "chain.wrong-order",
    error,
    error,
    "the certificates stand in the wrong order: from the leaf on, each issued by the next, they are {path}; "
    "{_consequence}",
    "write the leaf first, then each issuer in turn: cat leaf.pem intermediate.pem > chain.pem",
    "RFC 5246 7.4.2; RFC 8446 4.4.2"};
constexpr FindingSpec kRootIncluded{
    "chain.root-included",
    info,
    info,
    "the chain carries its root {subject}; peers use the copy that they trust and ignore this one",
    "nothing to do: Istio sends it so; where handshakes must be small, leave it out",
    "RFC 8446 4.4.2"};
constexpr FindingSpec kDuplicateCertificate{
    "chain.duplicate-certificate",
    info,
    info,
    "certificate {certificate} is certificate {first} once more",
    "nothing breaks; remove it where the chain is put together (a root that stands in cert-chain.pem and in "
    "root-cert.pem gives this)",
    "RFC 8446 4.4.2"};
constexpr FindingSpec kUnrelatedCertificate{
    "chain.unrelated-certificate",
    warning,
    warning,
    "certificate {certificate}, {subject}, issued none of the others{_namesake}; on the way from the leaf to "
    "a root it is of no use",
    "leave it out; if it was meant to be the issuer of one of them, put the right one there",
    "RFC 8446 4.4.2"};
constexpr FindingSpec kKeyIdMismatch{
    "chain.key-id-mismatch",
    warning,
    warning,
    "certificate {certificate} wants an issuer with the key id {wanted}, {issuer} has {found}; its signature "
    "is right, so Go accepts the link, but OpenSSL and BoringSSL pass such an issuer over",
    "reissue one of the two, so that authorityKeyIdentifier and subjectKeyIdentifier agree; look at what "
    "computes them in the CA",
    "RFC 5280 4.2.1.1"};
constexpr FindingSpec kBudgetExhausted{
    "chain.budget-exhausted",
    error,
    error,
    "more than {limit} keys carry the name of certificate {certificate}'s issuer, {issuer}; {limit} of them did "
    "not sign it, and the others were not tried",
    "remove the namesakes that nothing chains to any more; a chain like this looks like an attack on verifiers",
    "docs/limits.md"};

constexpr const FindingSpec* kSpecs[] = {
    &kIncomplete,   &kUntrustedRoot,        &kExpiredRoot,          &kBadSignature,  &kWrongOrder,
    &kRootIncluded, &kDuplicateCertificate, &kUnrelatedCertificate, &kKeyIdMismatch, &kBudgetExhausted};

Fact number(std::string_view name, std::size_t value) {
  return {name, static_cast<std::int64_t>(value)};
}

/// Anchor is where a chain meets the trusted roots.
struct Anchor {
  bool found = false;
  std::size_t index = 0;             ///< the certificate that is trusted, or whose issuer is
  const KeyGroup* issuer = nullptr;  ///< null: it is trusted itself
  const Bundle* bundle = nullptr;    ///< that holds the issuer
};

// ChainJudge applies the rules to one chain.
class ChainJudge {
 public:
  ChainJudge(const Artifact& chain, const Scope& scope, const Policy& policy,
             x509::SignatureVerifier& verifier, FindingSink& sink)
      : chain_(chain),
        scope_(scope),
        policy_(policy),
        verifier_(verifier),
        sink_(sink),
        walk_(walk_chain(chain, verifier)) {}

  void judge() {
    const Anchor anchor = find_anchor();
    check_order();
    check_extras(anchor);
    if (!anchor.found) check_end();
    for (const std::size_t index : walk_.path) check_key_id(index, walk_.issuers[index].issuer);
    if (anchor.found) check_key_id(anchor.index, anchor.issuer);
    check_root_dates(anchor);
  }

 private:
  [[nodiscard]] const Certificate& at(std::size_t index) const { return chain_.certificates[index]; }
  [[nodiscard]] Subject subject(std::size_t index) const {
    return {chain_, at(index), index, role_of(chain_, index)};
  }
  // What could not be read may be what is missed.
  [[nodiscard]] bool is_whole() const { return std::ranges::none_of(chain_.defects, &Defect::lost); }
  // A file whose leaf has no issuer in it; of more than two certificates, it is
  // a collection and meant as no chain.
  [[nodiscard]] bool is_loose_file() const {
    return chain_.state == SecretState::none && walk_.path.size() == 1;
  }
  [[nodiscard]] bool is_collection() const {
    return is_loose_file() && chain_.kind == ArtifactKind::certificate_chain &&
           chain_.certificates.size() > 2;
  }

  [[nodiscard]] std::vector<std::size_t> verified() const {
    std::vector<std::size_t> indices;
    for (std::size_t i = 0; i < walk_.reach.size(); ++i)
      if (walk_.reach[i] == Reach::verified && walk_.duplicate_of[i] == i) indices.push_back(i);
    return indices;
  }

  Anchor find_anchor() {
    if (scope_.bundles.empty()) return {};
    const auto indices = verified();
    const auto is_trusted = [&](std::size_t index) {
      return std::ranges::any_of(scope_.bundles, [&](const Bundle* b) { return b->index.holds(at(index)); });
    };
    const auto trusted = std::ranges::find_if(indices, is_trusted);
    if (trusted != indices.end()) return {true, *trusted, nullptr};
    for (const std::size_t index : indices)
      if (const RootSearch root = search_roots(index); root.search.issuer != nullptr)
        return {true, index, root.search.issuer, root.bundle};
    return {};
  }

  struct RootSearch {
    IssuerSearch search;
    const Bundle* bundle = nullptr;
  };

  // Who signed it, among the roots; without such a one, who is named alike.
  RootSearch search_roots(std::size_t index) {
    RootSearch search;
    for (const Bundle* bundle : scope_.bundles) {
      const IssuerSearch found = bundle->index.find(at(index), IssuerIndex::kNone, verifier_);
      if (found.issuer != nullptr) return {found, bundle};
      if (search.search.namesake == nullptr) search = {found, bundle};
    }
    return search;
  }

  // Of the same name and key any will do.
  void check_root_dates(const Anchor& anchor) {
    if (anchor.issuer == nullptr) return;
    const Certificate* latest = nullptr;
    for (const std::size_t member : anchor.issuer->members) {
      const Certificate* root = anchor.bundle->certificates[member];
      if (!is_expired(*root, policy_)) return;
      if (latest == nullptr || latest->not_after < root->not_after) latest = root;
    }
    // Alone in its bundle, it is validity.expired already.
    if (latest == nullptr || !has_valid(*anchor.bundle)) return;
    sink_.report(kExpiredRoot, subject(anchor.index),
                 {{"root", name_of(latest->subject)},
                  {"not_after", latest->not_after},
                  {"at", policy_.at},
                  {"_key", key_words(key_id_of(*latest))}});
  }

  [[nodiscard]] bool has_valid(const Bundle& bundle) const {
    return std::ranges::any_of(bundle.certificates,
                               [this](const Certificate* c) { return is_valid(*c, policy_); });
  }

  void check_order() {
    if (is_loose_file() || (walk_.path.front() == 0 && std::ranges::is_sorted(walk_.path))) return;
    std::string path;
    for (const std::size_t index : walk_.path) path += (path.empty() ? "" : ", ") + std::to_string(index);
    const bool leaf_first = walk_.path.front() == 0;
    sink_.report(
        kWrongOrder, subject(walk_.path.front()),
        {{"path", std::move(path)},
         {"_consequence",
          std::string(leaf_first
                          ? "OpenSSL, BoringSSL, Go and rustls cope, stricter peers refuse the handshake"
                          : "Envoy and Go take the first for the leaf, find that the private key is "
                            "another's, and refuse to load it")}});
  }

  void check_extras(const Anchor& anchor) {
    const Reach least = anchor.found ? Reach::verified : Reach::by_name;
    for (std::size_t i = 0; i < walk_.reach.size(); ++i) {
      if (walk_.duplicate_of[i] != i)
        sink_.report(kDuplicateCertificate, subject(i),
                     {number("certificate", i), number("first", walk_.duplicate_of[i])});
      else if (walk_.reach[i] < least && is_whole() && !is_collection())
        report_unrelated(i);
    }
    const std::size_t last = walk_.path.back();
    const bool may_be_trusted = anchor.found || !scope_.known();
    if (may_be_trusted && walk_.path.size() > 1 && walk_.reach[last] == Reach::verified &&
        walk_.is_root(chain_, last))
      sink_.report(kRootIncluded, subject(last), {{"subject", name_of(at(last).subject)}});
  }

  void report_unrelated(std::size_t index) {
    const bool by_name = walk_.reach[index] == Reach::by_name;
    sink_.report(
        kUnrelatedCertificate, subject(index),
        {number("certificate", index),
         {"subject", name_of(at(index).subject)},
         {"_namesake", std::string(by_name ? " (it has the name of their issuer, and another key)" : "")}});
  }

  // Why the chain leads to nothing that is trusted here; what is wrong inside
  // the chain comes first.
  void check_end() {
    const std::size_t last = walk_.path.back();
    if (const std::size_t* broken = walk_.broken()) {
      const IssuerSearch& search = walk_.issuers[*broken];
      if (search.gave_up) return report_budget(*broken);
      return report_bad_signature(*broken, search,
                                  "of certificate " + std::to_string(search.namesake->members.front()));
    }
    if (!scope_.known() || !is_whole() || std::ranges::any_of(scope_.bundles, &Bundle::lossy)) return;
    const IssuerSearch search = search_roots(last).search;
    if (search.gave_up) return report_budget(last);
    const ByteView wanted = authority_key_id_of(at(last));
    if (search.namesake != nullptr && !wanted.empty() &&
        std::ranges::equal(wanted, key_id_of(*search.namesake->first)))
      return report_bad_signature(last, search, "that is trusted here under this name and key id");
    const bool root = walk_.is_root(chain_, last) || search.namesake != nullptr || scope_.bundles.empty() ||
                      is_istiod_root_name(at(last).issuer);
    report_end(root ? kUntrustedRoot : kIncomplete, last, search);
  }

  void report_end(const FindingSpec& spec, std::size_t index, const IssuerSearch& search) {
    const ByteView own = walk_.is_root(chain_, index) ? key_id_of(at(index)) : ByteView{};
    const ByteView wanted = own.empty() ? authority_key_id_of(at(index)) : own;
    const std::string twin =
        search.namesake == nullptr
            ? ""
            : "; the root of that name there" + key_words(key_id_of(*search.namesake->first)) +
                  " has another key: the CA was created anew, and one of the two sides is stale";
    sink_.report(spec, subject(index),
                 {number("certificate", index),
                  {"issuer", name_of(at(index).issuer)},
                  {"authority_key_id", base::to_hex(wanted)},
                  {"_wanted_key", key_words(wanted)},
                  {"_trusted", describe(scope_, chain_)},
                  {"_twin", twin}});
  }

  void report_bad_signature(std::size_t index, const IssuerSearch& search, const std::string& whose) {
    sink_.report(kBadSignature, subject(index),
                 {number("certificate", index),
                  {"issuer", name_of(at(index).issuer)},
                  {"authority_key_id", base::to_hex(authority_key_id_of(at(index)))},
                  {"key_id", base::to_hex(key_id_of(*search.namesake->first))},
                  {"_what", std::string(search.undecided ? "its signature cannot be verified with the key"
                                                         : "its signature is not by the key")},
                  {"_whose", whose}});
  }

  void report_budget(std::size_t index) {
    sink_.report(kBudgetExhausted, subject(index),
                 {number("certificate", index),
                  number("limit", IssuerIndex::kMostKeys),
                  {"issuer", name_of(at(index).issuer)}});
  }

  void check_key_id(std::size_t index, const KeyGroup* issuer) {
    const ByteView wanted = authority_key_id_of(at(index));
    if (issuer == nullptr || wanted.empty() || issuer->with_key_id < issuer->members.size()) return;
    if (issuer->key_ids.contains(as_text(wanted))) return;
    sink_.report(kKeyIdMismatch, subject(index),
                 {number("certificate", index),
                  {"wanted", base::to_hex(wanted)},
                  {"issuer", name_of(at(index).issuer)},
                  {"found", base::to_hex(key_id_of(*issuer->first))}});
  }

  const Artifact& chain_;
  const Scope& scope_;
  const Policy& policy_;
  x509::SignatureVerifier& verifier_;
  FindingSink& sink_;
  ChainWalk walk_;
};

void check_inventory(const Inventory& inventory, const Policy& policy, FindingSink& sink) {
  const TrustedRoots roots(inventory.artifacts);
  x509::SignatureVerifier verifier;
  for (const Artifact& artifact : inventory.artifacts) {
    if (is_bundle(artifact.kind) || artifact.certificates.empty()) continue;
    const bool of_the_mesh = artifact.kind == ArtifactKind::workload_chain && is_of_the_mesh(artifact);
    ChainJudge(artifact, of_the_mesh ? roots.of(artifact) : Scope{}, policy, verifier, sink).judge();
  }
}

}  // namespace

extern const Check k_chain_check;
const Check k_chain_check{"chain", kSpecs, nullptr, nullptr, &check_inventory};

}  // namespace meshcert::checks
