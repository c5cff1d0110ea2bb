#pragma once

#include "checks/check.hpp"
#include "checks/crl_reports.hpp"

/// Revocation lists beside certificates: part of the family chain.
namespace meshcert::checks {

extern const FindingSpec kDeltaCrlUnused;

/// check_revocation looks at what stands in the inputs, on a chain that is held against
/// anything or not: at every certificate of the run against every CRL of it, at the CRLs
/// against the time and the keys of those who should have signed them, and at bundles that
/// hold CRLs against Envoy's rule that every CA needs one. Silent where there is no CRL.
/// What a path fails for is told with the path (checks/chain_judge.cpp). Returns what it said.
ToldCrls check_revocation(const Inventory& inventory, const Policy& policy, FindingSink& sink);

extern const FindingSpec kStapleOfAnother, kStapleRevoked, kStapleExpired, kStapleMissing;

/// check_staples judges the OCSP responses that Secrets hold for their certificates.
void check_staples(const Inventory& inventory, const Policy& policy, FindingSink& sink);

}  // namespace meshcert::checks
