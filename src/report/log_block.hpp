#pragma once

#include <string>

#include "meshcert/log.hpp"
#include "meshcert/time.hpp"
#include "report/json_text.hpp"

namespace meshcert::report {

/// log_line says in one line what a log is: its lines, its time, its known lines.
/// Escaped.
[[nodiscard]] std::string log_line(const Log& log, Instant at);

/// log_lines is one line for each group: what it means, how often, when. Escaped.
[[nodiscard]] std::vector<std::string> log_lines(const Log& log, Instant at);

/// log_json is the payload `log` of an artifact.
[[nodiscard]] Json log_json(const Log& log, Instant at);

}  // namespace meshcert::report
