#pragma once

#include "checks/check.hpp"
#include "path/revocation.hpp"

/// Revocation lists beside certificates: part of the family chain.
namespace meshcert::checks {

extern const FindingSpec kRevoked;
extern const FindingSpec kCrlMissing;
extern const FindingSpec kCrlBadSignature;
extern const FindingSpec kCrlExpired;

/// report_revoked says that the certificate is listed by a CRL.
void report_revoked(const Subject& subject, const path::Revocation& answer, FindingSink& sink);

/// check_revocation holds every certificate of the run against every CRL of it,
/// the CRLs against the time and the keys of those who should have signed them, and
/// bundles that hold CRLs against Envoy's rule that every CA needs one. Silent where
/// there is no CRL.
void check_revocation(const Inventory& inventory, const Policy& policy, FindingSink& sink);

extern const FindingSpec kStapleOfAnother, kStapleRevoked, kStapleExpired, kStapleMissing;

/// check_staples judges the OCSP responses that Secrets hold for their certificates.
void check_staples(const Inventory& inventory, const Policy& policy, FindingSink& sink);

}  // namespace meshcert::checks
