#include "checks/jwt_rule_compare.hpp"

#include <algorithm>
#include <set>

#include "base/words.hpp"
#include "checks/token_keys.hpp"
#include "meshcert/jwt_rule.hpp"

namespace meshcert::checks {
namespace {

bool has_label(const KubernetesObject::Labels& labels, std::string_view key, std::string_view value) {
  return std::ranges::any_of(labels,
                             [&](const auto& label) { return label.first == key && label.second == value; });
}

// The keys of a rule, so that two sets of them can be compared.
std::set<std::string> keys_of(const Artifact& rule) {
  std::set<std::string> keys;
  if (rule.bundle == nullptr) return keys;
  for (const BundleKey& key : rule.bundle->keys)
    keys.insert((key.kid.empty() ? "one without kid" : key.kid) + '\0' + std::string(as_text(key.spki)) +
                key.digest);
  return keys;
}

std::string kids(const std::set<std::string>& keys) {
  std::set<std::string> names;
  for (const std::string& key : keys) names.insert(key.substr(0, key.find('\0')));
  return base::some_of(names, "no keys");
}

void compare_keys(const Artifact& rule, const Artifact& provider, std::vector<RuleDifference>& out) {
  const JwtRule &wanted = *rule.jwt_rule, &got = *provider.jwt_rule;
  if (!got.not_fetched.empty()) return;
  if (!wanted.keys_uri.empty()) {
    if (!got.keys_uri.empty() && got.keys_uri != wanted.keys_uri)
      out.push_back({"URI of keys", got.keys_uri, wanted.keys_uri});
  } else if (rule.bundle != nullptr) {
    const auto has = keys_of(provider), should = keys_of(rule);
    if (has == should) return;
    const bool alike = kids(has) == kids(should);
    out.push_back({"keys", alike ? kids(has) + " with other numbers" : kids(has), kids(should)});
  }
}

}  // namespace

RuleScope::RuleScope(const Inventory& inventory) {
  for (const auto& object : inventory.objects) {
    if (object->as<RequestAuthentication>() == nullptr) continue;
    alone_ = only_ == nullptr;
    only_ = object.get();
  }
}

// A target is a Gateway, whose pods bear its name.
bool RuleScope::covers(const KubernetesObject& authentication, const KubernetesObject& proxy) const {
  const auto& spec = *authentication.as<RequestAuthentication>();
  if (proxy.name.empty()) return alone_;
  const bool in_root = authentication.namespace_name == "istio-system" && spec.targets.empty();
  const bool in_namespace =
      authentication.namespace_name.empty() || authentication.namespace_name == proxy.namespace_name;
  if (!in_namespace && !in_root) return false;
  const auto is_target = [&proxy](const ObjectRef& target) {
    return target.kind == "Gateway" &&
           has_label(proxy.labels, "gateway.networking.k8s.io/gateway-name", target.name);
  };
  if (!spec.targets.empty()) return std::ranges::any_of(spec.targets, is_target);
  if (proxy.as<ProxyConfig>()->node_type == "waypoint") return false;
  return std::ranges::all_of(
      spec.selector, [&](const auto& label) { return has_label(proxy.labels, label.first, label.second); });
}

std::vector<RuleDifference> compare_rules(const Artifact& rule, const Artifact& provider) {
  const JwtRule &wanted = *rule.jwt_rule, &got = *provider.jwt_rule;
  const std::set<std::string> has(got.audiences.begin(), got.audiences.end());
  const std::set<std::string> should(wanted.audiences.begin(), wanted.audiences.end());
  std::vector<RuleDifference> differences;
  if (has != should)
    differences.push_back({"audiences", base::some_of(has, "any"), base::some_of(should, "any")});
  if (got.locations != wanted.locations)
    differences.push_back({"places of the token", base::some_of(got.locations, "the usual ones"),
                           base::some_of(wanted.locations, "the usual ones")});
  compare_keys(rule, provider, differences);
  return differences;
}

}  // namespace meshcert::checks
