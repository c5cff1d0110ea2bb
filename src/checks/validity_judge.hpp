#pragma once

#include "checks/check.hpp"

/// The findings of family validity that its own rules make, and the rules.
namespace meshcert::checks {

extern const FindingSpec kExpired;
extern const FindingSpec kNotYetValid;
extern const FindingSpec kInverted;
extern const FindingSpec kCritical;
extern const FindingSpec kExpiring;
extern const FindingSpec kRenewalOverdue;

/// Ends is how much may be left of a lifetime before it is critical, and before it is worth a warning.
struct Ends {
  Seconds critical, warn;
};
[[nodiscard]] Ends ends_of(bool is_ca, Seconds lifetime, const Policy& policy);

/// check_validity holds the dates of one certificate against the time asked about. Of expired, critical,
/// expiring and overdue only the worst is said.
void check_validity(const Subject& subject, const Policy& policy, FindingSink& sink);
/// check_stated does so for what an artifact states of certificates without their octets.
void check_stated(const Artifact& artifact, const Policy& policy, FindingSink& sink);
/// check_kept does so for what cert-manager says of certificates that it keeps, and looks at signing CAs.
void check_kept(const Inventory& inventory, const Policy& policy, FindingSink& sink);

}  // namespace meshcert::checks
