#pragma once

#include "checks/check.hpp"

namespace meshcert::checks {

/// Valid means notBefore <= at <= notAfter in whole seconds (RFC 5280 4.1.2.5);
/// the policy's skew widens both ends.
[[nodiscard]] bool is_expired(const Certificate& certificate, const Policy& policy);
[[nodiscard]] bool is_not_yet_valid(const Certificate& certificate, const Policy& policy);
[[nodiscard]] inline bool is_valid(const Certificate& certificate, const Policy& policy) {
  return !is_expired(certificate, policy) && !is_not_yet_valid(certificate, policy);
}

/// is_unused: nobody presents it or verifies with it. What a request was answered with stays in it when it
/// was long renewed; and by a webhook that is switched off nobody is called.
[[nodiscard]] bool is_unused(const Artifact& artifact);

/// is_critical: so little of its life is left that --critical or --critical-ca speaks.
[[nodiscard]] bool is_critical(const Certificate& certificate, const Policy& policy);

}  // namespace meshcert::checks
