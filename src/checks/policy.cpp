#include "meshcert/policy.hpp"

#include "meshcert/verification.hpp"

namespace meshcert {

std::string_view to_string(Profile profile) {
  return profile == Profile::istio ? "istio" : "spiffe";
}

bool Policy::asks_for_path() const {
  return verification != nullptr && verification->asked;
}

bool Policy::names_roots() const {
  return verification != nullptr && !verification->trusted.empty();
}

}  // namespace meshcert
