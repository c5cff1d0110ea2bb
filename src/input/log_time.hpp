#pragma once

#include <optional>
#include <string_view>

#include "meshcert/time.hpp"

namespace meshcert::input {

/// LogTime is when a line was written.
struct LogTime {
  Instant instant;
  bool yearless = false;  ///< klog: month and day in 1972, a leap year
};

/// log_time reads the time of a line as istiod, Envoy, ztunnel, klog, Go's log, their
/// JSON forms and kubectl's --timestamps and --prefix write it, near its beginning.
/// Times without an offset are UTC.
[[nodiscard]] std::optional<LogTime> log_time(std::string_view line);

}  // namespace meshcert::input
