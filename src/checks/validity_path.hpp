#pragma once

#include <string>

#include "checks/check.hpp"

namespace meshcert::checks {

extern const FindingSpec kOutlivesIssuer;
extern const FindingSpec kEffectiveExpiry;

/// role_words: "leaf certificate", as messages of the family begin.
[[nodiscard]] std::string role_words(const Subject& subject);

/// check_path_end reports a certificate that ends later than its issuer, and of a leaf
/// when its path ends, if that is before it does. What has expired is told elsewhere.
void check_path_end(const Subject& subject, const Policy& policy, FindingSink& sink);

}  // namespace meshcert::checks
