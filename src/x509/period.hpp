#pragma once

#include "meshcert/time.hpp"

/// Dates against a time that is judged at: each end is widened by the skew of clocks, and belongs to the
/// period.
namespace meshcert::x509 {

[[nodiscard]] constexpr bool has_begun(Instant begin, Instant at, Seconds skew) {
  return begin - skew <= at;
}

[[nodiscard]] constexpr bool has_ended(Instant end, Instant at, Seconds skew) {
  return end + skew < at;
}

}  // namespace meshcert::x509
