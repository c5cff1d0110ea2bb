#include "checks/root_keys.hpp"

#include <map>
#include <utility>

#include "checks/trust_domains.hpp"

namespace meshcert::checks {

// The same key in the bundles of two trust domains of one dump; said once for a key.
void check_shared_keys(const Inventory& inventory, FindingSink& sink) {
  struct First {
    std::string_view trust_domain;
    bool told = false;
  };
  std::map<std::pair<std::string_view, std::string_view>, First> seen;  // by file and key
  for (const Artifact& artifact : inventory.artifacts) {
    const std::string_view domain = own_trust_domain(artifact);
    if (!is_bundle(artifact.kind) || domain.empty()) continue;
    for (std::size_t i = 0; i < artifact.certificates.size(); ++i) {
      const Certificate& root = artifact.certificates[i];
      const auto [entry, added] =
          seen.try_emplace({artifact.source.file, as_text(root.key.spki)}, First{domain});
      First& first = entry->second;
      if (added || first.told || first.trust_domain == domain) continue;
      first.told = true;
      sink.report(kSharedBetweenTrustDomains, Subject{artifact, root, i, role_of(artifact, i)},
                  {{"subject", to_rfc4514(root.subject)},
                   {"trust_domain", std::string(domain)},
                   {"other", std::string(first.trust_domain)}});
    }
  }
}

// Istio renews its own root with the same key; said once for a key, of those in one bundle.
void check_rotated_keys(const Artifact& artifact, const Policy&, FindingSink& sink) {
  if (!is_bundle(artifact.kind)) return;
  std::map<std::pair<std::string_view, std::string_view>, const Certificate*> seen;  // by name and key
  for (std::size_t i = 0; i < artifact.certificates.size(); ++i) {
    const Certificate& root = artifact.certificates[i];
    if (!root.is_self_issued()) continue;
    const auto [entry, added] = seen.try_emplace({as_text(root.subject.rdns), as_text(root.key.spki)}, &root);
    if (added || entry->second == nullptr || as_text(entry->second->der) == as_text(root.der)) continue;
    sink.report(kRotatedSameKey, Subject{artifact, root, i, role_of(artifact, i)},
                {{"subject", to_rfc4514(root.subject)},
                 {"not_after", entry->second->not_after},
                 {"other_not_after", root.not_after}});
    entry->second = nullptr;
  }
}

}  // namespace meshcert::checks
