// What the keys and the rules beside a token say of it.

#include <fmt/format.h>

#include "base/words.hpp"
#include "checks/jwt_judge.hpp"
#include "checks/jwt_rule_match.hpp"
#include "checks/token_keys.hpp"
#include "meshcert/jwt.hpp"
#include "meshcert/token_signature.hpp"
#include "x509/jws_crypto.hpp"

namespace meshcert::checks {
namespace {

// An address that is safe to type into a shell as it stands.
bool is_plain_url(std::string_view text) {
  return (text.starts_with("https://") || text.starts_with("http://")) && text.size() <= 200 &&
         text.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789:/._-~%") ==
             std::string_view::npos;
}

// The command that gets the keys of the issuer.
std::string how_to_get_public_keys(const Jwt& jwt, const TokenSignature& signature) {
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

// The next step of whoever wants it verified.
std::string how_to_verify(const Jwt& jwt, const TokenSignature& signature) {
  if (is_secret_algorithm(jwt.alg))
    return "let the issuer sign with RS256 or ES256: then no rule holds what forges its tokens, and anybody can "
           "verify them";
  return how_to_get_public_keys(jwt, signature) + "; then: meshcert jwt TOKEN --jwks jwks.json";
}

// Envoy takes a token without exp, unless its rule requires one: with rules for it at hand it is
// a risk, and no refusal.
void soften_no_expiry(const Artifact& artifact, const Inventory& inventory, const Policy& policy,
                      FindingSink& sink) {
  const Jwt& jwt = *artifact.jwt;
  if (jwt.expires || is_out_of_secret(jwt) || is_judged_as_svid(jwt, policy)) return;
  if (!token_signature(jwt, inventory, TokenExpectation{}).has_rules) return;
  for (Finding& finding : sink.so_far()) {
    if (finding.spec != &kJwtNoExpiry || finding.where != artifact.source) continue;
    finding.severity = Severity::warning;
    finding.facts = {{"_note", "; a proxy takes it all the same, unless requireExpiration is set"}};
  }
}

// A rule's proxy knows more algorithms than JWT-SVIDs and the API server's tokens may have.
void check_algorithm(const Artifact& artifact, const Inventory& inventory, const Policy& policy,
                     FindingSink& sink) {
  const Jwt& jwt = *artifact.jwt;
  if (jwt.is_json_form || x509::is_jws_algorithm(jwt.alg)) return;
  const bool for_users = policy.token.keys == nullptr && !is_judged_as_svid(jwt, policy) &&
                         !service_account_of(jwt.subject.value_or(""));
  const TokenSignature signature = token_signature(jwt, inventory, TokenExpectation{});
  const bool has_key = is_secret_algorithm(jwt.alg) ? signature.by_secret : signature.has_rules;
  if (for_users && is_proxy_algorithm(jwt.alg) && has_key) return;
  sink.report(kJwtAlgRefused, artifact,
              {{"found", jwt.alg.empty() ? "no alg at all" : "\"" + jwt.alg + "\""}});
}

// Where --jwks names no keys, those of the rules count that lie beside the token.
void check_rules_keys(const Artifact& artifact, const Inventory& inventory, FindingSink& sink) {
  const Jwt& jwt = *artifact.jwt;
  if (jwt.is_json_form || !is_proxy_algorithm(jwt.alg)) return;
  for (const Artifact& other : inventory.artifacts) {
    if (other.jwt_rule == nullptr || other.bundle == nullptr || !is_for_issuer(other, jwt)) continue;
    if (const KeySearch search = search_keys(jwt, *other.bundle); search.verified)
      return check_strength(search, artifact, sink);
  }
}

// What was cut off is seen without any key.
bool is_cut(const Jwt& jwt) {
  return jwt.signature.size() < x509::least_jws_signature(jwt.alg);
}

void report_cut(const Artifact& artifact, FindingSink& sink) {
  const Jwt& jwt = *artifact.jwt;
  sink.report(
      kJwtBadSignature, artifact,
      {{"_what", jwt.signature.empty()
                     ? "the token has no signature"
                     : "the signature is " + base::counted(jwt.signature.size(), "octet") + " long"},
       {"_why", fmt::format(", but one of {} has {}{} octets", jwt.alg,
                            jwt.alg.starts_with('E') ? "" : "at least ", x509::least_jws_signature(jwt.alg))},
       {"_next", "get the whole token: this one was cut off, or its signature taken away"}});
}

// Asked for by the verb, or by rules that lie beside the token.
void check_verified(const Artifact& artifact, const Inventory& inventory, const Policy& policy,
                    FindingSink& sink) {
  const Jwt& jwt = *artifact.jwt;
  if (jwt.is_json_form || !is_proxy_algorithm(jwt.alg)) return;
  const TokenSignature signature = token_signature(jwt, inventory, policy.token);
  if (signature.held || (!policy.token.rules_asked && !signature.has_rules)) return;
  if (!x509::is_jws_algorithm(jwt.alg) &&
      !(is_secret_algorithm(jwt.alg) ? signature.by_secret : signature.has_rules))
    return;
  if (is_cut(jwt)) return report_cut(artifact, sink);
  sink.report(kJwtNotVerified, artifact,
              {{"why", signature.keys.empty() ? std::string("none was given") : signature.keys},
               {"_issuer", issuer_words(jwt)},
               {"_next", how_to_verify(jwt, signature)}});
}

}  // namespace

void check_tokens_keys(const Inventory& inventory, const Policy& policy, FindingSink& sink) {
  for (const Artifact& artifact : inventory.artifacts)
    if (artifact.jwt != nullptr) {
      check_algorithm(artifact, inventory, policy, sink);
      soften_no_expiry(artifact, inventory, policy, sink);
      check_verified(artifact, inventory, policy, sink);
      if (policy.token.keys == nullptr) check_rules_keys(artifact, inventory, sink);
    }
}

}  // namespace meshcert::checks
