#pragma once

#include <set>
#include <string>

#include "checks/check.hpp"

namespace meshcert::checks {

extern const FindingSpec kBundleDiffers;
extern const FindingSpec kEmptyBundle;
extern const FindingSpec kBundleMissing;

/// spaces_of_istiods lists the namespaces where something other than a CA says that an istiod runs: a mesh
/// configuration, or webhooks that call one.
[[nodiscard]] std::set<std::string> spaces_of_istiods(const Inventory& inventory);

/// check_mesh_roots holds the roots that istiod writes for workloads against each other
/// (istio-ca-root-cert of every namespace, its ClusterTrustBundle), as sets of
/// certificates, and against the roots of the CA that istiod is given; and it looks for
/// namespaces whose pods need them and do not have them.
void check_mesh_roots(const Inventory& inventory, FindingSink& sink);

}  // namespace meshcert::checks
