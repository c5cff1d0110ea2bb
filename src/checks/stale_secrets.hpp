#pragma once

#include "checks/check.hpp"

namespace meshcert::checks {

extern const FindingSpec kStale;

/// check_stale_secrets compares what a proxy holds with the Secret or ConfigMap that it
/// was made of, where a dump and objects of the cluster are given together.
void check_stale_secrets(const Inventory& inventory, const Policy& policy, FindingSink& sink);

}  // namespace meshcert::checks
