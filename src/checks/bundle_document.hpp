#pragma once

#include "checks/check.hpp"
#include "meshcert/spiffe_bundle.hpp"

/// The findings of family bundle about a document with keys in JSON.
namespace meshcert::checks {

extern const FindingSpec kEmptyBundle;
extern const FindingSpec kNoX509Authority;
extern const FindingSpec kNoKeys;
extern const FindingSpec kBadMetadata;
extern const FindingSpec kBundleMetadata;
extern const FindingSpec kBadJwk;
extern const FindingSpec kNoBundleUse;
extern const FindingSpec kWrongUse;
extern const FindingSpec kUnknownType;
extern const FindingSpec kUnexpectedKid;
extern const FindingSpec kExtraX5c;
extern const FindingSpec kKeyDisagrees;
extern const FindingSpec kIncompleteJwk;
extern const FindingSpec kDuplicateKid;
extern const FindingSpec kNoKid;
extern const FindingSpec kRefusedByEnvoy;

/// check_bundle_document reports the faults that were met in a SPIFFE bundle or a JWKS, and one
/// that is empty to its consumers.
void check_bundle_document(const Artifact& artifact, const SpiffeBundle& bundle, FindingSink& sink);

}  // namespace meshcert::checks
