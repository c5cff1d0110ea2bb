// Family jwt-rule: which tokens are taken, by RequestAuthentications and by the proxies that
// istiod configures from them: does a token satisfy a rule, and did the proxy get the rule?

#include <algorithm>
#include <set>
#include <utility>

#include "base/words.hpp"
#include "checks/check.hpp"
#include "checks/jwt_rule_compare.hpp"
#include "checks/jwt_rule_match.hpp"
#include "checks/token_keys.hpp"
#include "meshcert/jwt_rule.hpp"
#include "meshcert/kubernetes.hpp"

namespace meshcert::checks {
namespace {

using enum Severity;

constexpr FindingSpec kInvalid{
    "jwt-rule.invalid",
    error,
    error,
    "istiod refuses the rule: {detail}; it must have an issuer or a jwksUri, an http or https URL as jwksUri, and no empty audience or name",
    "correct the rule and apply it again; with the webhook off, istiod would pass it on",
    "istio pkg/config/validation/validation.go (validateJwtRule)"};
constexpr FindingSpec kNoKeySource{
    "jwt-rule.no-key-source",
    error,
    error,
    "the rule has neither jwks nor jwksUri, and its issuer is \"{found}\", but must be an http or https URL, below which "
    "istiod finds /.well-known/openid-configuration",
    "give the rule its jwksUri, or its keys in jwks; without any, the proxy refuses every token of this issuer",
    "istio pilot/pkg/model/jwks_resolver.go"};
constexpr FindingSpec kTwoKeySources{
    "jwt-rule.two-key-sources",
    warning,
    warning,
    "the rule has both jwks and jwksUri ({uri}), but must have one of them: which one counts depends on how istiod fetches keys",
    "leave one out: jwks is used as it is and never renewed; jwksUri is fetched again and again",
    "istio api security/v1/request_authentication.proto (JWTRule)"};
constexpr FindingSpec kNoUsableKey{
    "jwt-rule.no-usable-key",
    error,
    error,
    "none of the keys that stand in the rule can be used: it needs one of type RSA, EC (P-256, P-384, P-521), OKP "
    "(Ed25519) or oct, whose alg, if it has one, is of that type",
    "put the keys of the issuer there, or leave them out and give its jwksUri; the proxy answers 401 to every token "
    "(Jwks doesn't have any valid public key)",
    "envoy source/common/jwt/jwks.cc; source/extensions/filters/http/jwt_authn/jwks_cache.cc"};
constexpr FindingSpec kKeysNotFetched{
    "jwt-rule.keys-not-fetched",
    error,
    error,
    "the proxy has no keys of the issuer \"{issuer}\": istiod could not fetch them from {from}, and sent made-up ones that refuse every token",
    "let istiod reach that address (kubectl logs -n istio-system deploy/istiod | meshcert logs): egress policies, "
    "proxies and the CA of the server's certificate are the usual causes; it tries again by itself",
    "istio pilot/pkg/model/jwks_resolver.go (CreateFakeJwks)"};
constexpr FindingSpec kUnmatchedIssuer{
    "jwt-rule.unmatched-issuer",
    error,
    error,
    "no rule is for the issuer {found}; the rules are for {required}",
    "compare the token's iss with the issuers of the rules, character by character; a proxy answers 401, Jwt issuer is "
    "not configured",
    "envoy source/extensions/filters/http/jwt_authn/authenticator.cc"};
constexpr FindingSpec kRefusesToken{"jwt-rule.refuses-token",
                                    error,
                                    error,
                                    "{rule} refuses the token: {detail}",
                                    "{_next}",
                                    "envoy source/extensions/filters/http/jwt_authn/authenticator.cc"};
constexpr FindingSpec kNoneInProxy{
    "jwt-rule.none-in-proxy",
    error,
    error,
    "{proxy} verifies no token: it has no rule for tokens at all, and lets a forged one of the issuer {issuer} pass like "
    "any other; it needs a provider for this issuer",
    "is there a RequestAuthentication for this workload? kubectl get requestauthentication -A; does the newest "
    "configuration reach it? istioctl proxy-status",
    "istio pilot/pkg/security/authn/policy_applier.go"};
constexpr FindingSpec kNotInProxy{
    "jwt-rule.not-in-proxy",
    error,
    error,
    "{proxy} does not have the rule for the issuer \"{issuer}\": it has {found}, but needs a provider for this issuer",
    "see whether istiod has sent it (istioctl proxy-status) and refuses nothing of it (istioctl analyze); until then "
    "tokens of this issuer are not verified there",
    "istio pilot/pkg/security/authn/policy_applier.go"};
constexpr FindingSpec kDiffersInProxy{
    "jwt-rule.differs-in-proxy",
    error,
    error,
    "the rule of {proxy} for the issuer \"{issuer}\" differs: its {what} is {found}, the rule says {required}",
    "see whether istiod has sent the newest (istioctl proxy-status), and whether another RequestAuthentication has a "
    "rule for the same issuer",
    "istio pilot/pkg/security/authn/policy_applier.go"};

constexpr const FindingSpec* kSpecs[] = {&kInvalid,        &kNoKeySource,     &kTwoKeySources, &kNoUsableKey,
                                         &kKeysNotFetched, &kUnmatchedIssuer, &kRefusesToken,  &kNoneInProxy,
                                         &kNotInProxy,     &kDiffersInProxy};

constexpr std::string_view kAnyIssuer = "(any)";

bool is_http_url(std::string_view text) {
  return text.starts_with("https://") || text.starts_with("http://");
}

void check_rule(const Artifact& artifact, const Policy&, FindingSink& sink) {
  if (artifact.jwt_rule == nullptr) return;
  const JwtRule& rule = *artifact.jwt_rule;
  for (const std::string& refusal : rule.refusals) sink.report(kInvalid, artifact, {{"detail", refusal}});
  if (!rule.of_proxy && !rule.has_keys && rule.keys_uri.empty() && !rule.issuer.empty() &&
      !is_http_url(rule.issuer))
    sink.report(kNoKeySource, artifact, {{"found", rule.issuer}});
  if (!rule.of_proxy && rule.has_keys && !rule.keys_uri.empty())
    sink.report(kTwoKeySources, artifact, {{"uri", rule.keys_uri}});
  if (artifact.bundle != nullptr && std::ranges::none_of(artifact.bundle->keys, is_usable_by_proxy))
    sink.report(kNoUsableKey, artifact);
  if (!rule.not_fetched.empty())
    sink.report(kKeysNotFetched, artifact,
                {{"issuer", rule.issuer.empty() ? std::string(kAnyIssuer) : rule.issuer},
                 {"from", rule.not_fetched}});
}

std::string joined(const std::set<std::string>& values) {
  return base::some_of(values, kAnyIssuer);
}

using Rules = std::vector<const Artifact*>;

Rules rules_of(const Inventory& inventory) {
  Rules rules;
  for (const Artifact& artifact : inventory.artifacts)
    if (artifact.jwt_rule != nullptr) rules.push_back(&artifact);
  return rules;
}

// TokenJudge holds one token against the rules, which fall into sets: those of all
// RequestAuthentications, and those of each proxy. Of a set, one rule that takes it is enough.
class TokenJudge {
 public:
  TokenJudge(const Artifact& token, const Rules& rules, const Policy& policy, FindingSink& sink)
      : token_(token), rules_(rules), policy_(policy), sink_(sink) {}

  void run() {
    std::set<std::pair<std::string_view, std::string_view>> sets;
    for (const Artifact* rule : rules_)
      if (is_for_issuer(*rule, *token_.jwt)) sets.insert(set_of(*rule));
    if (sets.empty()) return check_unmatched();
    for (const auto& set : sets) check_set(set);
  }

 private:
  static std::pair<std::string_view, std::string_view> set_of(const Artifact& rule) {
    if (!rule.jwt_rule->of_proxy) return {};
    return {rule.source.file, rule.document};
  }

  // Tokens of the mesh itself lie beside rules for those of users, and are not for them.
  [[nodiscard]] bool is_of_mesh() const {
    return token_.jwt->is_svid() || service_account_of(token_.jwt->subject.value_or("")).has_value();
  }

  void check_unmatched() {
    if (rules_.empty() || (is_of_mesh() && !policy_.token.rules_asked)) return;
    std::set<std::string> issuers;
    for (const Artifact* rule : rules_) issuers.insert(rule->jwt_rule->issuer);
    sink_.report(kUnmatchedIssuer, token_,
                 {{"found", token_.jwt->issuer.value_or("(none)")}, {"required", joined(issuers)}});
  }

  void check_set(const std::pair<std::string_view, std::string_view>& set) {
    std::vector<std::pair<const Artifact*, RuleRefusal>> refusals;
    for (const Artifact* rule : rules_) {
      if (!is_for_issuer(*rule, *token_.jwt) || set_of(*rule) != set) continue;
      RuleRefusal refusal = refusal_of(*rule, *token_.jwt, policy_.at);
      if (refusal.detail.empty()) return;
      refusals.emplace_back(rule, std::move(refusal));
    }
    for (auto& [rule, refusal] : refusals)
      sink_.report(kRefusesToken, token_,
                   {{"rule", rule_title(*rule)}, {"detail", refusal.detail}, {"_next", refusal.next}});
  }

  const Artifact& token_;
  const Rules& rules_;
  const Policy& policy_;
  FindingSink& sink_;
};

std::string proxy_name(const KubernetesObject& proxy) {
  if (proxy.name.empty()) return "the proxy of " + proxy.source.file;
  return "the proxy " + proxy.name + "." + proxy.namespace_name;
}

// ProxyJudge holds the rules that are for one proxy against its providers.
class ProxyJudge {
 public:
  ProxyJudge(const KubernetesObject& proxy, const Rules& rules, FindingSink& sink)
      : proxy_(proxy), sink_(sink) {
    for (const Artifact* rule : rules)
      if (rule->jwt_rule->of_proxy && rule->source.file == proxy.source.file &&
          rule->document == proxy.as<ProxyConfig>()->document)
        providers_.push_back(rule);
  }

  void check(const Artifact& rule) {
    const Artifact* nearest = nullptr;
    std::vector<RuleDifference> least;
    for (const Artifact* provider : providers_) {
      if (provider->jwt_rule->issuer != rule.jwt_rule->issuer) continue;
      std::vector<RuleDifference> differences = compare_rules(rule, *provider);
      if (nearest != nullptr && differences.size() >= least.size()) continue;
      nearest = provider;
      least = std::move(differences);
    }
    if (nearest == nullptr) return report_missing(rule);
    for (const RuleDifference& difference : least)
      sink_.report(kDiffersInProxy, rule,
                   {{"proxy", proxy_name(proxy_)},
                    {"issuer", rule.jwt_rule->issuer},
                    {"provider", nearest->name},
                    {"what", difference.what},
                    {"found", difference.found},
                    {"required", difference.required}});
  }

 private:
  void report_missing(const Artifact& rule) {
    std::set<std::string> issuers;
    for (const Artifact* provider : providers_) issuers.insert(provider->jwt_rule->issuer);
    sink_.report(
        kNotInProxy, rule,
        {{"proxy", proxy_name(proxy_)},
         {"issuer", rule.jwt_rule->issuer},
         {"found", providers_.empty() ? "no rule for tokens at all" : "those for " + joined(issuers)}});
  }

  const KubernetesObject& proxy_;
  FindingSink& sink_;
  Rules providers_;
};

void check_proxies(const Inventory& inventory, const Rules& rules, FindingSink& sink) {
  const RuleScope scope(inventory);
  for (const auto& proxy : inventory.objects) {
    if (proxy->as<ProxyConfig>() == nullptr) continue;
    ProxyJudge judge(*proxy, rules, sink);
    for (const Artifact* rule : rules)
      if (rule->object != nullptr && scope.covers(*rule->object, *proxy)) judge.check(*rule);
  }
}

void check_tokens(const Inventory& inventory, const Rules& rules, const Policy& policy, FindingSink& sink) {
  const auto bare =
      policy.token.rules_asked ? bare_proxies(inventory) : std::vector<const KubernetesObject*>{};
  for (const Artifact& artifact : inventory.artifacts) {
    if (artifact.jwt == nullptr || artifact.jwt->is_json_form) continue;
    TokenJudge(artifact, rules, policy, sink).run();
    for (const KubernetesObject* proxy : bare)
      sink.report(kNoneInProxy, artifact,
                  {{"proxy", proxy_name(*proxy)}, {"issuer", artifact.jwt->issuer.value_or("(none)")}});
  }
}

void check_inventory(const Inventory& inventory, const Policy& policy, FindingSink& sink) {
  const Rules rules = rules_of(inventory);
  check_tokens(inventory, rules, policy, sink);
  check_proxies(inventory, rules, sink);
}

}  // namespace

extern const Check k_jwt_rule_check;
const Check k_jwt_rule_check{"jwt-rule", kSpecs, nullptr, &check_rule, &check_inventory};

}  // namespace meshcert::checks
