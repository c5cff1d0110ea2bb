#include "checks/jwt_rule_match.hpp"

#include <algorithm>
#include <string_view>
#include <vector>

#include "base/words.hpp"
#include "checks/token_keys.hpp"
#include "meshcert/jwt_rule.hpp"

namespace meshcert::checks {
namespace {

// Envoy compares audiences without their scheme and without a slash at the end
// (google/jwt_verify_lib check_audience.cc).
std::string_view bare_audience(std::string_view audience) {
  for (const std::string_view scheme : {"https://", "http://"})
    if (audience.starts_with(scheme)) audience.remove_prefix(scheme.size());
  if (audience.ends_with('/')) audience.remove_suffix(1);
  return audience;
}

bool takes_audience(const JwtRule& rule, const Jwt& token) {
  if (rule.audiences.empty()) return true;
  if (!token.audiences) return false;
  return std::ranges::any_of(*token.audiences, [&rule](const std::string& audience) {
    return std::ranges::find(rule.audiences, bare_audience(audience), bare_audience) != rule.audiences.end();
  });
}

RuleRefusal refusal_of_keys(const Jwt& token, const SpiffeBundle& keys) {
  const KeySearch search = search_keys(token, keys);
  if (search.verified) return {};
  const std::string renew =
      "compare the rule's keys with what the issuer publishes now (below its /.well-known/openid-configuration), for it "
      "may have rotated them; with jwksUri instead of jwks, istiod follows";
  if (search.tried == 0)
    return {"it is signed with the key " + token.kid.value_or("(none)") + ", and the rule has " +
                base::some_of(search.known, "no key for tokens") +
                " (Jwks doesn't have key to match kid or alg from Jwt)",
            renew};
  return {"its signature is by none of the rule's keys that it could be by, such as " + search.key +
              (search.why.empty() ? "" : ": " + search.why) + " (Jwt verification fails)",
          "the token was altered, or is by another issuer of the same name; else " + renew};
}

}  // namespace

RuleRefusal refusal_of(const Artifact& artifact, const Jwt& token) {
  const JwtRule& rule = *artifact.jwt_rule;
  if (!takes_audience(rule, token))
    return {"it is for " + base::some_of(token.audiences.value_or(std::vector<std::string>{}), "nobody") +
                ", and the rule takes " + base::some_of(rule.audiences, "") +
                " (Audiences in Jwt are not allowed)",
            "ask the issuer for a token for one of the rule's audiences, or add the token's to the rule"};
  if (artifact.bundle == nullptr || !x509::is_jws_algorithm(token.alg)) return {};
  return refusal_of_keys(token, *artifact.bundle);
}

std::vector<const KubernetesObject*> bare_proxies(const Inventory& inventory) {
  std::vector<const KubernetesObject*> bare;
  for (const auto& object : inventory.objects) {
    if (object->as<RequestAuthentication>() != nullptr) return {};
    const auto* proxy = object->as<ProxyConfig>();
    const auto is_its_rule = [&](const Artifact& artifact) {
      return artifact.jwt_rule != nullptr && artifact.source.file == object->source.file &&
             artifact.document == proxy->document;
    };
    if (proxy != nullptr && std::ranges::none_of(inventory.artifacts, is_its_rule))
      bare.push_back(object.get());
  }
  return bare;
}

}  // namespace meshcert::checks
