// The timeline of the HTML page: a column for each span of time, and below, on the same
// axis, a bar for each of the certificates that end next. It is made to be read from
// afar: what has expired is left of the line that is now. Colours are those of the status,
// not of the time that is left: a day is much for a workload.

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/escape.hpp"
#include "report/layout.hpp"
#include "report/markup.hpp"
#include "report/page.hpp"
#include "report/rows.hpp"

namespace meshcert::report {
namespace {

constexpr std::size_t kLanes = 10;

// Short enough for a telephone.
constexpr std::array<std::string_view, kHistogramBins> kLabels{"past", "1 d", "7 d", "30 d", "90 d", "180 d",
                                                               "1 y",  "2 y", "5 y", "10 y", "later"};

std::string spoken(std::size_t bin, std::uint64_t count) {
  const std::string number = counted(count, "certificate");
  if (bin == 0) return number + " expired";
  const bool last = bin + 1 == kHistogramBins;
  return number + (last ? " later" : fmt::format(" within {}", histogram_bins()[bin].label));
}

// Five digits are too many for a column of a telephone.
std::string brief(std::uint64_t count) {
  if (count < 10'000) return std::to_string(count);
  return count < 1'000'000 ? fmt::format("{}k", count / 1000) : fmt::format("{}M", count / 1'000'000);
}

// From the bottom up: what is well stands on what is not.
constexpr std::array kStack{ValidityStatus::expired, ValidityStatus::critical, ValidityStatus::warning,
                            ValidityStatus::not_yet_valid, ValidityStatus::ok};

void add_column(Timeline& timeline, std::size_t bin, const Histogram& histogram, std::uint64_t most) {
  const std::uint64_t count = histogram.of(bin);
  timeline.markup +=
      fmt::format("<li{} aria-label=\"{}\"><span class=\"n\">{}</span><span class=\"bar\" id=\"b{}\">",
                  count == 0 ? " class=\"zero\"" : "", spoken(bin, count), brief(count), bin);
  if (count != 0)
    timeline.style += fmt::format("#b{}{{height:{}%}}", bin, std::max<std::uint64_t>(1, count * 100 / most));
  for (const ValidityStatus status : kStack) {
    const std::uint64_t part = histogram.of(bin, status);
    if (part == 0) continue;
    const std::string id = fmt::format("b{}s{}", bin, static_cast<int>(status));
    timeline.markup += fmt::format("<span class=\"fill {}\" id=\"{}\"></span>", to_string(status), id);
    timeline.style += fmt::format("#{}{{flex-grow:{}}}", id, part);
  }
  timeline.markup += fmt::format("</span><span class=\"t\">{}</span></li>\n", kLabels[bin]);
}

// How far along the axis an instant is, in percent of the way from now to the right end:
// columns are equally wide, and time is linear within one.
double position(Seconds remaining) {
  const auto& bins = histogram_bins();
  const std::size_t bin = histogram_bin(remaining);
  if (!bins[bin].within) return 97;
  const double from = bin == 1 ? 0 : static_cast<double>(bins[bin - 1].within->count());
  const double to = static_cast<double>(bins[bin].within->count());
  const double share = (static_cast<double>(remaining.count()) - from) / (to - from);
  return (static_cast<double>(bin - 1) + share) * 100 / static_cast<double>(kHistogramBins - 1);
}

// In brief: the object, or the file.
std::string where_of(const Expiry& expiry) {
  if (expiry.places.empty()) return {};
  const Expiry::Place& place = expiry.places.front();
  const std::string where = place.resource.empty() ? place.source.file : place.resource;
  return expiry.count == 1 ? where : where + fmt::format(" and {}", counted(expiry.count - 1, "other place"));
}

void add_lane(Timeline& timeline, std::size_t number, const Expiry& expiry, Instant at) {
  const Seconds remaining = expiry.not_after - at;
  const std::string name = markup(expiry.name.empty() ? "(no name)" : expiry.name);
  timeline.markup += fmt::format(
      "<li><span class=\"who\" title=\"{1}\"><b>{1}</b> {4}</span><span class=\"when {0}\">{2}</span>"
      "<span class=\"track\"><span class=\"fill {0}\" id=\"l{3}\"></span></span></li>\n",
      to_string(expiry.status), name, relative_time(expiry.not_after, at), number, markup(where_of(expiry)));
  timeline.style += fmt::format("#l{}{{width:{:.2f}%}}", number, position(remaining));
}

void add_lanes(Timeline& timeline, const SweepReport& sweep) {
  const Instant at = sweep.report.policy.at;
  std::vector<const Expiry*> next;
  for (const Expiry* expiry : sweep.soonest)
    if (expiry->not_after >= at && next.size() < kLanes) next.push_back(expiry);
  if (next.empty() && sweep.next != nullptr) next.push_back(sweep.next);
  if (next.empty()) return;
  timeline.markup += "<ol class=\"lanes\" aria-label=\"What expires next\">\n";
  for (std::size_t i = 0; i < next.size(); ++i) add_lane(timeline, i, *next[i], at);
  timeline.markup += "</ol>\n";
}

}  // namespace

Timeline page_timeline(const SweepReport& sweep) {
  Timeline timeline;
  if (sweep.summary.certificates == 0) return timeline;
  timeline.markup =
      "<section aria-labelledby=\"when\">\n<h2 id=\"when\">What expires when</h2>\n"
      "<p class=\"soft\">Certificates by the time that is left, coloured by status; the line is now.</p>\n<ol class=\"bins\">\n";
  const std::uint64_t most = sweep.histogram.most();
  for (std::size_t bin = 0; bin < kHistogramBins; ++bin) add_column(timeline, bin, sweep.histogram, most);
  timeline.markup += "</ol>\n";
  add_lanes(timeline, sweep);
  timeline.markup += "</section>\n";
  return timeline;
}

}  // namespace meshcert::report
