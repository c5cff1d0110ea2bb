#include "checks/trust_domains.hpp"

#include "checks/trusted_roots.hpp"

namespace meshcert::checks {

bool shows_root(const Artifact& artifact, std::size_t index) {
  // Of a cluster, other bundles are of whoever uses them.
  if (artifact.kind == ArtifactKind::ca_bundle && artifact.object != nullptr) return false;
  if (is_bundle(artifact.kind)) return is_of_the_mesh(artifact);
  // One that another key of its name signed leads from a new root to an old one.
  return artifact.kind == ArtifactKind::workload_chain && role_of(artifact, index) == Role::root &&
         artifact.certificates[index].self_signed.value_or(true);
}

bool shows_roots(const Artifact& artifact) {
  for (std::size_t i = 0; i < artifact.certificates.size(); ++i)
    if (shows_root(artifact, i)) return true;
  return false;
}

std::string_view own_trust_domain(const Artifact& artifact) {
  if (artifact.kind == ArtifactKind::workload_chain) return trust_domain_of(artifact);
  if (!artifact.trust_domain.empty()) return artifact.trust_domain;
  return is_bundle(artifact.kind) ? spiffe_trust_domain(artifact.name) : std::string_view{};
}

bool StatedDomains::contains(std::string_view domain) const {
  return of_workloads_ != nullptr ? of_workloads_->contains(domain) : !own_.empty() && own_ == domain;
}

std::string StatedDomains::to_text(std::string_view prefix) const {
  return list_of(of_workloads_ != nullptr ? *of_workloads_ : Names{own_}, " or ", prefix);
}

TrustDomains::TrustDomains(const Inventory& inventory) {
  for (const Artifact& artifact : inventory.artifacts)
    if (const std::string_view domain = trust_domain_of(artifact);
        artifact.kind == ArtifactKind::workload_chain && !domain.empty())
      by_file_[artifact.source.file].insert(domain);
}

StatedDomains TrustDomains::of(const Artifact& artifact) const {
  if (const std::string_view own = own_trust_domain(artifact); !own.empty()) return StatedDomains(own);
  const auto workloads = by_file_.find(artifact.source.file);
  return StatedDomains(workloads == by_file_.end() ? nullptr : &workloads->second);
}

std::string list_of(const StatedDomains::Names& names, std::string_view separator, std::string_view prefix) {
  constexpr std::size_t kMost = 3;
  std::string text;
  std::size_t count = 0;
  for (const std::string_view name : names) {
    if (count++ == kMost) return text + ", ...";
    text += (text.empty() ? "" : std::string(separator)) + std::string(prefix) + std::string(name);
  }
  return text;
}

}  // namespace meshcert::checks
