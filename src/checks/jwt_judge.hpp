#pragma once

#include <string>

#include "checks/check.hpp"
#include "checks/token_keys.hpp"

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
/// make of a token without exp, or with an algorithm that not everybody takes (jwt_keys.cpp).
void check_tokens_keys(const Inventory& inventory, const Policy& policy, FindingSink& sink);

/// is_judged_as_svid: JWT-SVID's rules are for it. The keys of a SPIFFE bundle are for JWT-SVIDs alone
/// (JWT-SVID 6.2), so that what is held against them has to be one, whatever its sub says; the API
/// server's tokens say themselves what they are.
[[nodiscard]] bool is_judged_as_svid(const Jwt& jwt, const Policy& policy);
/// is_out_of_secret: a token that Kubernetes wrote into a Secret, which has no exp.
[[nodiscard]] bool is_out_of_secret(const Jwt& jwt);
/// issuer_words names who should have signed it, for a message; JWT-SVIDs often name no iss.
[[nodiscard]] std::string issuer_words(const Jwt& jwt);
/// check_strength reports a short RSA key that verifies a token.
void check_strength(const KeySearch& search, const Artifact& artifact, FindingSink& sink);

}  // namespace meshcert::checks
