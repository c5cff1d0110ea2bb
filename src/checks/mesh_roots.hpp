#pragma once

#include "checks/check.hpp"

namespace meshcert::checks {

extern const FindingSpec kBundleDiffers;
extern const FindingSpec kEmptyBundle;
extern const FindingSpec kBundleMissing;

/// check_mesh_roots holds the roots that istiod writes for workloads against each other
/// (istio-ca-root-cert of every namespace, its ClusterTrustBundle), as sets of
/// certificates, and against the roots of the CA that istiod is given; and it looks for
/// namespaces whose pods need them and do not have them.
void check_mesh_roots(const Inventory& inventory, FindingSink& sink);

}  // namespace meshcert::checks
