#include "report/sweep_text.hpp"

#include <fmt/format.h>

#include "base/escape.hpp"
#include "report/layout.hpp"
#include "report/rows.hpp"

namespace meshcert::report {

std::string changes_line(const Changes& changes) {
  return fmt::format("since {}: {} new, {} gone, {} renewed, {} due for renewal and not renewed",
                     changes.since ? to_rfc3339(*changes.since) : "never", changes.counts[0],
                     changes.counts[1], changes.counts[2], changes.counts[3]);
}

std::string name_of(const Expiry& expiry) {
  return expiry.name.empty() ? "(no name)" : base::escape_for_terminal(expiry.name);
}

std::string place_of(const Expiry::Place& place) {
  const std::string where = base::escape_for_terminal(to_string(place.source));
  return place.resource.empty() ? where : base::escape_for_terminal(place.resource) + " (" + where + ")";
}

std::string place_of(const Expiry& expiry) {
  if (expiry.places.empty()) return {};
  std::string text = place_of(expiry.places.front());
  if (expiry.count > 1) text += fmt::format(" and {}", counted(expiry.count - 1, "other place"));
  return text;
}

std::string headline(const SweepReport& sweep) {
  const bool none = sweep.summary.certificates == 0 && sweep.soonest.empty() && sweep.next == nullptr;
  if (none && sweep.expired_terms == 0) return "no certificate found";
  const std::uint64_t expired = sweep.histogram.of(0);
  std::string text;
  if (expired != 0) text = counted(expired, "certificate") + (expired == 1 ? " has" : " have") + " expired; ";
  if (const auto terms = sweep.expired_terms; terms != 0)
    text += fmt::format("{} that {} expired; ", terms,
                        terms == 1 ? "is only listed (or a token) has" : "are only listed (or tokens) have");
  if (sweep.next == nullptr) return text + "none is still valid";
  return text + fmt::format("next: {} expires {}", name_of(*sweep.next),
                            relative_time(sweep.next->not_after, sweep.report.policy.at));
}

std::string when_and_where(const SweepReport& sweep) {
  if (sweep.next == nullptr) return {};
  return fmt::format("at {}: {}", to_rfc3339(sweep.next->not_after), place_of(*sweep.next));
}

std::string coverage(const SweepReport& sweep) {
  const RowSummary& summary = sweep.summary;
  std::string text = fmt::format("{} ({}{} distinct) in {}, {}", counted(summary.certificates, "certificate"),
                                 sweep.distinct_exact ? "" : "more than ", sweep.distinct,
                                 counted(summary.artifacts, "resource"), counted(summary.inputs, "input"));
  if (summary.skipped != 0) text += fmt::format(" ({} skipped)", summary.skipped);
  if (sweep.filtered != 0) text += fmt::format(" ({} left out)", sweep.filtered);
  return text;
}

std::string shortfall(const SweepReport& sweep) {
  std::string text;
  if (sweep.summary.unread != 0) text += fmt::format(", {} unread", sweep.summary.unread);
  if (sweep.interrupted) text += ", interrupted";
  return text;
}

}  // namespace meshcert::report
