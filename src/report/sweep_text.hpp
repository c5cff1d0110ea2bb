#pragma once

#include <string>

#include "meshcert/sweep.hpp"

namespace meshcert::report {

/// How people read a sweep, whatever the format. All text is escaped for a terminal; a
/// format escapes it further as it needs.

/// headline answers what breaks next, and in how long; when_and_where goes on ("at
/// 2024-01-02T00:00:00Z: a/gw.pem"), "" when nothing does.
[[nodiscard]] std::string headline(const SweepReport& sweep);
[[nodiscard]] std::string when_and_where(const SweepReport& sweep);

/// coverage says how much was looked at: "3 certificates (2 distinct) in 2 resources, 1 input".
[[nodiscard]] std::string coverage(const SweepReport& sweep);

/// shortfall goes on with what could not be: ", 2 unread, interrupted"; "" for a whole run.
[[nodiscard]] std::string shortfall(const SweepReport& sweep);

/// changes_line counts what changed since an earlier run: "since 2024-01-01T00:00:00Z: 1 new, 0 gone, ...".
[[nodiscard]] std::string changes_line(const Changes& changes);

/// name_of says whose it is; "(no name)" where nobody says.
[[nodiscard]] std::string name_of(const Expiry& expiry);

/// place_of is the resource and the file, line and pointer; of a certificate the first,
/// and how many more there are.
[[nodiscard]] std::string place_of(const Expiry::Place& place);
[[nodiscard]] std::string place_of(const Expiry& expiry);

}  // namespace meshcert::report
