#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "meshcert/inventory.hpp"
#include "meshcert/kubernetes.hpp"

namespace meshcert::checks {

/// RuleScope says whether the rules of a RequestAuthentication are for a proxy (istio
/// pilot/pkg/model/authentication.go).
class RuleScope {
 public:
  explicit RuleScope(const Inventory& inventory);

  /// covers: by namespace, labels and target. Where that cannot be told it does not, but for the
  /// one RequestAuthentication beside a dump that does not say whose it is.
  [[nodiscard]] bool covers(const KubernetesObject& authentication, const KubernetesObject& proxy) const;

 private:
  const KubernetesObject* only_ = nullptr;
  bool alone_ = false;
};

/// RuleDifference is one thing in which a provider is not what its rule says.
struct RuleDifference {
  std::string_view what;
  std::string found, required;
};

/// compare_rules compares a rule with a provider of the same issuer: audiences, where the token
/// is looked for, keys. Keys that istiod fetches are not compared.
[[nodiscard]] std::vector<RuleDifference> compare_rules(const Artifact& rule, const Artifact& provider);

}  // namespace meshcert::checks
