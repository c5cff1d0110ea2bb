#pragma once

#include "checks/check.hpp"

/// Family root, of roots that have one key.
namespace meshcert::checks {

extern const FindingSpec kSharedBetweenTrustDomains;
extern const FindingSpec kRotatedSameKey;

/// check_shared_keys reports a key that is trusted for two trust domains.
void check_shared_keys(const Inventory& inventory, FindingSink& sink);
/// check_rotated_keys reports a root that stands in a bundle beside its renewed self.
void check_rotated_keys(const Artifact& artifact, const Policy& policy, FindingSink& sink);

}  // namespace meshcert::checks
