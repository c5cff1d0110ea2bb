#pragma once

#include "checks/check.hpp"

namespace meshcert::checks {

extern const FindingSpec kRenewalOverdue;

/// check_managed_renewal: what cert-manager was to renew by now, by its own word, and did
/// not. Of a certificate that is near its end or over, more is said elsewhere.
void check_managed_renewal(const Inventory& inventory, const Policy& policy, FindingSink& sink);

}  // namespace meshcert::checks
