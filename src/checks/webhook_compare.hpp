#pragma once

#include <span>

#include "checks/webhook_call.hpp"

namespace meshcert::checks {

/// compare_calls reports entries that hold another set of certificates than most entries of their service
/// do, and services of istiod that hold another one than most in its namespace. A bundle that is known to
/// be right comes before any number of others, and one that is known to be stale behind all.
void compare_calls(std::span<const WebhookCall> calls, const Policy& policy, FindingSink& sink);

}  // namespace meshcert::checks
