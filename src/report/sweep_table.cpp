// A sweep in a terminal: the first line answers what breaks next, when and where.

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "base/escape.hpp"
#include "base/words.hpp"
#include "meshcert/sweep.hpp"
#include "report/findings_block.hpp"
#include "report/layout.hpp"
#include "report/rows.hpp"
#include "report/sweep_text.hpp"

namespace meshcert {
namespace {

using report::counted;
using report::padded;
using report::Paint;
using report::painted;

constexpr std::size_t kNameColumns = 60;
constexpr std::size_t kBarColumns = 40;
constexpr std::size_t kWide = 120;

Paint paint_of(ValidityStatus status) {
  if (status == ValidityStatus::ok) return Paint::green;
  return status == ValidityStatus::warning ? Paint::yellow : Paint::red;
}

constexpr std::size_t kIndent = 15;  // as wide as EXPIRES and a space

std::string first_line(const SweepReport& sweep, const RenderOptions& options) {
  const std::string where = report::when_and_where(sweep);
  return report::hanging("", report::headline(sweep) + (where.empty() ? "" : ", ") + where, options.width);
}

std::string counts_line(const SweepReport& sweep, const RenderOptions& options) {
  const std::string_view word = sweep.summary.verdict;
  std::string text =
      report::hanging("",
                      fmt::format("{}: {}{}; at {}", word, report::coverage(sweep), report::shortfall(sweep),
                                  to_rfc3339(sweep.report.policy.at)),
                      options.width);
  // hanging counts columns, which paint has none of.
  return text.replace(0, word.size(),
                      painted(word, word == "pass" ? Paint::green : Paint::red, options.color));
}

std::string status_line(const SweepReport& sweep, const RenderOptions& options) {
  std::string text = "status:";
  for (std::size_t i = 0; i < kValidityStatuses; ++i)
    text += fmt::format(" {} {}{}", sweep.summary.statuses[i], to_string(static_cast<ValidityStatus>(i)),
                        i + 1 < kValidityStatuses ? "," : "\n");
  const std::string kinds = base::join(sweep.summary.kinds, "", [](const auto& kind_and_count) {
    return fmt::format("{} {}", kind_and_count.second, kind_and_count.first);
  });
  return kinds.empty() ? text : text + report::hanging("kind: ", kinds, options.width);
}

/// stacked: the name and the place stand below, where a line cannot hold them.
std::string stacked(const Expiry& expiry, Instant at, const RenderOptions& options) {
  const std::string indent(kIndent, ' ');
  return fmt::format("{} {} {}\n", padded(report::relative_time(expiry.not_after, at), kIndent - 1),
                     to_rfc3339(expiry.not_after),
                     painted(to_string(expiry.status), paint_of(expiry.status), options.color)) +
         report::hanging(indent, report::name_of(expiry), options.width) +
         report::hanging(indent, report::place_of(expiry), options.width);
}

std::string expiry_line(const Expiry& expiry, Instant at, std::size_t columns, const RenderOptions& options) {
  const std::string status = padded(to_string(expiry.status), sizeof "not-yet-valid");
  return fmt::format("{} {} {} {} {}\n", padded(report::relative_time(expiry.not_after, at), 14),
                     to_rfc3339(expiry.not_after), painted(status, paint_of(expiry.status), options.color),
                     padded(base::elide_middle(report::name_of(expiry), columns), columns),
                     report::place_of(expiry));
}

std::string other_places(const Expiry& expiry) {
  std::string text;
  for (std::size_t i = 1; i < expiry.places.size(); ++i)
    text += "               also " + report::place_of(expiry.places[i]) + "\n";
  if (expiry.count > expiry.places.size() && !expiry.places.empty())
    text += fmt::format("               and {} not listed\n",
                        counted(expiry.count - expiry.places.size(), "place"));
  return text;
}

std::string soonest_block(const SweepReport& sweep, const RenderOptions& options) {
  if (sweep.soonest.empty()) return {};
  std::size_t columns = 4;
  for (const Expiry* expiry : sweep.soonest)
    columns = std::max(columns, std::min(kNameColumns, base::display_width(report::name_of(*expiry))));
  constexpr std::size_t kOthers = 14 + 20 + sizeof "not-yet-valid" + 40;  // 40: of a place
  const bool narrow = options.width != 0 && options.width < columns + kOthers;
  const std::string head =
      fmt::format("{} {} {}", padded("EXPIRES", 14), padded("NOT AFTER", 20),
                  narrow ? "STATUS, NAME, WHERE" : padded("STATUS", sizeof "not-yet-valid"));
  std::string text =
      "\n" + painted(narrow ? head + "\n" : fmt::format("{} {} WHERE\n", head, padded("NAME", columns)),
                     Paint::bold, options.color);
  const Instant at = sweep.report.policy.at;
  for (const Expiry* expiry : sweep.soonest) {
    text += narrow ? stacked(*expiry, at, options) : expiry_line(*expiry, at, columns, options);
    if (options.verbose) text += other_places(*expiry);
  }
  return text;
}

std::string histogram_block(const SweepReport& sweep, const RenderOptions& options) {
  if (sweep.summary.certificates == 0) return {};
  const std::uint64_t most = sweep.histogram.most();
  std::string text = "\n" + painted("EXPIRE WITHIN\n", Paint::bold, options.color);
  for (std::size_t i = 0; i < kHistogramBins; ++i) {
    const std::uint64_t count = sweep.histogram.of(i);
    const auto bar = static_cast<std::size_t>((count * kBarColumns + most - 1) / most);
    text += fmt::format(
        "{}{:>9}{}{}\n", padded(histogram_bins()[i].label, 10), count, count == 0 ? "" : "  ",
        painted(std::string(bar, '#'), i == 0 ? Paint::red : Paint::cyan, options.color && count != 0));
  }
  return text;
}

std::string changes_block(const SweepReport& sweep) {
  if (!sweep.changes) return {};
  const Changes& changes = *sweep.changes;
  if (!changes.since) return "\nno state of an earlier run: this one is remembered\n";
  std::string text = "\n" + report::changes_line(changes) + "\n";
  for (const Change& change : changes.list)
    text += fmt::format("  {} {} {} {}\n", padded(to_string(change.kind), 8), to_rfc3339(change.not_after),
                        base::escape_for_terminal(change.name), base::escape_for_terminal(change.place));
  return text;
}

std::string codes_block(const SweepReport& sweep, const RenderOptions& options) {
  std::vector<std::pair<std::string_view, const CodeCount*>> order;
  for (const auto& [code, count] : sweep.codes) order.emplace_back(code, &count);
  std::ranges::stable_sort(
      order, [](const auto& a, const auto& b) { return a.second->severity > b.second->severity; });
  std::string text = order.empty() ? "" : "\n";
  for (const auto& [code, count] : order) {
    const Paint paint = count->severity == Severity::error     ? Paint::red
                        : count->severity == Severity::warning ? Paint::yellow
                                                               : Paint::cyan;
    const bool is_file = count->resource == count->first.file;
    const std::string where = report::place_of(Expiry::Place{count->first, is_file ? "" : count->resource});
    const std::string_view at = count->count == 1 ? "at" : "first at";
    text += fmt::format("{} {} {:>7}", painted(padded(to_string(count->severity), 8), paint, options.color),
                        padded(code, 32), count->count);
    // In a narrow terminal the place has lines of its own.
    const bool narrow = options.width != 0 && options.width < kWide;
    text += narrow ? "\n" + report::hanging("         ", fmt::format("{} {}", at, where), options.width)
                   : fmt::format("  {} {}\n", at, where);
  }
  return text;
}

std::string left_out(const SweepReport& sweep) {
  std::string text;
  if (sweep.findings_left_out != 0)
    text += fmt::format("{} more are counted above; -o ndjson shows each certificate with its findings\n",
                        counted(sweep.findings_left_out, "finding"));
  if (sweep.errors_left_out != 0) text += fmt::format("{} more\n", counted(sweep.errors_left_out, "error"));
  return text;
}

std::string findings_part(const SweepReport& sweep, const RenderOptions& options) {
  if (options.verbose) return report::findings_block(sweep.report, options) + left_out(sweep);
  Report errors;
  errors.inventory.errors = sweep.report.inventory.errors;
  return report::findings_block(errors, options);
}

}  // namespace

std::string render_sweep_table(const SweepReport& sweep, const RenderOptions& options) {
  std::string text;
  if (!options.quiet)
    text = first_line(sweep, options) + counts_line(sweep, options) + status_line(sweep, options) +
           soonest_block(sweep, options) + histogram_block(sweep, options) + changes_block(sweep);
  return text + codes_block(sweep, options) + findings_part(sweep, options);
}

}  // namespace meshcert
