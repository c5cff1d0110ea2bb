#include "meshcert/token_signature.hpp"

#include <algorithm>

#include "checks/jwt_rule_match.hpp"
#include "checks/token_keys.hpp"
#include "meshcert/jwt_rule.hpp"
#include "meshcert/kubernetes.hpp"

namespace meshcert {

namespace {

bool is_authentication(const std::shared_ptr<const KubernetesObject>& object) {
  return object->as<RequestAuthentication>() != nullptr;
}

}  // namespace

TokenSignature token_signature(const Jwt& jwt, const Inventory& inventory, const TokenExpectation& told) {
  TokenSignature found;
  if (told.keys != nullptr) {
    found.held = true;
    found.keys = told.keys_name;
    return found;
  }
  std::size_t rules = 0, with_keys = 0;
  const bool is_secret = checks::is_secret_algorithm(jwt.alg);
  bool secret = false;
  // A proxy without a rule is an answer as well: it verifies nothing.
  bool others = std::ranges::any_of(
      inventory.objects, [](const auto& object) { return object->template as<ProxyConfig>() != nullptr; });
  for (const Artifact& artifact : inventory.artifacts) {
    const JwtRule* rule = artifact.jwt_rule.get();
    others = others || rule != nullptr;
    if (rule == nullptr || !checks::is_for_issuer(artifact, jwt)) continue;
    ++rules;
    if (artifact.bundle == nullptr) {
      if (found.keys_uri.empty()) found.keys_uri = rule->keys_uri;
      continue;
    }
    ++with_keys;
    secret = secret || (is_secret && std::ranges::any_of(artifact.bundle->keys, &BundleKey::is_secret));
  }
  found.has_rules = rules != 0;
  found.held = rules != 0 && with_keys == rules && !secret && checks::is_proxy_algorithm(jwt.alg);
  found.by_secret = secret;
  if (!checks::is_proxy_algorithm(jwt.alg))
    found.keys = "nothing verifies such an algorithm";
  else if (secret)
    found.keys = jwt.alg + " is made with a shared secret, which is not kept";
  else if (found.held)
    found.keys = "the keys in the rules";
  else if (with_keys != 0)
    found.keys = "not every rule for it holds keys";
  else if (rules != 0)
    found.keys = "no keys in the rules";
  else if (others)
    found.keys = "no keys in the rules for its issuer";
  else if (std::ranges::any_of(inventory.objects, is_authentication))
    found.keys = "no rule in the RequestAuthentications at hand";
  return found;
}

TokenRules token_rules(const Jwt& jwt, const Inventory& inventory, const Policy& policy) {
  TokenRules rules;
  const Seconds skew = policy.token.skew;
  const bool timely = (!jwt.expires || policy.at <= *jwt.expires + skew) &&
                      (!jwt.not_before || *jwt.not_before <= policy.at + skew);
  const bool possible = timely && checks::is_proxy_algorithm(jwt.alg);
  for (const Artifact& artifact : inventory.artifacts) {
    if (artifact.jwt_rule == nullptr || !checks::is_for_issuer(artifact, jwt)) continue;
    const bool keys = artifact.bundle != nullptr;
    const bool refused = !possible || (!keys && checks::is_secret_algorithm(jwt.alg)) ||
                         !checks::refusal_of(artifact, jwt, policy.at).detail.empty();
    const bool verified = !refused && keys && checks::search_keys(jwt, *artifact.bundle).verified;
    (refused    ? rules.refusing
     : verified ? rules.satisfied
                : rules.unproven)
        .push_back(checks::rule_title(artifact));
  }
  return rules;
}

}  // namespace meshcert
