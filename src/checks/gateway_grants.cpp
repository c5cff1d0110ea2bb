#include "checks/gateway_grants.hpp"

#include <ranges>

#include "checks/cluster.hpp"

namespace meshcert::checks {
namespace {

// The API allows no more on either side of a ReferenceGrant.
constexpr std::size_t kMostGranted = 16;

}  // namespace

Grants::Grants(const Inventory& inventory) {
  for (const auto& object : inventory.objects)
    if (const auto* grant = object->as<ReferenceGrant>()) add(*object, *grant);
}

void Grants::add(const KubernetesObject& object, const ReferenceGrant& grant) {
  for (const ObjectRef& from : grant.from | std::views::take(kMostGranted))
    for (const ObjectRef& to : grant.to | std::views::take(kMostGranted)) {
      Granted& granted = granted_[{from.group, from.kind, from.namespace_name, to.group, to.kind,
                                   std::string(space_of(object))}];
      if (to.name.empty())
        granted.all = true;
      else
        granted.names.insert(to.name);
    }
}

bool Grants::allow(const KubernetesObject& from, const std::string& group, const std::string& kind,
                   const std::string& space, std::string_view name) const {
  const auto granted = granted_.find({group, from.kind, std::string(space_of(from)), "", kind, space});
  return granted != granted_.end() && (granted->second.all || granted->second.names.contains(name));
}

}  // namespace meshcert::checks
