#include "checks/managed.hpp"

#include <algorithm>
#include <map>
#include <string_view>
#include <utility>

#include "checks/cluster.hpp"

namespace meshcert::checks {

bool has_certificates(const Inventory& inventory) {
  return std::ranges::any_of(inventory.objects, [](const auto& object) {
    return object->template as<ManagedCertificate>() != nullptr;
  });
}

namespace {

// The Certificate that the Secret itself names, if that is to keep it.
const KubernetesObject* keeper_of(const KubernetesObject* secret, const Cluster& cluster) {
  if (secret == nullptr) return nullptr;
  const auto name = secret->annotation("cert-manager.io/certificate-name");
  const KubernetesObject* keeper = cluster.find("Certificate", space_of(*secret), name);
  const auto* managed = keeper == nullptr ? nullptr : keeper->as<ManagedCertificate>();
  return managed != nullptr && managed->secret_name == secret->name ? keeper : nullptr;
}

}  // namespace

std::vector<Managed> find_managed(const Inventory& inventory) {
  std::vector<Managed> all;
  if (!has_certificates(inventory)) return all;
  const Cluster cluster(inventory);
  for (const auto& object : inventory.objects) {
    const auto* managed = object->as<ManagedCertificate>();
    if (managed == nullptr) continue;
    const KubernetesObject* secret = cluster.find("Secret", space_of(*object), managed->secret_name);
    const KubernetesObject* keeper = keeper_of(secret, cluster);
    if (keeper != nullptr && keeper->name != object->name) continue;
    const Artifact* chain = cluster.part(secret, "tls.crt");
    if (chain == nullptr || chain->certificates.empty()) continue;
    const std::size_t leaf = chain->leaf;
    all.push_back({object.get(), managed, Subject::of(*chain, leaf)});
  }
  return all;
}

std::vector<Rivals> find_rivals(const Inventory& inventory) {
  std::map<std::pair<std::string_view, std::string_view>, std::map<std::string_view, const KubernetesObject*>>
      all;
  for (const auto& object : inventory.objects)
    if (const auto* managed = object->as<ManagedCertificate>();
        managed != nullptr && object->live && managed->has_status() && !managed->secret_name.empty())
      all[{space_of(*object), managed->secret_name}].emplace(object->name, object.get());
  std::erase_if(all, [](const auto& entry) { return entry.second.size() < 2; });
  if (all.empty()) return {};
  const Cluster cluster(inventory);
  std::vector<Rivals> found;
  for (const auto& [secret, by_name] : all) {
    Rivals& rivals = found.emplace_back();
    rivals.secret = std::string(secret.first).append("/").append(secret.second);
    rivals.keeper = keeper_of(cluster.find("Secret", secret.first, secret.second), cluster);
    for (const auto& [name, object] : by_name) rivals.certificates.push_back(object);
  }
  return found;
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
