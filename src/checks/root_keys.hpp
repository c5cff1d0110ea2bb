#pragma once

#include "checks/check.hpp"

/// Family root, of roots that have one key, or one name.
namespace meshcert::checks {

extern const FindingSpec kSharedBetweenTrustDomains;
extern const FindingSpec kRotatedSameKey;
extern const FindingSpec kTwinSubject;

/// check_shared_keys reports a key that is trusted for two trust domains.
void check_shared_keys(const Inventory& inventory, FindingSink& sink);
/// check_rotated_keys reports a root that stands in a bundle beside its renewed self.
void check_rotated_keys(const Artifact& artifact, const Policy& policy, FindingSink& sink);

/// check_twins reports roots of one name and different keys in one bundle.
void check_twins(const Inventory& inventory, FindingSink& sink);

}  // namespace meshcert::checks
