#pragma once

#include "checks/check.hpp"

/// Family input, of what was met on the way to the certificates.
namespace meshcert::checks {

extern const FindingSpec kBrokenPemBlock;
extern const FindingSpec kJoinedPemBlocks;
extern const FindingSpec kNotBase64;
extern const FindingSpec kMalformed;
extern const FindingSpec kDoubleBase64;
extern const FindingSpec kUnsupportedBlock;
extern const FindingSpec kEmptyInput;
extern const FindingSpec kNoCertificates;
extern const FindingSpec kTrailingData;
extern const FindingSpec kPrivateKeyInDump;
extern const FindingSpec kRedactedKey;
extern const FindingSpec kExternalFile;
extern const FindingSpec kFirstBlockHidesProblem;
extern const FindingSpec kDuplicateName;
extern const FindingSpec kMetadataDisagrees;
extern const FindingSpec kSeveralClusters;
extern const FindingSpec kLimitReached;
extern const FindingSpec kListedOnly;

/// check_reading reports the defects of one artifact, and what its first certificate or what is
/// stated beside it hides.
void check_reading(const Artifact& artifact, const Policy& policy, FindingSink& sink);

/// check_inputs reports the defects of whole inputs, and that nothing in them could be judged.
void check_inputs(const Inventory& inventory, const Policy& policy, FindingSink& sink);

}  // namespace meshcert::checks
