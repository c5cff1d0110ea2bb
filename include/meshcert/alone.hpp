#pragma once

#include <vector>

#include "meshcert/inspect.hpp"

namespace meshcert {

/// judge_alone runs the rules that look at one artifact, of those that `judge` runs:
/// none relates it to another, none checks a signature. What `sweep` does.
[[nodiscard]] std::vector<Finding> judge_alone(const Artifact& artifact, const Policy& policy,
                                               const Selection& selection);

/// is_dated: a finding of this code goes by the dates of a certificate, and of those beside it in its
/// artifact, or of a token, against the policy's instant.
[[nodiscard]] bool is_dated(std::string_view code);

/// judge_dates is judge_alone as far as findings are dated. It looks at names, dates and the CA flag, of
/// what is listed and of tokens too, so that an artifact made of rows does (--merge).
[[nodiscard]] std::vector<Finding> judge_dates(const Artifact& artifact, const Policy& policy,
                                               const Selection& selection);

/// goes_by_dates: its certificates are judged by their dates; false of what nobody presents or verifies
/// with (an answered request, a webhook that is switched off).
[[nodiscard]] bool goes_by_dates(const Artifact& artifact);

/// lives_too_long: the certificate at `index` is a workload's, and made to live longer than any should. It is
/// a finding (validity.long-lived-workload) while the certificate is valid.
[[nodiscard]] bool lives_too_long(const Artifact& artifact, std::size_t index);

/// reads_before is the order of all these findings: by place, and in one place the worst first.
[[nodiscard]] bool reads_before(const Finding& a, const Finding& b);

/// judge_defects does so with defects that belong to no artifact.
[[nodiscard]] std::vector<Finding> judge_defects(std::vector<Defect>&& defects, const Policy& policy,
                                                 const Selection& selection);

}  // namespace meshcert
