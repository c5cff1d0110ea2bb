#include "checks/webhook_pairs.hpp"

#include "base/ascii.hpp"
#include "checks/cluster.hpp"
#include "checks/webhook_call.hpp"
#include "path/peer_name.hpp"

namespace meshcert::checks {
namespace {

std::string key_of(std::string_view space, std::string_view name) {
  return std::string(space) + ' ' + base::lowered(name);
}

bool is_pair(const Artifact& artifact) {
  const bool pair =
      artifact.kind == ArtifactKind::tls_secret || artifact.kind == ArtifactKind::workload_chain;
  return pair && artifact.object != nullptr && !artifact.certificates.empty();
}

template <typename Use>
void for_each_dns_name(const Certificate& certificate, Use use) {
  if (const auto& names = certificate.extensions.subject_alt_name)
    for (const GeneralName& name : names->names)
      if (name.type == GeneralName::Type::dns) use(as_text(name.value));
}

}  // namespace

ServedPairs::ServedPairs(const Inventory& inventory) : inventory_(inventory) {
  const auto note = [this](const WebhookCall& call) {
    if (!call.in_cluster()) return;
    names_.insert(base::lowered(call.dns_name()));
    spaces_.insert(call.entry->service_namespace);
  };
  for (const auto& object : inventory.objects)
    if (const auto* carrier = object->as<CaBundleCarrier>())
      for (const WebhookEntry& entry : carrier->entries) note({object.get(), &entry});
  for (const auto& object : inventory.objects)
    if (const auto* certificate = object->as<ManagedCertificate>()) add(*object, *certificate);
  for (std::size_t i = 0; i < inventory.artifacts.size(); ++i)
    if (is_pair(inventory.artifacts[i])) add(inventory.artifacts[i], i);
}

void ServedPairs::add(const KubernetesObject& object, const ManagedCertificate& certificate) {
  if (!spaces_.contains(space_of(object)) || certificate.secret_name.empty()) return;
  for (const std::string& name : certificate.dns_names)
    kept_.try_emplace(key_of(space_of(object), name), certificate.secret_name);
}

std::string ServedPairs::kept_for(std::string_view space, const std::string& dns_name) const {
  const std::size_t dot = dns_name.find('.');
  for (const std::string& name : {dns_name, dot == std::string::npos ? dns_name : '*' + dns_name.substr(dot)})
    if (const auto found = kept_.find(key_of(space, name)); found != kept_.end()) return found->second;
  return "";
}

void ServedPairs::add(const Artifact& pair, std::size_t index) {
  const std::string_view space = space_of(*pair.object);
  if (!spaces_.contains(space)) return;
  for_each_dns_name(pair.certificates[pair.leaf], [&](std::string_view name) {
    auto& pairs = pairs_[key_of(space, name)];
    if (pairs.size() < kMost && (pairs.empty() || pairs.back() != index)) pairs.push_back(index);
  });
}

std::vector<const Artifact*> ServedPairs::find(std::string_view space, const std::string& dns_name) const {
  std::set<std::size_t> indices;
  const auto add_of = [&](std::string_view name) {
    if (const auto found = pairs_.find(key_of(space, name)); found != pairs_.end())
      indices.insert(found->second.begin(), found->second.end());
  };
  add_of(dns_name);
  if (const std::size_t dot = dns_name.find('.'); dot != std::string::npos)
    add_of('*' + dns_name.substr(dot));
  std::vector<const Artifact*> pairs;
  for (const std::size_t index : indices) {
    const Artifact& pair = inventory_.artifacts[index];
    if (path::has_name(pair.certificates[pair.leaf], {path::PeerName::Kind::dns, dns_name}))
      pairs.push_back(&pair);
  }
  return pairs;
}

bool ServedPairs::is_called(const Certificate& certificate) const {
  bool any = false;
  for_each_dns_name(certificate,
                    [&](std::string_view name) { any = any || names_.contains(base::lowered(name)); });
  return any;
}

}  // namespace meshcert::checks
