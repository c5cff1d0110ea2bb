#pragma once

#include "checks/check.hpp"

namespace meshcert::checks {

extern const FindingSpec kLongLivedWorkload;

/// check_lifetime: a workload's certificate is for hours or days, and nothing revokes it.
void check_lifetime(const Subject& subject, FindingSink& sink);

}  // namespace meshcert::checks
