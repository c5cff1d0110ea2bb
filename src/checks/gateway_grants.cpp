#include "checks/gateway_grants.hpp"

#include <fmt/format.h>
#include <ranges>

#include "checks/cluster.hpp"
#include "checks/gateway_judge.hpp"
#include "checks/gateway_references.hpp"

namespace meshcert::checks {
namespace {

// The API allows no more on either side of a ReferenceGrant.
constexpr std::size_t kMostGranted = 16;

std::string group_of(const KubernetesObject& object) {
  return object.kind == "XListenerSet" ? "gateway.networking.x-k8s.io" : "gateway.networking.k8s.io";
}

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

bool References::may_refer(const Use& use, const ObjectRef& ref) {
  const std::string from(space_of(*use.object));
  const std::string to = ref.namespace_name.empty() ? from : ref.namespace_name;
  if (from == to) return true;
  const std::string group = group_of(*use.object);
  if (grants_.allow(*use.object, group, ref.kind, to, ref.name)) return true;
  const bool is_ca = use.part.starts_with("spec.tls.frontend");
  report(kReferenceNotGranted, use,
         {{"wanted", target_of(use, ref).title()},
          {"space", from},
          {"required", to},
          {"_group", group},
          {"_kind", use.object->kind},
          {"_to", ref.kind},
          {"istiod", fmt::format("{} {}/{} not accessible to a Gateway in namespace \"{}\" (missing a "
                                 "ReferenceGrant?)",
                                 is_ca        ? "caCertificateRef"
                                 : use.serves ? "certificateRef"
                                              : "clientCertificateRef",
                                 is_ca ? to : ref.name, is_ca ? ref.name : to, from)}});
  return false;
}

}  // namespace meshcert::checks
