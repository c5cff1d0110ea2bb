#pragma once

#include <string_view>
#include <unordered_set>

#include "checks/check.hpp"
#include "path/revocation.hpp"

/// Revocation lists beside certificates: part of the family chain.
namespace meshcert::checks {

extern const FindingSpec kRevoked;
extern const FindingSpec kCrlMissing;
extern const FindingSpec kCrlBadSignature;
extern const FindingSpec kCrlExpired;
extern const FindingSpec kDeltaCrlUnused;

/// report_revoked says that a certificate is listed by a CRL: where it stands, or where
/// that which leads to it does.
void report_revoked(const Subject& at, const Certificate& revoked, const path::Revocation& answer,
                    FindingSink& sink);
/// report_unsigned_crl says that the CRL about a certificate of a path is signed by nobody
/// who may.
void report_unsigned_crl(const Subject& at, const Certificate& certificate, const path::Revocation& answer,
                         FindingSink& sink);

/// CrlOctets is CRLs by their octets.
using CrlOctets = std::unordered_set<std::string_view>;

/// check_revocation looks at what stands in the inputs, on a chain that is held against
/// anything or not: at every certificate of the run against every CRL of it, at the CRLs
/// against the time and the keys of those who should have signed them, and at bundles that
/// hold CRLs against Envoy's rule that every CA needs one. Silent where there is no CRL.
/// What a path fails for is told with the path (checks/chain_judge.cpp). Returns the CRLs
/// that it said to be signed by none who may.
CrlOctets check_revocation(const Inventory& inventory, const Policy& policy, FindingSink& sink);

extern const FindingSpec kStapleOfAnother, kStapleRevoked, kStapleExpired, kStapleMissing;

/// check_staples judges the OCSP responses that Secrets hold for their certificates.
void check_staples(const Inventory& inventory, const Policy& policy, FindingSink& sink);

}  // namespace meshcert::checks
