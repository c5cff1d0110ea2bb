#include "checks/jwt_rule_match.hpp"

#include <algorithm>
#include <string_view>
#include <vector>

#include "base/ascii.hpp"
#include "base/words.hpp"
#include "checks/token_keys.hpp"
#include "meshcert/jwt_rule.hpp"
#include "meshcert/policy.hpp"

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

// type.matcher.v3.RegexMatcher matches the whole text. Envoy refuses a rule whose expression is none.
bool matches_whole(const std::string& expression, std::string_view text) {
  const auto pattern = Pattern::compile("\\A(?:" + expression + ")\\z");
  return !pattern || pattern->matches(text);
}

// ignore_case is for texts, not for expressions.
bool takes_subject(const JwtRule& rule, const std::string& subject) {
  if (rule.subject_match == "regex") return matches_whole(rule.subject, subject);
  const std::string wanted = rule.subject_of_any_case ? base::lowered(rule.subject) : rule.subject;
  const std::string found = rule.subject_of_any_case ? base::lowered(subject) : subject;
  if (rule.subject_match == "exact") return found == wanted;
  if (rule.subject_match == "prefix") return found.starts_with(wanted);
  if (rule.subject_match == "suffix") return found.ends_with(wanted);
  return rule.subject_match.empty() || found.find(wanted) != std::string::npos;
}

// jwt_authn.v3.JwtProvider subjects.
RuleRefusal refusal_of_subject(const JwtRule& rule, const Jwt& token) {
  if (takes_subject(rule, token.subject.value_or(""))) return {};
  return {(token.subject ? "its sub is \"" + *token.subject + '"' : "it has no sub") +
              ", and the rule takes " + rule.subject_match + " \"" + rule.subject + '"',
          "ask for a token of such a subject, or add the token's to the provider's subjects"};
}

// jwt_authn.v3.JwtProvider require_expiration and max_lifetime, which is what is left, not what was given.
RuleRefusal refusal_of_life(const JwtRule& rule, const Jwt& token, Instant at) {
  if (!token.expires) {
    if (!rule.requires_expiry && !rule.longest_life) return {};
    return {"it has no exp, and the rule requires one", "ask the issuer for tokens with exp"};
  }
  if (!rule.longest_life || *token.expires - at <= *rule.longest_life) return {};
  return {"it ends in " + humanize(*token.expires - at) + ", and the rule takes at most " +
              humanize(*rule.longest_life),
          "ask the issuer for tokens that end sooner, or raise the provider's max_lifetime"};
}

RuleRefusal refusal_of_keys(const Jwt& token, const SpiffeBundle& keys) {
  const KeySearch search = search_keys(token, keys);
  if (search.verified || search.by_secret) return {};
  const std::string renew =
      "compare the rule's keys with what the issuer publishes now (below its /.well-known/openid-configuration), for it "
      "may have rotated them; with jwksUri instead of jwks, istiod follows";
  if (search.tried == 0)
    return {"it is signed with the key " + token.kid.value_or("(none)") + " (" + token.alg + ")" +
                ", and the rule has " + base::some_of(search.known, "no key for tokens") +
                " (Jwks doesn't have key to match kid or alg from Jwt)",
            renew};
  return {"its signature is by none of the rule's keys that it could be by, such as " + search.key +
              (search.why.empty() ? "" : ": " + search.why) + " (Jwt verification fails)",
          "the token was altered, or is by another issuer of the same name; else " + renew};
}

}  // namespace

RuleRefusal refusal_of(const Artifact& artifact, const Jwt& token, Instant at) {
  const JwtRule& rule = *artifact.jwt_rule;
  if (RuleRefusal refusal = refusal_of_subject(rule, token); !refusal.detail.empty()) return refusal;
  if (RuleRefusal refusal = refusal_of_life(rule, token, at); !refusal.detail.empty()) return refusal;
  if (!takes_audience(rule, token))
    return {"it is for " + base::some_of(token.audiences.value_or(std::vector<std::string>{}), "nobody") +
                ", and the rule takes " + base::some_of(rule.audiences, "") +
                " (Audiences in Jwt are not allowed)",
            "ask the issuer for a token for one of the rule's audiences, or add the token's to the rule"};
  if (artifact.bundle == nullptr || !is_proxy_algorithm(token.alg)) return {};
  return refusal_of_keys(token, *artifact.bundle);
}

bool is_for_issuer(const Artifact& rule, const Jwt& token) {
  return rule.jwt_rule->issuer.empty() || rule.jwt_rule->issuer == token.issuer;
}

std::string rule_title(const Artifact& rule) {
  if (!rule.resource.empty()) return rule.resource + " " + rule.name;
  return "the provider " + rule.name + (rule.workload.empty() ? "" : " of " + rule.workload);
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
