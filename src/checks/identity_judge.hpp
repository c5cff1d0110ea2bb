#pragma once

#include "checks/check.hpp"

/// The findings of family identity, and what reports them.
namespace meshcert::checks {

extern const FindingSpec kIdentityTrustDomainMismatch;
extern const FindingSpec kIdentityNamespaceMismatch;
extern const FindingSpec kIdentityServiceAccountMismatch;
extern const FindingSpec kIdentityIdMismatch;
extern const FindingSpec kIdentityAliasUsed;
extern const FindingSpec kIdentityNotCompared;
extern const FindingSpec kIdentityUnexpectedWorkload;
extern const FindingSpec kIdentityInvalidTrustDomain;
extern const FindingSpec kIdentityNoWorkload;

/// states_identity: a token, or of a header the nearest hop, which is who called; what stands to the left,
/// others wrote.
[[nodiscard]] bool states_identity(const Artifact& artifact);

/// check_identity holds the leaf of a workload's chain against who was expected.
void check_identity(const Subject& subject, const Policy& policy, FindingSink& sink);

/// check_stated_identity does so for what carries an identity and no certificate: a token, a hop of a
/// header, a leaf that is only listed.
void check_stated_identity(const Artifact& artifact, const Policy& policy, FindingSink& sink);

/// check_expected_workloads reports expectations that nothing in the input answers.
void check_expected_workloads(const Inventory& inventory, const Policy& policy, FindingSink& sink);

}  // namespace meshcert::checks
