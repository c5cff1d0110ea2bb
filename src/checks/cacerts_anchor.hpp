#pragma once

#include <vector>

#include "checks/cacerts_judge.hpp"
#include "path/verify.hpp"

/// Why the certificate of a CA does not verify to its own root, for the words of
/// cacerts.root-does-not-anchor.
namespace meshcert::checks {

/// find_unknown_constraints is the first certificate of a path that Go refuses for a critical extension,
/// because it constrains names of a kind that Go knows no constraints on; null where there is none.
[[nodiscard]] const Certificate* find_unknown_constraints(const path::Path& path);

[[nodiscard]] std::vector<Fact> facts_of_constraints(const SigningCa& ca, const Certificate& refused);
[[nodiscard]] std::vector<Fact> facts_of_fault(const SigningCa& ca, const path::Fault& fault,
                                               const Policy& policy);

}  // namespace meshcert::checks
