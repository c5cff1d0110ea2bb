#pragma once

#include "checks/check.hpp"

/// The findings of family jwt, and what reports them.
namespace meshcert::checks {

extern const FindingSpec kJwtNotCompact;
extern const FindingSpec kJwtWrongType;
extern const FindingSpec kJwtAlgRefused;
extern const FindingSpec kJwtCriticalHeader;
extern const FindingSpec kJwtExtraHeader;
extern const FindingSpec kJwtWrongTyp;
extern const FindingSpec kJwtNoSubject;
extern const FindingSpec kJwtSubNotSpiffe;
extern const FindingSpec kJwtSubDisagrees;
extern const FindingSpec kJwtNoAudience;
extern const FindingSpec kJwtAudienceMismatch;
extern const FindingSpec kJwtNoExpiry;
extern const FindingSpec kJwtDistantExpiry;
extern const FindingSpec kJwtExpired;
extern const FindingSpec kJwtNotYetValid;
extern const FindingSpec kJwtIssuedInFuture;
extern const FindingSpec kJwtIssuerMismatch;
extern const FindingSpec kJwtIssuerNotUrl;
extern const FindingSpec kJwtNoKid;
extern const FindingSpec kJwtUnknownKey;
extern const FindingSpec kJwtBadSignature;
extern const FindingSpec kJwtWeakKey;
extern const FindingSpec kJwtNotVerified;

/// check_token judges one token by itself, and its signature by keys that were given.
void check_token(const Artifact& artifact, const Policy& policy, FindingSink& sink);

/// check_tokens_keys says which tokens nobody verified, and what rules for tokens in the input
/// make of a token without exp.
void check_tokens_keys(const Inventory& inventory, const Policy& policy, FindingSink& sink);

}  // namespace meshcert::checks
