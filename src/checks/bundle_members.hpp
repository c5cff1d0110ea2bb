#pragma once

#include "checks/check.hpp"

/// The findings of family bundle about its certificates.
namespace meshcert::checks {

extern const FindingSpec kExpiredMember;
extern const FindingSpec kFutureMember;
extern const FindingSpec kNotACa;
extern const FindingSpec kDuplicateMember;

/// check_members reports members that are no CA where one is asked for, and copies.
void check_members(const Artifact& artifact, FindingSink& sink);

/// check_member_dates reports a member that is out of date while another is not; where none is
/// valid, the family validity speaks.
void check_member_dates(const Subject& subject, const Policy& policy, FindingSink& sink);

}  // namespace meshcert::checks
