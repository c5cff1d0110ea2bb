#pragma once

#include <vector>

#include "meshcert/inspect.hpp"

namespace meshcert {

/// judge_alone runs the rules that look at one artifact, of those that `judge` runs:
/// none relates it to another, none checks a signature. What `sweep` does.
[[nodiscard]] std::vector<Finding> judge_alone(const Artifact& artifact, const Policy& policy,
                                               const Selection& selection);

/// judge_defects does so with defects that belong to no artifact.
[[nodiscard]] std::vector<Finding> judge_defects(std::vector<Defect>&& defects, const Policy& policy,
                                                 const Selection& selection);

}  // namespace meshcert
