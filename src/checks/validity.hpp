#pragma once

#include "checks/check.hpp"

namespace meshcert::checks {

/// Valid means notBefore <= at <= notAfter in whole seconds (RFC 5280 4.1.2.5);
/// the policy's skew widens both ends.
[[nodiscard]] bool is_expired(const Certificate& certificate, const Policy& policy);
[[nodiscard]] bool is_not_yet_valid(const Certificate& certificate, const Policy& policy);

/// outlived_by_others: a member of a bundle that still holds a valid one. Its
/// expiry then stops nobody by itself: bundle.expired-member says it.
[[nodiscard]] bool outlived_by_others(const Subject& subject, const Policy& policy);

}  // namespace meshcert::checks
