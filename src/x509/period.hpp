#pragma once

#include "meshcert/certificate.hpp"
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

[[nodiscard]] constexpr bool is_valid_at(const Certificate& certificate, Instant at, Seconds skew) {
  return has_begun(certificate.not_before, at, skew) && !has_ended(certificate.not_after, at, skew);
}

}  // namespace meshcert::x509
