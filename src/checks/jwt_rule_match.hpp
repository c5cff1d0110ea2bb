#pragma once

#include <string>

#include "meshcert/artifact.hpp"
#include "meshcert/jwt.hpp"

namespace meshcert::checks {

/// RuleRefusal is why a rule refuses a token, and what to do; without `detail`, it does not.
struct RuleRefusal {
  std::string detail, next;
};

/// refusal_of holds a token against a rule for its issuer, as Envoy does: audiences, then the
/// keys that stand in the rule. Of a rule whose keys are elsewhere, only the former.
[[nodiscard]] RuleRefusal refusal_of(const Artifact& rule, const Jwt& token);

}  // namespace meshcert::checks
