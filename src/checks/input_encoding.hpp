#pragma once

#include "checks/check.hpp"

/// Family input, of how one certificate is encoded.
namespace meshcert::checks {

extern const FindingSpec kMalformedExtension;
extern const FindingSpec kNotStrictDer;
extern const FindingSpec kRefusedByGo;
extern const FindingSpec kBoringSslRefuses;
extern const FindingSpec kSerialNotPositive;
extern const FindingSpec kNoSubjectName;
extern const FindingSpec kEmptyCaName;
extern const FindingSpec kUnmatchableDnsName;

/// check_encoding reports what RFC 5280 4.1 wants of a certificate's own fields.
void check_encoding(const Subject& subject, const Policy& policy, FindingSink& sink);

}  // namespace meshcert::checks
