#pragma once

#include <string>
#include <vector>

#include "meshcert/inspect.hpp"
#include "meshcert/jwt.hpp"
#include "meshcert/policy.hpp"

namespace meshcert {

/// TokenSignature says what the signature of a token was held against.
struct TokenSignature {
  bool held = false;       ///< against keys: a token that they do not verify has a finding
  bool by_secret = false;  ///< a rule's shared secret may have made it: no set of keys verifies it
  bool has_rules = false;  ///< rules for its issuer are at hand
  std::string keys;        ///< held: whose keys; else why there are none, "" where none were given
  std::string keys_uri;    ///< where a rule without keys has them from; "" where none says so
};

/// token_signature: a rule without keys takes any signature, so that one of them among those
/// for its issuer leaves it unverified.
[[nodiscard]] TokenSignature token_signature(const Jwt& jwt, const Inventory& inventory,
                                             const TokenExpectation& told);

/// TokenRules are the rules for a token's issuer, named as messages name them.
struct TokenRules {
  std::vector<std::string> satisfied;  ///< their keys verify it, and all else is as they ask
  std::vector<std::string> unproven;   ///< all else is, and their keys are elsewhere or a secret
  std::vector<std::string> refusing;   ///< they refuse it, or it is no token for any: its time, its algorithm
};
[[nodiscard]] TokenRules token_rules(const Jwt& jwt, const Inventory& inventory, const Policy& policy);

}  // namespace meshcert
