#pragma once

#include <string>

#include "meshcert/report.hpp"

namespace meshcert::report {

/// findings_block sets the findings for reading, the worst first, each with its
/// code, its place, what was found and what to do; then what could not be read.
/// "" when there is neither.
[[nodiscard]] std::string findings_block(const Report& report, const RenderOptions& options);

/// coverage says what was looked at: "3 certificates in 2 resources, 1 input".
[[nodiscard]] std::string coverage(const Report& report);

/// summary_line is the verdict in one line: "fail: 3 certificates in ...".
[[nodiscard]] std::string summary_line(const Report& report, const RenderOptions& options);

}  // namespace meshcert::report
