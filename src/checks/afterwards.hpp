#pragma once

#include <vector>

#include "meshcert/inspect.hpp"

/// What is left out of the findings of a run once all are known.
namespace meshcert::checks {

/// keep_of_gateways leaves out, where the verb asks about gateways, what concerns none.
void keep_of_gateways(const Inventory& inventory, const Policy& policy, std::vector<Finding>& findings);

/// say_once leaves out the empty half of a pair where it is said with those who present it.
void say_once(std::vector<Finding>& findings);

}  // namespace meshcert::checks
