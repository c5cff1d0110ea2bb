#include "checks/root_bundles.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <utility>
#include <vector>

#include "base/words.hpp"
#include "checks/lineage.hpp"
#include "checks/trusted_roots.hpp"
#include "path/validate.hpp"
#include "x509/crypto.hpp"

namespace meshcert::checks {
namespace {

/// More roots than a trust domain has in any rotation (docs/limits.md).
constexpr std::size_t kMostRoots = 16;
constexpr std::size_t kMostNamed = 3;
constexpr std::size_t kLongestPath = 100;

/// Identity of a CA: what one certificate of it is trusted for, so are the others.
using Authority = std::pair<std::string_view, std::string_view>;  // name and key

Authority authority_of(const Certificate& certificate) {
  return {as_text(certificate.subject.rdns), as_text(certificate.key.spki)};
}

/// Home is what one workload trusts: its bundles, which count together.
struct Home {
  const Artifact* bundle = nullptr;  ///< to report at
  NameIndex names;
  std::set<Authority> authorities;
  bool lossy = false;  ///< what it lacks is unknown
};

/// Use is a root that workloads chain to, and the CAs below it that they send: a
/// bundle that holds one of them will do.
struct Use {
  const Certificate* root = nullptr;
  std::set<Authority> path;
  std::set<const Home*> homes;  ///< in which it was found
  std::set<Authority> beside;   ///< what is trusted in them
  std::vector<std::string> workloads;
  std::size_t count = 0;
};

struct Domain {
  std::set<const Home*> homes;
  std::map<Authority, Use> uses;
};

std::string workload_of(const Artifact& chain) {
  return chain.workload.empty() ? chain.source.file : chain.workload;
}

class Rotation {
 public:
  explicit Rotation(const Inventory& inventory) : roots_(inventory.artifacts) {
    for (const Artifact& artifact : inventory.artifacts)
      if (artifact.kind == ArtifactKind::workload_chain && !artifact.certificates.empty()) add(artifact);
  }

  void report(FindingSink& sink) const {
    for (const auto& [name, domain] : domains_)
      for (const Home* home : domain.homes)
        for (const auto& [authority, use] : domain.uses)
          if (!home->lossy && !holds(*home, use)) report(name, *home, use, sink);
  }

 private:
  void add(const Artifact& chain) {
    const std::string_view name = trust_domain_of(chain);
    const Scope scope = roots_.of(chain);
    if (name.empty() || scope.bundles.empty()) return;
    Domain& domain = domains_[name];
    const auto [entry, added] = homes_.try_emplace(scope.bundles);
    Home& home = entry->second;
    if (added) fill(home, scope);
    domain.homes.insert(&home);
    note_root(chain, home, domain);
  }

  static void fill(Home& home, const Scope& scope) {
    home.bundle = scope.bundles.back()->first;
    for (const Bundle* bundle : scope.bundles) {
      home.lossy = home.lossy || bundle->lossy;
      for (const Certificate* certificate : bundle->certificates) {
        home.names.add(*certificate);
        home.authorities.insert(authority_of(*certificate));
      }
    }
  }

  // Of several that names and key identifiers leave, the one whose key made the signature.
  const Certificate* issuer_among(const NameIndex& names, const Certificate& certificate) {
    std::vector<const Certificate*> agreeing;
    for (const Certificate* candidate : names.named(certificate.issuer))
      if (path::key_ids_agree(certificate, *candidate)) agreeing.push_back(candidate);
    if (agreeing.size() > 1 && agreeing.size() <= kMostRoots)
      for (const Certificate* candidate : agreeing)
        if (signatures_.verify(certificate, candidate->key).value_or(false)) return candidate;
    return agreeing.empty() ? nullptr : agreeing.front();
  }

  // From the leaf upwards to what is trusted.
  void note_root(const Artifact& chain, const Home& home, Domain& domain) {
    NameIndex sent;
    for (const Certificate& certificate : chain.certificates) sent.add(certificate);
    std::set<Authority> path;
    const Certificate* at = &chain.certificates[chain.leaf];
    for (std::size_t steps = 0; steps < kLongestPath; ++steps) {
      if (const Certificate* root = issuer_among(home.names, *at)) {
        path.insert(authority_of(*root));
        return note_use(chain, home, *root, path, domain);
      }
      at = issuer_among(sent, *at);
      if (at == nullptr || !path.insert(authority_of(*at)).second) return;
    }
  }

  static void note_use(const Artifact& chain, const Home& home, const Certificate& root,
                       const std::set<Authority>& path, Domain& domain) {
    if (domain.uses.size() == kMostRoots && !domain.uses.contains(authority_of(root))) return;
    Use& use = domain.uses[authority_of(root)];
    if (use.root == nullptr) {
      use.root = &root;
      use.path = path;
    }
    if (use.homes.insert(&home).second) use.beside.insert(home.authorities.begin(), home.authorities.end());
    if (use.count++ < kMostNamed) use.workloads.push_back(workload_of(chain));
  }

  static bool holds(const Home& home, const Use& use) {
    return std::ranges::any_of(
        use.path, [&](const Authority& authority) { return home.authorities.contains(authority); });
  }

  /// Whether the two sides trust anything in common: then they are of one mesh for sure.
  static bool is_of_one_mesh(const Home& home, const Use& use) {
    return std::ranges::any_of(home.authorities,
                               [&](const Authority& authority) { return use.beside.contains(authority); });
  }

  static void report(std::string_view domain, const Home& home, const Use& use, FindingSink& sink) {
    std::vector<const Certificate*> held;
    for (const Certificate& certificate : home.bundle->certificates) held.push_back(&certificate);
    std::string workloads = base::join(use.workloads);
    if (use.count > use.workloads.size())
      workloads += " and " + std::to_string(use.count - use.workloads.size()) + " more";
    const bool one_mesh = is_of_one_mesh(home, use);
    std::vector<Fact> facts{
        {"root", title_of(*use.root)},
        {"_key", key_words(key_id_of(*use.root))},
        {"trust_domain", domain},
        {"workloads", std::move(workloads)},
        {"_holds", describe_bundle(home.bundle->name, held)},
        {"_doubt", one_mesh ? ""
                            : " (they trust no root in common: either the CA was created anew, or "
                              "these are two meshes that share the name of their trust domain)"}};
    one_mesh ? sink.report(kMissingFromBundle, *home.bundle, std::move(facts))
             : sink.report_milder(kMissingFromBundle, *home.bundle, std::move(facts));
  }

  TrustedRoots roots_;
  x509::SignatureVerifier signatures_;
  std::map<std::vector<const Bundle*>, Home> homes_;
  std::map<std::string_view, Domain> domains_;
};

}  // namespace

void check_missing_roots(const Inventory& inventory, FindingSink& sink) {
  if (sink.wants(kMissingFromBundle.code)) Rotation(inventory).report(sink);
}

void check_leniency(const Artifact& bundle, FindingSink& sink) {
  if (bundle.leniency == nullptr) return;
  const auto report = [&](const FindingSpec& spec, const std::optional<SourceRef>& where) {
    if (where) sink.report(spec, *where, bundle.shown_name(), {{"bundle", bundle.shown_name()}});
  };
  report(kAcceptsUntrusted, bundle.leniency->untrusted);
  report(kAcceptsExpired, bundle.leniency->expired);
}

}  // namespace meshcert::checks
