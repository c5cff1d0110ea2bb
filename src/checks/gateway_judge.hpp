#pragma once

#include "checks/check.hpp"

/// The findings of family gateway, and what reports them.
namespace meshcert::checks {

extern const FindingSpec kSecretMissing;
extern const FindingSpec kSecretWrongNamespace;
extern const FindingSpec kReferenceNotGranted;
extern const FindingSpec kInvalidCertificateRef;
extern const FindingSpec kEmptyKeys;
extern const FindingSpec kMissingKeys;
extern const FindingSpec kKeyEncrypted;
extern const FindingSpec kKeyStylesDisagree;
extern const FindingSpec kValueNotRead;
extern const FindingSpec kCaMissing;
extern const FindingSpec kSuffixMisleads;
extern const FindingSpec kCacertSecretShadows;
extern const FindingSpec kHostNotCovered;
extern const FindingSpec kNoNames;
extern const FindingSpec kNoCertificate;
extern const FindingSpec kPassthroughIgnoresCredential;
extern const FindingSpec kModeForbidsCredential;
extern const FindingSpec kCredentialUnused;
extern const FindingSpec kUnknownMode;
extern const FindingSpec kTooManyCredentials;
extern const FindingSpec kWrongSecretPurpose;
extern const FindingSpec kSelfSignedServing;
extern const FindingSpec kChainIncomplete;
extern const FindingSpec kServerNotVerified;
extern const FindingSpec kClientCertificateUnused;
extern const FindingSpec kSelectsNoPod;
extern const FindingSpec kPodsNotGiven;
extern const FindingSpec kObjectsNotGiven;

/// judge_gateways looks at every gateway of the run, at what it names, and at what was
/// asked of Secrets alone. Findings of other families about a Secret in use are told
/// who uses it.
void judge_gateways(const Inventory& inventory, const Policy& policy, FindingSink& sink);

}  // namespace meshcert::checks
