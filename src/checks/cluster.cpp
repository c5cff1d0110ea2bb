#include "checks/cluster.hpp"

#include <algorithm>
#include <set>

#include "base/words.hpp"
#include "checks/trusted_roots.hpp"
#include "checks/validity.hpp"
#include "x509/titles.hpp"

namespace meshcert::checks {

std::string_view space_of(const KubernetesObject& object) {
  return object.namespace_name.empty() ? "default" : std::string_view(object.namespace_name);
}

Cluster::Cluster(const Inventory& inventory) {
  for (const auto& object : inventory.objects) {
    const Key key{object->kind, object->name, std::string(space_of(*object))};
    const KubernetesObject*& entry = objects_.try_emplace(key, object.get()).first->second;
    if (object->live || !entry->live) entry = object.get();
    kinds_.try_emplace(object->kind, true);
    if (const auto keeper = object->annotation("cert-manager.io/certificate-name");
        !keeper.empty() && object->kind == "Secret")
      kept_.try_emplace({std::string(space_of(*object)), std::string(keeper)}, object.get());
  }
  for (const Artifact& artifact : inventory.artifacts)
    if (artifact.object != nullptr) parts_[artifact.object.get()].push_back(&artifact);
}

const KubernetesObject* Cluster::find(std::string_view kind, std::string_view space,
                                      std::string_view name) const {
  const auto found = objects_.find(Key{kind, name, space.empty() ? "default" : space});
  return found == objects_.end() ? nullptr : found->second;
}

const KubernetesObject* Cluster::kept_secret(std::string_view space, std::string_view certificate) const {
  const auto found = kept_.find({std::string(space), std::string(certificate)});
  return found == kept_.end() ? nullptr : found->second;
}

const std::vector<const Artifact*>& Cluster::parts(const KubernetesObject& object) const {
  static const std::vector<const Artifact*> kNone;
  const auto found = parts_.find(&object);
  return found == parts_.end() ? kNone : found->second;
}

const Artifact* Cluster::part(const KubernetesObject* object, std::string_view name) const {
  if (object == nullptr) return nullptr;
  const auto& all = parts(*object);
  const auto found =
      std::ranges::find_if(all, [name](const Artifact* artifact) { return artifact->name == name; });
  return found == all.end() ? nullptr : *found;
}

std::vector<std::string> Cluster::spaces(std::string_view kind, std::string_view name,
                                         std::size_t most) const {
  std::vector<std::string> all;
  for (auto entry = objects_.lower_bound(Key{kind, name, ""}); entry != objects_.end(); ++entry) {
    const auto& [its_kind, its_name, space] = entry->first;
    if (its_kind != kind || its_name != name || all.size() == most) break;
    all.push_back(space);
  }
  return all;
}

bool same_set(const Artifact& a, const Artifact& b) {
  const auto ders = [](const Artifact& artifact) {
    std::set<std::string_view> all;
    for (const Certificate& certificate : artifact.certificates) all.insert(as_text(certificate.der));
    return all;
  };
  return ders(a) == ders(b);
}

std::string contents_of(const Artifact& bundle, const Policy& policy) {
  return base::some_of(bundle.certificates, "", 3, [&](const Certificate& certificate) {
    return title_of(certificate) + key_words(key_id_of(certificate)) +
           (is_expired(certificate, policy) ? " expired at " : " until ") + to_rfc3339(certificate.not_after);
  });
}

}  // namespace meshcert::checks
