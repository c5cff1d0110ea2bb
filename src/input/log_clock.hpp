#pragma once

#include <optional>
#include <string_view>

#include "meshcert/log.hpp"

namespace meshcert::input {

/// LogClock gives times of one log an order. klog's have no year: a long step back is the next
/// one, and among lines with years it is whichever is nearest to the line before.
class LogClock {
 public:
  /// read is the time of a line, null where it has none. Sets Log::yearless with the first.
  std::optional<Instant> read(std::string_view line, Log& log);

 private:
  Instant without_year(Instant instant);
  [[nodiscard]] Instant nearest(Instant instant) const;

  std::optional<Instant> last_;
  Seconds later_{0};
};

}  // namespace meshcert::input
