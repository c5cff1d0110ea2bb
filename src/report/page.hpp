#pragma once

#include <string>
#include <string_view>

#include "meshcert/sweep.hpp"

namespace meshcert::report {

/// Parts of the HTML page. All text that came from an input is escaped in them.

/// Timeline is the chart of what ends when, and the rules of style that say how
/// large its bars are: a page that may not be styled from outside has no style="".
struct Timeline {
  std::string markup, style;
};
[[nodiscard]] Timeline page_timeline(const SweepReport& sweep);

/// page_findings lists findings by code, the worst first, each with its fix, and what
/// could not be read; bounded, and what is left out is counted. "" when there are none.
[[nodiscard]] std::string page_findings(const SweepReport& sweep);

/// page_data is the certificates as JSON that may stand within a script element:
/// arrays in the order that page.js names.
[[nodiscard]] std::string page_data(const SweepReport& sweep);

/// condense makes of a whole report what a sweep keeps of its inputs. What ends
/// soonest is looked up in `soonest`, which must outlive it.
[[nodiscard]] SweepReport condense(const Report& report, Soonest& soonest);

}  // namespace meshcert::report
