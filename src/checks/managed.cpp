#include "checks/managed.hpp"

#include <algorithm>

#include "checks/cluster.hpp"

namespace meshcert::checks {

std::vector<Managed> find_managed(const Inventory& inventory) {
  std::vector<Managed> all;
  const auto is_managed = [](const auto& object) {
    return object->template as<ManagedCertificate>() != nullptr;
  };
  if (std::ranges::none_of(inventory.objects, is_managed)) return all;
  const Cluster cluster(inventory);
  for (const auto& object : inventory.objects) {
    const auto* managed = object->as<ManagedCertificate>();
    if (managed == nullptr) continue;
    const KubernetesObject* secret = cluster.find("Secret", space_of(*object), managed->secret_name);
    const Artifact* chain = cluster.part(secret, "tls.crt");
    if (chain == nullptr || chain->certificates.empty()) continue;
    const std::size_t leaf = chain->leaf;
    all.push_back(
        {object.get(), managed, Subject{*chain, chain->certificates[leaf], leaf, role_of(*chain, leaf)}});
  }
  return all;
}

Keepers::Keepers(const Inventory& inventory) {
  for (const Managed& managed : find_managed(inventory))
    of_.emplace(&managed.leaf.certificate, managed.object);
}

void Keepers::note(Subject& subject) const {
  const auto found = of_.find(&subject.certificate);
  if (found != of_.end()) subject.keeper = found->second;
}

}  // namespace meshcert::checks
