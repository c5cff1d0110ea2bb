#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "meshcert/result.hpp"

namespace meshcert {

/// Instant is a point in time in whole seconds, UTC: years 0000 to 9999, of text 0001 to 9999.
using Instant = std::chrono::sys_seconds;
using Seconds = std::chrono::seconds;

/// to_rfc3339 renders "2026-11-22T05:17:21Z".
[[nodiscard]] std::string to_rfc3339(Instant instant);

/// parse_rfc3339 reads an RFC 3339 date-time with any offset; a fraction of a
/// second is cut off. A bare date ("2027-01-01") is midnight UTC.
[[nodiscard]] Result<Instant, Reason> parse_rfc3339(std::string_view text);

/// parse_duration reads "90s", "15m", "12h", "30d", "2w" (one number, one unit).
[[nodiscard]] Result<Seconds, Reason> parse_duration(std::string_view text);

/// humanize renders a length of time in its two largest units: "3y 190d",
/// "11h 42m", "45s", "0s". The sign is dropped: say "ago" or "in" around it.
[[nodiscard]] std::string humanize(Seconds duration);

/// Threshold is "how much life may be left before we speak": an absolute time,
/// a share of the certificate's own lifetime, or both, and then the smaller
/// counts. One setting so judges a 24 h leaf and a 10-year root sensibly.
struct Threshold {
  std::optional<Seconds> time;
  std::optional<double> share;  ///< 0.33 is 33 %

  /// of returns the limit for a certificate of this lifetime.
  [[nodiscard]] Seconds of(Seconds lifetime) const;
};

/// parse_threshold reads "30d", "33%" or "30d,33%" (in either order).
[[nodiscard]] Result<Threshold, Reason> parse_threshold(std::string_view text);

}  // namespace meshcert
