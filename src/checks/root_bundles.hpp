#pragma once

#include "checks/check.hpp"

/// Family root, of the bundles of one trust domain side by side.
namespace meshcert::checks {

extern const FindingSpec kMissingFromBundle;
extern const FindingSpec kAcceptsUntrusted;
extern const FindingSpec kAcceptsExpired;

/// check_missing_roots reports, for each bundle of a trust domain, the roots that
/// workloads of the same domain elsewhere in the run chain to, and which it lacks. By
/// names, keys and key identifiers alone: no signature is looked at.
void check_missing_roots(const Inventory& inventory, FindingSink& sink);

/// check_leniency reports what has Envoy let in peers that do not verify with the bundle.
void check_leniency(const Artifact& bundle, FindingSink& sink);

}  // namespace meshcert::checks
