// Family jwt: tokens, what they say and who signed them. What is said stands here; what is
// looked at, in jwt_judge.cpp.
#include "checks/jwt_judge.hpp"

namespace meshcert::checks {

using enum Severity;

extern constexpr FindingSpec kJwtNotCompact{
    "jwt.not-compact",
    error,
    error,
    "the token is in the JSON form of JWS, but must be in the compact one, HEADER.PAYLOAD.SIGNATURE",
    "issue it in compact form: no proxy, and no SPIFFE library, takes the other",
    "JWT-SVID 4; RFC 7515 7.1"};
extern constexpr FindingSpec kJwtWrongType{
    "jwt.wrong-type",
    error,
    error,
    "{found}, but must be {required}",
    "correct whatever issues the token; parsers that are strict refuse it whole",
    "RFC 7519 4.1; RFC 7515 4.1"};
extern constexpr FindingSpec kJwtAlgRefused{
    "jwt.alg-refused",
    error,
    error,
    "the token is signed with {found}, but must be with RS, ES or PS and 256, 384 or 512",
    "let the issuer sign with RS256 or ES256; a token without a signature (none), or with a shared secret (HS), "
    "proves nothing to those who hold no secret",
    "JWT-SVID 2.1; RFC 7518 3.1"};
extern constexpr FindingSpec kJwtCriticalHeader{
    "jwt.critical-header",
    error,
    error,
    "the header has \"crit\": whoever does not know what it lists must refuse the token, and proxies know none of it",
    "let the issuer leave \"crit\" out",
    "RFC 7515 4.1.11"};
extern constexpr FindingSpec kJwtExtraHeader{
    "jwt.extra-header",
    warning,
    error,
    "the header of a JWT-SVID has {found}, but may have alg, kid and typ alone",
    "let the issuer leave them out: what stands in a header is read before anything is verified",
    "JWT-SVID 2"};
extern constexpr FindingSpec kJwtWrongTyp{
    "jwt.wrong-typ",
    error,
    error,
    "the typ of a JWT-SVID is \"{found}\", but must be JWT or JOSE, or left out{_so}",
    "let the issuer write JWT, or leave typ out",
    "JWT-SVID 2.3"};
extern constexpr FindingSpec kJwtNoSubject{"jwt.no-subject",
                                           error,
                                           error,
                                           "the token has no sub, but needs {required}",
                                           "let the issuer name the workload in sub",
                                           "JWT-SVID 3.1; RFC 7519 4.1.2"};
extern constexpr FindingSpec kJwtSubNotSpiffe{
    "jwt.sub-not-spiffe",
    error,
    error,
    "the sub is \"{found}\", which is no workload's SPIFFE ID: {reason}",
    "let the issuer write spiffe://TRUST-DOMAIN/ns/NAMESPACE/sa/SERVICE-ACCOUNT",
    "JWT-SVID 3.1"};
extern constexpr FindingSpec kJwtSubDisagrees{
    "jwt.sub-disagrees",
    error,
    error,
    "the sub names the service account {found}, the claim kubernetes.io {required}",
    "the API server writes both alike: who issued this token? Look at its iss",
    "kubernetes pkg/serviceaccount/claims.go"};
extern constexpr FindingSpec kJwtNoAudience{
    "jwt.no-audience",
    error,
    error,
    "the token has no aud, but needs at least one audience{_expected}",
    "ask for a token for the service that will verify it: kubectl create token SA --audience AUDIENCE",
    "JWT-SVID 3.2"};
extern constexpr FindingSpec kJwtAudienceMismatch{
    "jwt.audience-mismatch",
    error,
    error,
    "the token is for {found}, not for {expected}",
    "{_next}",
    "JWT-SVID 3.2; istio security/pkg/k8s/tokenreview/k8sauthn.go"};
extern constexpr FindingSpec kJwtNoExpiry{
    "jwt.no-expiry",
    error,
    error,
    "the token has no exp: it never expires{_note}",
    "use a bound token, which ends: kubectl create token SA --audience AUDIENCE, or a projected volume",
    "JWT-SVID 3.3"};
extern constexpr FindingSpec kJwtDistantExpiry{
    "jwt.distant-expiry",
    warning,
    warning,
    "the token ends beyond the year 9999 (exp is {found}), which is as good as never{_guess}",
    "let the issuer write exp in seconds since 1970, some minutes or hours ahead: kubectl create token SA --duration 1h",
    "RFC 7519 2; JWT-SVID 3.3"};
extern constexpr FindingSpec kJwtExpired{
    "jwt.expired",
    error,
    error,
    "the token expired {_ago} ago, {not_after} (judged at {at}{_skew})",
    "get a new one: kubectl create token SA, or see why kubelet or the agent of SPIRE no longer renews it; "
    "a program must read a projected token anew",
    "JWT-SVID 3.3; RFC 7519 4.1.4"};
extern constexpr FindingSpec kJwtNotYetValid{
    "jwt.not-yet-valid",
    error,
    error,
    "the token begins {not_before}, in {_in} (judged at {at}{_skew})",
    "compare the clocks of issuer and verifier: timedatectl, chronyc tracking",
    "RFC 7519 4.1.5"};
extern constexpr FindingSpec kJwtIssuedInFuture{
    "jwt.issued-in-future",
    warning,
    error,
    "the token says that it was issued {issued_at}, in {_in} (judged at {at}{_skew})",
    "compare the clocks of issuer and verifier: timedatectl, chronyc tracking; go-spiffe refuses such a token",
    "go-jose jwt/validation.go; RFC 7519 4.1.6"};
extern constexpr FindingSpec kJwtIssuerMismatch{
    "jwt.issuer-mismatch",
    error,
    error,
    "the issuer is {found}, but must be {expected}{_slash}",
    "compare the token's iss with the issuer of the rule, character by character: kubectl get requestauthentication -A",
    "RFC 7519 4.1.1; envoy source/extensions/filters/http/jwt_authn/authenticator.cc"};
extern constexpr FindingSpec kJwtIssuerNotUrl{
    "jwt.issuer-not-url",
    warning,
    warning,
    "the issuer is \"{found}\", but must be an https URL without query and fragment, below which "
    "/.well-known/openid-configuration can be fetched",
    "set the API server's --service-account-issuer to an https URL, or give the rule its keys (jwks, jwksUri)",
    "OpenID Connect Discovery 4"};
extern constexpr FindingSpec kJwtNoKid{
    "jwt.no-kid",
    info,
    error,
    "the token names no key (kid): every key of {keys} was tried; go-spiffe refuses a token without kid",
    "let the issuer write the kid of its key",
    "go-spiffe svid/jwtsvid/svid.go"};
extern constexpr FindingSpec kJwtUnknownKey{
    "jwt.unknown-key",
    error,
    error,
    "the token is signed with the key {kid}, but {keys} has {known}",
    "fetch the keys again, for they may have been rotated: kubectl get --raw /openid/v1/jwks, or spire-server bundle "
    "show -format spiffe; is it that of {_issuer}?",
    "JWT-SVID 6.2; RFC 7515 4.1.4"};
extern constexpr FindingSpec kJwtBadSignature{"jwt.bad-signature", error,     error,
                                              "{_what}{_why}",     "{_next}", "JWT-SVID 5; RFC 7515 5.2"};

extern constexpr FindingSpec kJwtWeakKey{
    "jwt.weak-key",
    warning,
    warning,
    "the signature is by the RSA key {key} of {bits} bits; tokens must be signed with 2048 or more",
    "have the issuer sign with a key of 2048 bits or more, and publish it before it does",
    "RFC 7518 3.3, 3.5"};

extern constexpr FindingSpec kJwtNotVerified{
    "jwt.not-verified",
    info,
    info,
    "there was no key to verify the signature with ({why}): anybody may have written this token; it "
    "needs the keys of {_issuer}",
    "{_next}",
    "RFC 7515 5.2; JWT-SVID 5"};

namespace {

constexpr const FindingSpec* kSpecs[] = {
    &kJwtNotCompact,       &kJwtWrongType,      &kJwtAlgRefused,    &kJwtCriticalHeader, &kJwtExtraHeader,
    &kJwtWrongTyp,         &kJwtNoSubject,      &kJwtSubNotSpiffe,  &kJwtSubDisagrees,   &kJwtNoAudience,
    &kJwtAudienceMismatch, &kJwtNoExpiry,       &kJwtDistantExpiry, &kJwtExpired,        &kJwtNotYetValid,
    &kJwtIssuedInFuture,   &kJwtIssuerMismatch, &kJwtIssuerNotUrl,  &kJwtNoKid,          &kJwtUnknownKey,
    &kJwtBadSignature,     &kJwtWeakKey,        &kJwtNotVerified};

}  // namespace

extern const Check k_jwt_check;
const Check k_jwt_check{"jwt", kSpecs, nullptr, &check_token, &check_tokens_keys};

}  // namespace meshcert::checks
