#pragma once

#include "checks/check.hpp"
#include "checks/cluster.hpp"

namespace meshcert::checks {

/// check_namespaces_for_roots looks for namespaces whose pods need istio-ca-root-cert and do not have it, or
/// have it without a root. `any_roots`: another namespace has one with roots.
void check_namespaces_for_roots(const Inventory& inventory, const Cluster& cluster, bool any_roots,
                                FindingSink& sink);

}  // namespace meshcert::checks
