#pragma once

#include "checks/check.hpp"

namespace meshcert::checks {

/// check_signing_cas reports a CA of istiod's that ends later than one above it, whose certificates
/// are other values of the Secret or other files: what it issues is cut to its own end alone.
void check_signing_cas(const Inventory& inventory, const Policy& policy, FindingSink& sink);

}  // namespace meshcert::checks
