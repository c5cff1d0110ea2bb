// Family jwt: tokens against JWT-SVID, Kubernetes' service accounts and what the caller expects.

#include <algorithm>

#include "base/words.hpp"
#include "checks/check.hpp"
#include "checks/token_keys.hpp"
#include "meshcert/jwt.hpp"
#include "meshcert/spiffe_id.hpp"
#include "meshcert/token_signature.hpp"
#include "x509/jws_crypto.hpp"

namespace meshcert::checks {
namespace {

using enum Severity;

constexpr FindingSpec kNotCompact{
    "jwt.not-compact",
    error,
    error,
    "the token is in the JSON form of JWS, but must be in the compact one, HEADER.PAYLOAD.SIGNATURE",
    "issue it in compact form: no proxy, and no SPIFFE library, takes the other",
    "JWT-SVID 4; RFC 7515 7.1"};
constexpr FindingSpec kWrongType{"jwt.wrong-type",
                                 error,
                                 error,
                                 "{found}, but must be {required}",
                                 "correct whatever issues the token; parsers that are strict refuse it whole",
                                 "RFC 7519 4.1; RFC 7515 4.1"};
constexpr FindingSpec kAlgRefused{
    "jwt.alg-refused",
    error,
    error,
    "the token is signed with {found}, but must be with RS, ES or PS and 256, 384 or 512",
    "let the issuer sign with RS256 or ES256; a token without a signature (none), or with a shared secret (HS), "
    "proves nothing to those who hold no secret",
    "JWT-SVID 2.1; RFC 7518 3.1"};
constexpr FindingSpec kCriticalHeader{
    "jwt.critical-header",
    error,
    error,
    "the header has \"crit\": whoever does not know what it lists must refuse the token, and proxies know none of it",
    "let the issuer leave \"crit\" out",
    "RFC 7515 4.1.11"};
constexpr FindingSpec kExtraHeader{
    "jwt.extra-header",
    warning,
    error,
    "the header of a JWT-SVID has {found}, but may have alg, kid and typ alone",
    "let the issuer leave them out: what stands in a header is read before anything is verified",
    "JWT-SVID 2"};
constexpr FindingSpec kWrongTyp{"jwt.wrong-typ",
                                error,
                                error,
                                "the typ of a JWT-SVID is \"{found}\", but must be JWT or JOSE, or left out",
                                "let the issuer write JWT, or leave typ out",
                                "JWT-SVID 2.3"};
constexpr FindingSpec kNoSubject{"jwt.no-subject",
                                 error,
                                 error,
                                 "the token has no sub, but needs {required}",
                                 "let the issuer name the workload in sub",
                                 "JWT-SVID 3.1; RFC 7519 4.1.2"};
constexpr FindingSpec kSubNotSpiffe{
    "jwt.sub-not-spiffe",
    error,
    error,
    "the sub is \"{found}\", which is no SPIFFE ID: {reason}",
    "let the issuer write spiffe://TRUST-DOMAIN/ns/NAMESPACE/sa/SERVICE-ACCOUNT",
    "JWT-SVID 3.1"};
constexpr FindingSpec kSubDisagrees{
    "jwt.sub-disagrees",
    error,
    error,
    "the sub names the service account {found}, the claim kubernetes.io {required}",
    "the API server writes both alike: who issued this token? Look at its iss",
    "kubernetes pkg/serviceaccount/claims.go"};
constexpr FindingSpec kNoAudience{
    "jwt.no-audience",
    error,
    error,
    "the token has no aud, but needs at least one audience{_expected}",
    "ask for a token for the service that will verify it: kubectl create token SA --audience AUDIENCE",
    "JWT-SVID 3.2"};
constexpr FindingSpec kAudienceMismatch{"jwt.audience-mismatch",
                                        error,
                                        error,
                                        "the token is for {found}, not for {expected}",
                                        "{_next}",
                                        "JWT-SVID 3.2; istio security/pkg/k8s/tokenreview/k8sauthn.go"};
constexpr FindingSpec kNoExpiry{
    "jwt.no-expiry",
    error,
    error,
    "the token has no exp: it never expires{_note}",
    "use a bound token, which ends: kubectl create token SA --audience AUDIENCE, or a projected volume",
    "JWT-SVID 3.3"};
constexpr FindingSpec kDistantExpiry{
    "jwt.distant-expiry",
    warning,
    warning,
    "the token ends beyond the year 9999 (exp is {found}), which is as good as never{_guess}",
    "let the issuer write exp in seconds since 1970, some minutes or hours ahead: kubectl create token SA --duration 1h",
    "RFC 7519 2; JWT-SVID 3.3"};
constexpr FindingSpec kExpired{
    "jwt.expired",
    error,
    error,
    "the token expired {_ago} ago, {not_after} (judged at {at}{_skew})",
    "get a new one: kubectl create token SA, or see why kubelet or the agent of SPIRE no longer renews it; "
    "a program must read a projected token anew",
    "JWT-SVID 3.3; RFC 7519 4.1.4"};
constexpr FindingSpec kNotYetValid{"jwt.not-yet-valid",
                                   error,
                                   error,
                                   "the token begins {not_before}, in {_in} (judged at {at}{_skew})",
                                   "compare the clocks of issuer and verifier: timedatectl, chronyc tracking",
                                   "RFC 7519 4.1.5"};
constexpr FindingSpec kIssuedInFuture{
    "jwt.issued-in-future",
    warning,
    error,
    "the token says that it was issued {issued_at}, in {_in} (judged at {at}{_skew})",
    "compare the clocks of issuer and verifier: timedatectl, chronyc tracking; go-spiffe refuses such a token",
    "go-jose jwt/validation.go; RFC 7519 4.1.6"};
constexpr FindingSpec kIssuerMismatch{
    "jwt.issuer-mismatch",
    error,
    error,
    "the issuer is {found}, but must be {expected}{_slash}",
    "compare the token's iss with the issuer of the rule, character by character: kubectl get requestauthentication -A",
    "RFC 7519 4.1.1; envoy source/extensions/filters/http/jwt_authn/authenticator.cc"};
constexpr FindingSpec kIssuerNotUrl{
    "jwt.issuer-not-url",
    warning,
    warning,
    "the issuer is \"{found}\", but must be an https URL without query and fragment, below which "
    "/.well-known/openid-configuration can be fetched",
    "set the API server's --service-account-issuer to an https URL, or give the rule its keys (jwks, jwksUri)",
    "OpenID Connect Discovery 4"};
constexpr FindingSpec kNoKid{
    "jwt.no-kid",
    info,
    error,
    "the token names no key (kid): every key of {keys} was tried; go-spiffe refuses a token without kid",
    "let the issuer write the kid of its key",
    "go-spiffe svid/jwtsvid/svid.go"};
constexpr FindingSpec kUnknownKey{
    "jwt.unknown-key",
    error,
    error,
    "the token is signed with the key {kid}, but {keys} has {known}",
    "fetch the keys again, for they may have been rotated: kubectl get --raw /openid/v1/jwks, or spire-server bundle "
    "show -format spiffe; is it that of {_issuer}?",
    "JWT-SVID 6.2; RFC 7515 4.1.4"};
constexpr FindingSpec kBadSignature{
    "jwt.bad-signature",
    error,
    error,
    "{_what} of {keys}{_why}",
    "the token was altered, cut, or signed by another issuer; get a new one, and the keys of {_issuer}",
    "JWT-SVID 5; RFC 7515 5.2"};

constexpr FindingSpec kNotVerified{
    "jwt.not-verified",
    info,
    info,
    "there was no key to verify the signature with ({why}): anybody may have written this token; it "
    "needs the keys of {_issuer}",
    "{_next}; then: meshcert jwt TOKEN --jwks jwks.json",
    "RFC 7515 5.2; JWT-SVID 5"};

constexpr const FindingSpec* kSpecs[] = {
    &kNotCompact,    &kWrongType,    &kAlgRefused,   &kCriticalHeader, &kExtraHeader,      &kWrongTyp,
    &kNoSubject,     &kSubNotSpiffe, &kSubDisagrees, &kNoAudience,     &kAudienceMismatch, &kNoExpiry,
    &kDistantExpiry, &kExpired,      &kNotYetValid,  &kIssuedInFuture, &kIssuerMismatch,   &kIssuerNotUrl,
    &kNoKid,         &kUnknownKey,   &kBadSignature, &kNotVerified};

// Who should have signed it; JWT-SVIDs often name no iss.
std::string issuer_words(const Jwt& jwt) {
  if (jwt.issuer) return "its issuer, " + *jwt.issuer;
  return jwt.is_svid() ? "its trust domain" : "whoever issued it";
}

bool is_issuer_url(std::string_view issuer) {
  constexpr std::string_view kScheme = "https://";
  return issuer.starts_with(kScheme) && issuer.size() > kScheme.size() && issuer[kScheme.size()] != '/' &&
         issuer.find_first_of("?# ") == std::string_view::npos;
}

// The keys of a SPIFFE bundle are for JWT-SVIDs alone (JWT-SVID 6.2), so that what is held against
// them has to be one, whatever its sub says; the API server's tokens say themselves what they are.
bool is_judged_as_svid(const Jwt& jwt, const Policy& policy) {
  if (jwt.is_svid() || policy.profile == Profile::spiffe) return true;
  const bool of_bundle = policy.token.keys != nullptr && policy.token.keys->is_spiffe;
  return of_bundle && !service_account_of(jwt.subject.value_or(""));
}

bool is_out_of_secret(const Jwt& jwt) {
  return jwt.issuer && *jwt.issuer == "kubernetes/serviceaccount";
}

// Judge looks at one token.
class Judge {
 public:
  Judge(const Artifact& artifact, const Policy& policy, FindingSink& sink)
      : artifact_(artifact),
        jwt_(*artifact.jwt),
        policy_(policy),
        sink_(sink),
        svid_(is_judged_as_svid(jwt_, policy)) {}

  void run() {
    if (jwt_.is_json_form) return report(kNotCompact, {});
    for (const JwtWrongKind& wrong : jwt_.wrong_kinds)
      report(kWrongType, {{"found", wrong.found}, {"required", std::string(wrong.required)}});
    check_header();
    check_subject();
    check_audience();
    check_times();
    check_issuer();
    if (policy_.token.keys != nullptr && x509::is_jws_algorithm(jwt_.alg))
      check_signature(*policy_.token.keys);
  }

 private:
  void report(const FindingSpec& spec, std::vector<Fact> facts) {
    sink_.report(spec, artifact_, std::move(facts));
  }

  void check_header() {
    if (!x509::is_jws_algorithm(jwt_.alg))
      report(kAlgRefused, {{"found", jwt_.alg.empty() ? "no alg at all" : "\"" + jwt_.alg + "\""}});
    if (jwt_.has_critical) report(kCriticalHeader, {});
    if (!svid_) return;
    if (!jwt_.other_headers.empty()) report(kExtraHeader, {{"found", base::some_of(jwt_.other_headers, "")}});
    if (jwt_.typ && *jwt_.typ != "JWT" && *jwt_.typ != "JOSE") report(kWrongTyp, {{"found", *jwt_.typ}});
  }

  void check_subject() {
    if (!jwt_.subject) {
      if (svid_) report(kNoSubject, {{"required", std::string("the SPIFFE ID of the workload")}});
      return;
    }
    const auto id = SpiffeId::parse(*jwt_.subject);
    if (svid_ && !id) report(kSubNotSpiffe, {{"found", *jwt_.subject}, {"reason", std::string(id.error())}});
    const auto account = service_account_of(*jwt_.subject);
    if (!account || jwt_.kubernetes_namespace.empty() || jwt_.kubernetes_service_account.empty()) return;
    const std::string found = std::string(account->namespace_name) + "/" + std::string(account->name);
    const std::string required = jwt_.kubernetes_namespace + "/" + jwt_.kubernetes_service_account;
    if (found != required) report(kSubDisagrees, {{"found", found}, {"required", required}});
  }

  void check_audience() {
    const auto& expected = policy_.token.audiences;
    if (!jwt_.audiences || jwt_.audiences->empty()) {
      if (svid_ || !expected.empty())
        report(kNoAudience, {{"_expected", expected.empty() ? "" : ", here " + base::some_of(expected, "")}});
      return;
    }
    const auto named = [this](const std::string& audience) {
      return std::ranges::find(*jwt_.audiences, audience) != jwt_.audiences->end();
    };
    if (expected.empty() || std::ranges::any_of(expected, named)) return;
    report(kAudienceMismatch, {{"found", base::some_of(*jwt_.audiences, "nobody")},
                               {"expected", base::some_of(expected, "")},
                               {"_next", std::string(audience_advice(expected))}});
  }

  static std::string_view audience_advice(const std::vector<std::string>& expected) {
    if (std::ranges::find(expected, "istio-ca") != expected.end())
      return "istiod takes tokens for istio-ca alone: mount a projected token with audience istio-ca "
             "(volumes[].projected.sources[].serviceAccountToken), as the injected volume istio-token has it";
    return "ask for a token for the service that verifies it: kubectl create token SA --audience AUDIENCE";
  }

  void check_times() {
    const Instant at = policy_.at;
    const Seconds skew = policy_.token.skew;
    const std::string allowed = skew == Seconds(0) ? "" : " (" + humanize(skew) + " are allowed)";
    if (!jwt_.expires && !states("exp"))
      report_no_expiry();
    else if (jwt_.expires && at > *jwt_.expires + skew)
      report(kExpired, {{"not_after", *jwt_.expires},
                        {"at", at},
                        {"_ago", humanize(at - *jwt_.expires)},
                        {"_skew", allowed}});
    check_distance();
    if (jwt_.not_before && *jwt_.not_before > at + skew)
      report(kNotYetValid, {{"not_before", *jwt_.not_before},
                            {"at", at},
                            {"_in", humanize(*jwt_.not_before - at)},
                            {"_skew", allowed}});
    if (jwt_.issued_at && *jwt_.issued_at > at + skew)
      report(kIssuedInFuture, {{"issued_at", *jwt_.issued_at},
                               {"at", at},
                               {"_in", humanize(*jwt_.issued_at - at)},
                               {"_skew", allowed}});
  }

  // The end of all calendars is where the reader puts what lies behind it.
  void check_distance() {
    constexpr Instant kEnd{Seconds(253402300799)};
    if (!jwt_.expires || *jwt_.expires < kEnd) return;
    const auto claim = std::ranges::find(jwt_.claims, "exp", &JwtClaim::name);
    const std::string found = claim == jwt_.claims.end() ? "" : claim->json;
    const bool of_thousands =
        found.size() == 13 && found.find_first_not_of("0123456789") == std::string::npos;
    report(kDistantExpiry,
           {{"found", found}, {"_guess", of_thousands ? "; these look like milliseconds" : ""}});
  }

  // One of a wrong type is there, and told already.
  [[nodiscard]] bool states(std::string_view claim) const {
    return std::ranges::find(jwt_.claims, claim, &JwtClaim::name) != jwt_.claims.end();
  }

  void report_no_expiry() {
    report(kNoExpiry, {{"_note", std::string(is_out_of_secret(jwt_)
                                                 ? "; it is a token out of a Secret, which is good for "
                                                   "ever, and which istiod does not take"
                                                 : "")}});
  }

  void check_issuer() {
    const auto& expected = policy_.token.issuer;
    const std::string found = jwt_.issuer.value_or("none");
    if (expected && jwt_.issuer != expected) {
      const bool slash = found + "/" == *expected || found == *expected + "/";
      report(kIssuerMismatch,
             {{"found", found},
              {"expected", *expected},
              {"_slash", std::string(slash ? ": they differ in the slash at the end alone" : "")}});
    }
    // The keys of a JWT-SVID come from a bundle, not from its issuer.
    if (jwt_.issuer && !jwt_.is_svid() && !is_issuer_url(*jwt_.issuer))
      report(kIssuerNotUrl, {{"found", *jwt_.issuer}});
  }

  void check_signature(const SpiffeBundle& set) {
    const std::string& keys = policy_.token.keys_name;
    const KeySearch search = search_keys(jwt_, set);
    if (!jwt_.kid) report(kNoKid, {{"keys", keys}});
    if (search.verified) return;
    if (search.tried == 0)
      return report(kUnknownKey, {{"kid", jwt_.kid.value_or("(none)")},
                                  {"keys", keys},
                                  {"known", search.known.empty() ? "no key for tokens"
                                                                 : "only " + base::some_of(search.known, "")},
                                  {"_issuer", issuer_words(jwt_)}});
    const bool one = search.tried == 1;
    report(kBadSignature,
           {{"kid", jwt_.kid.value_or("")},
            {"keys", keys},
            {"_issuer", issuer_words(jwt_)},
            {"_what", one ? "the signature is not by the key " + search.key
                          : "the signature is by none of " + std::to_string(search.tried) + " keys"},
            {"_why", one && !search.why.empty() ? ": " + search.why : ""}});
  }

  const Artifact& artifact_;
  const Jwt& jwt_;
  const Policy& policy_;
  FindingSink& sink_;
  const bool svid_;  // JWT-SVID's rules apply
};

void check_artifact(const Artifact& artifact, const Policy& policy, FindingSink& sink) {
  if (artifact.jwt != nullptr) Judge(artifact, policy, sink).run();
}

// An address that is safe to type into a shell as it stands.
bool is_plain_url(std::string_view text) {
  return (text.starts_with("https://") || text.starts_with("http://")) && text.size() <= 200 &&
         text.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789:/._-~%") ==
             std::string_view::npos;
}

// The command that gets the keys of the issuer.
std::string how_to_get_keys(const Jwt& jwt, const TokenSignature& signature) {
  if (is_plain_url(signature.keys_uri)) return "get them: curl -s " + signature.keys_uri + " > jwks.json";
  if (jwt.is_svid()) return "get them: spire-server bundle show -format spiffe > jwks.json";
  if (service_account_of(jwt.subject.value_or("")))
    return "get them: kubectl get --raw /openid/v1/jwks > jwks.json";
  std::string_view issuer = jwt.issuer ? std::string_view(*jwt.issuer) : std::string_view{};
  while (issuer.ends_with('/')) issuer.remove_suffix(1);
  if (is_plain_url(issuer))
    return "get them from the jwks_uri that it publishes: curl -s " + std::string(issuer) +
           "/.well-known/openid-configuration";
  return "get them from whoever runs it, as a JWKS file";
}

// Envoy takes a token without exp, unless its rule requires one: with rules for it at hand it is
// a risk, and no refusal.
void soften_no_expiry(const Artifact& artifact, const Inventory& inventory, const Policy& policy,
                      FindingSink& sink) {
  const Jwt& jwt = *artifact.jwt;
  if (jwt.expires || is_out_of_secret(jwt) || is_judged_as_svid(jwt, policy)) return;
  if (!token_signature(jwt, inventory, TokenExpectation{}).has_rules) return;
  for (Finding& finding : sink.so_far()) {
    if (finding.spec != &kNoExpiry || finding.where != artifact.source) continue;
    finding.severity = Severity::warning;
    finding.facts = {
        {"_note", std::string("; a proxy takes it all the same, unless requireExpiration is set")}};
  }
}

// Asked for by the verb, or by rules that lie beside the token.
void check_verified(const Artifact& artifact, const Inventory& inventory, const Policy& policy,
                    FindingSink& sink) {
  const Jwt& jwt = *artifact.jwt;
  if (jwt.is_json_form || !x509::is_jws_algorithm(jwt.alg)) return;
  const TokenSignature signature = token_signature(jwt, inventory, policy.token);
  if (signature.held || (!policy.token.rules_asked && !signature.has_rules)) return;
  sink.report(kNotVerified, artifact,
              {{"why", signature.keys.empty() ? std::string("none was given") : signature.keys},
               {"_issuer", issuer_words(jwt)},
               {"_next", how_to_get_keys(jwt, signature)}});
}

void check_inventory(const Inventory& inventory, const Policy& policy, FindingSink& sink) {
  for (const Artifact& artifact : inventory.artifacts)
    if (artifact.jwt != nullptr) {
      soften_no_expiry(artifact, inventory, policy, sink);
      check_verified(artifact, inventory, policy, sink);
    }
}

}  // namespace

extern const Check k_jwt_check;
const Check k_jwt_check{"jwt", kSpecs, nullptr, &check_artifact, &check_inventory};

}  // namespace meshcert::checks
