// A sweep under a pull request or in a job's summary: what breaks next, what ends
// soonest, and how often each finding was made, with an example of each and its fix.

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <vector>

#include "base/escape.hpp"
#include "meshcert/sweep.hpp"
#include "report/finding_text.hpp"
#include "report/layout.hpp"
#include "report/markdown_text.hpp"
#include "report/rows.hpp"
#include "report/sweep_text.hpp"

namespace meshcert {
namespace {

using namespace report;

// Comments are cut off at 65536 characters.
constexpr std::size_t kSoonest = 50, kCodes = 60, kErrors = 20;
constexpr std::size_t kColumns = 120;  // of a name or a place

std::string cell(const std::string& escaped) {
  return markdown_cell(base::elide_middle(escaped, kColumns));
}

std::string soonest(const SweepReport& sweep) {
  if (sweep.soonest.empty()) return {};
  std::string out = "\n| expires | not after | status | name | where |\n|---|---|---|---|---|\n";
  const std::size_t shown = std::min(sweep.soonest.size(), kSoonest);
  for (std::size_t i = 0; i < shown; ++i) {
    const Expiry& expiry = *sweep.soonest[i];
    out += fmt::format("| {} | {} | {} | {} | {} |\n",
                       relative_time(expiry.not_after, sweep.report.policy.at), to_rfc3339(expiry.not_after),
                       to_string(expiry.status), cell(name_of(expiry)), cell(place_of(expiry)));
  }
  return out;
}

/// examples maps a code to the first finding of it.
std::map<std::string_view, const Finding*> examples(const SweepReport& sweep) {
  std::map<std::string_view, const Finding*> first;
  for (const Finding& finding : sweep.report.findings) first.emplace(finding.spec->code, &finding);
  return first;
}

std::string item(const CodeCount& count, const Finding* example) {
  std::string out = fmt::format("- **{}** `{}`: {}<br>\n", to_string(count.severity), count.spec->code,
                                counted(count.count, "time"));
  if (example == nullptr)
    return out + fmt::format("  first at {}\n", cell(place_of({count.first, count.resource})));
  const std::string owner = whose(*example);
  return out + fmt::format("  {}{}{}<br>\n  at {}<br>\n  **fix:** {}\n",
                           markdown_code(base::elide_middle(owner, kColumns)), owner.empty() ? "" : ": ",
                           markdown_text(message_of(*example)),
                           markdown_code(base::elide_middle(place(example->where), kColumns)),
                           markdown_prose(fix_of(*example)));
}

std::string findings(const SweepReport& sweep) {
  std::vector<const CodeCount*> order;
  for (const auto& [code, count] : sweep.codes) order.push_back(&count);
  std::ranges::stable_sort(order,
                           [](const CodeCount* a, const CodeCount* b) { return a->severity > b->severity; });
  const auto first = examples(sweep);
  std::string out = order.empty() ? "" : "\n";
  for (std::size_t i = 0; i < std::min(order.size(), kCodes); ++i) {
    const auto example = first.find(order[i]->spec->code);
    out += item(*order[i], example == first.end() ? nullptr : example->second);
  }
  return order.size() <= kCodes
             ? out
             : out + fmt::format("\n{} more codes are not shown here.\n", order.size() - kCodes);
}

std::string errors(const SweepReport& sweep) {
  const auto& all = sweep.report.inventory.errors;
  const std::size_t shown = std::min(all.size(), kErrors);
  std::string out = all.empty() ? "" : "\n";
  for (std::size_t i = 0; i < shown; ++i)
    out += fmt::format("- **unread** {}<br>\n  {}\n",
                       markdown_code(base::elide_middle(place(all[i].where), kColumns)),
                       markdown_text(all[i].message));
  const std::uint64_t more = all.size() - shown + sweep.errors_left_out;
  return more == 0 ? out : out + fmt::format("\n{} more could not be read.\n", more);
}

}  // namespace

std::string render_sweep_markdown(const SweepReport& sweep, const RenderOptions& options) {
  const RowSummary& summary = sweep.summary;
  const std::string where = when_and_where(sweep);
  std::string out = fmt::format(
      "### meshcert sweep: {}\n\n**{}**{}{}\n\n{}: {}, {}, {} info; at {}\n", summary.verdict,
      markdown_text(headline(sweep)), where.empty() ? "" : "<br>\n", markdown_text(where),
      coverage(sweep) + shortfall(sweep), counted(summary.findings[2], "error"),
      counted(summary.findings[1], "warning"), summary.findings[0], to_rfc3339(sweep.report.policy.at));
  if (!options.quiet) out += soonest(sweep);
  return out + errors(sweep) + findings(sweep);
}

}  // namespace meshcert
