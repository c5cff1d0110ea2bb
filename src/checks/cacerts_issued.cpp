#include "checks/cacerts_issued.hpp"

#include <set>

#include "path/name_constraints.hpp"
#include "x509/name_match.hpp"

namespace meshcert::checks {
namespace {

std::set<std::string> trust_domains(const std::string& space, const Inventory& inventory,
                                    const Policy& policy) {
  if (policy.identity.trust_domain) return {*policy.identity.trust_domain};
  std::set<std::string> domains;
  for (const auto& object : inventory.objects)
    if (object->mesh && object->namespace_name == space)
      domains.insert(object->mesh->trust_domain.empty() ? "cluster.local" : object->mesh->trust_domain);
  return domains;
}

}  // namespace

std::vector<IssuedName> issued_names(const SigningCa& ca, const Inventory& inventory, const Policy& policy) {
  const std::string space = ca.space.empty() ? "istio-system" : ca.space;
  std::vector<IssuedName> names;
  for (const char* service : {"istiod", "istiod-remote", "istio-pilot"})
    names.push_back({GeneralName::Type::dns, std::string(service) + '.' + space + ".svc"});
  for (const std::string& domain : trust_domains(space, inventory, policy))
    names.push_back({GeneralName::Type::uri, "spiffe://" + domain + "/ns/default/sa/default"});
  return names;
}

std::optional<Narrow> find_narrow(const path::Path& way) {
  std::uint32_t below = 0;  // CAs that are not self-issued
  for (const Certificate* certificate : way.certificates) {
    const auto& constraints = certificate->extensions.basic_constraints;
    const auto room = constraints ? constraints->path_length : std::nullopt;
    if (room && *room < below) return Narrow{certificate, below, *room};
    below += x509::is_self_issued(*certificate) ? 0 : 1;
  }
  return std::nullopt;
}

std::optional<Barred> BarredNames::look_at(const Certificate& certificate) {
  const auto& extension = certificate.extensions.name_constraints;
  if (!extension) return std::nullopt;
  const path::ConstraintSet constraints(*extension);
  for (const IssuedName& name : names_) {
    auto fault = constraints.check(GeneralName{name.type, as_bytes(name.value)}, budget_);
    if (fault && fault->kind != path::NameConstraintFault::Kind::exhausted)
      return Barred{&certificate, &name, std::move(fault->detail)};
  }
  return std::nullopt;
}

std::optional<Barred> BarredNames::find(const path::Path& way) {
  for (const Certificate* certificate : way.certificates) {
    const auto [known, added] = known_.try_emplace(certificate);
    if (added) known->second = look_at(*certificate);
    if (known->second) return known->second;
  }
  return std::nullopt;
}

}  // namespace meshcert::checks
