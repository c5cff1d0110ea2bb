#pragma once

#include <string>
#include <vector>

#include "meshcert/artifact.hpp"
#include "meshcert/inspect.hpp"
#include "meshcert/jwt.hpp"
#include "meshcert/kubernetes.hpp"

namespace meshcert::checks {

/// RuleRefusal is why a rule refuses a token, and what to do; without `detail`, it does not.
struct RuleRefusal {
  std::string detail, next;
};

/// refusal_of holds a token against a rule for its issuer, as Envoy does: subject, lifetime and
/// audiences, then the keys that stand in the rule. Of a rule whose keys are elsewhere, only the former.
[[nodiscard]] RuleRefusal refusal_of(const Artifact& rule, const Jwt& token, Instant at);

/// is_for_issuer: the rule is for tokens of this one's issuer, or of whatever issuer.
[[nodiscard]] bool is_for_issuer(const Artifact& rule, const Jwt& token);
/// rule_title names a rule for a message.
[[nodiscard]] std::string rule_title(const Artifact& rule);

/// bare_proxies are those without any rule, where no RequestAuthentication says which they
/// should have: only who holds a token against them expects one.
[[nodiscard]] std::vector<const KubernetesObject*> bare_proxies(const Inventory& inventory);

}  // namespace meshcert::checks
