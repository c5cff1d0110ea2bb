#pragma once

#include "checks/check.hpp"
#include "checks/revocation.hpp"

/// The findings of family chain, and what reports them.
namespace meshcert::checks {

extern const FindingSpec kIncomplete;
extern const FindingSpec kUntrustedRoot;
extern const FindingSpec kExpiredRoot;
extern const FindingSpec kBadSignature;
extern const FindingSpec kWrongOrder;
extern const FindingSpec kRootIncluded;
extern const FindingSpec kDuplicateCertificate;
extern const FindingSpec kUnrelatedCertificate;
extern const FindingSpec kNamesDifferInEncoding;
extern const FindingSpec kKeyIdMismatch;
extern const FindingSpec kWeakSignature;
extern const FindingSpec kUnsupportedAlgorithm;
extern const FindingSpec kEnginesDisagree;
extern const FindingSpec kBudgetExhausted;
extern const FindingSpec kIssuerNotCa;
extern const FindingSpec kPathLengthExceeded;
extern const FindingSpec kNameConstraintViolated;
extern const FindingSpec kNameConstraintUnapplied;
extern const FindingSpec kNameMismatch;
extern const FindingSpec kWrongPurpose;
extern const FindingSpec kLeafIsCa;
extern const FindingSpec kLeafIsAnchor;
extern const FindingSpec kNoBacktracking;
extern const FindingSpec kNoIssuerForEnvoy;
extern const FindingSpec kPolicyViolated;
extern const FindingSpec kUnknownCriticalExtension;
extern const FindingSpec kSelfIssuedLeaf;
extern const FindingSpec kDoesNotVerify;
extern const FindingSpec kNotVerified;

/// judge_chains follows every chain of the run, verifies it against what it is held
/// against (--trust, else the roots beside it), and reports what is wrong; of CRLs that
/// nobody signed who may, those that were not told before, and of CRLs of another time whom they refuse.
void judge_chains(const Inventory& inventory, const Policy& policy, ToldCrls& told, FindingSink& sink);

}  // namespace meshcert::checks
