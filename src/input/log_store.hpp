#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "meshcert/limits.hpp"

namespace meshcert::input {

/// stored_log_lines are the texts that another program has put into this line, each one line or
/// several: a runtime or a collector of logs in JSON (Docker's "log", a collector's "message"), or a
/// store of logs that exports them (Loki's `TIME {labels} LINE` and "line", Google's "textPayload",
/// OpenTelemetry's "body", Splunk's "_raw"). None where it is a line of its own.
[[nodiscard]] std::vector<std::string> stored_log_lines(std::string_view line, const Limits& limits);

/// log_labels is what Loki's own program puts behind the time, `{app="istiod", pod="istiod-1"}`; ""
/// where there is none.
[[nodiscard]] std::string_view log_labels(std::string_view line);

}  // namespace meshcert::input
