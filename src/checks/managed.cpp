#include "checks/managed.hpp"

#include <algorithm>

#include "checks/cluster.hpp"

namespace meshcert::checks {

bool has_certificates(const Inventory& inventory) {
  return std::ranges::any_of(inventory.objects, [](const auto& object) {
    return object->template as<ManagedCertificate>() != nullptr;
  });
}

std::vector<Managed> find_managed(const Inventory& inventory) {
  std::vector<Managed> all;
  if (!has_certificates(inventory)) return all;
  const Cluster cluster(inventory);
  for (const auto& object : inventory.objects) {
    const auto* managed = object->as<ManagedCertificate>();
    if (managed == nullptr) continue;
    const KubernetesObject* secret = cluster.find("Secret", space_of(*object), managed->secret_name);
    const Artifact* chain = cluster.part(secret, "tls.crt");
    if (chain == nullptr || chain->certificates.empty()) continue;
    const std::size_t leaf = chain->leaf;
    all.push_back({object.get(), managed, Subject::of(*chain, leaf)});
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
