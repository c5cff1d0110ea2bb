#include "meshcert/log.hpp"

#include <algorithm>

namespace meshcert {
namespace {

constexpr Seconds kQuiet = std::chrono::minutes(10);
constexpr int kPauses = 3;

// A certificate that was issued ends every failure of the same pod to get one. Of more pods than are told
// apart the others stand for the rest.
bool was_mended(const Log& log, const LogGroup& group) {
  if (!gets_certificate(*group.pattern) || group.origins.empty()) return false;
  return std::ranges::all_of(group.origins, [&log](const LogOrigin& failed) {
    return std::ranges::any_of(log.groups, [&failed](const LogGroup& other) {
      if (!is_issued(*other.pattern)) return false;
      const auto same = std::ranges::find(other.origins, failed.name, &LogOrigin::name);
      return same != other.origins.end() && same->last > failed.last;
    });
  });
}

}  // namespace

bool gets_certificate(const LogPattern& pattern) {
  return pattern.cause == LogCause::signing_failed || pattern.cause == LogCause::renewal_failed;
}

bool is_issued(const LogPattern& pattern) {
  return pattern.literal == "generated new workload certificate";
}

std::string_view to_string(LogCourse course) {
  switch (course) {
    case LogCourse::unknown:
      return "unknown";
    case LogCourse::recent:
      return "recent";
    case LogCourse::transient:
      return "transient";
    case LogCourse::persistent:
      return "persistent";
  }
  return "";
}

LogCourse course_of(const Log& log, const LogGroup& group) {
  if (!group.last || !log.last) return LogCourse::unknown;
  const Seconds quiet = *log.last - *group.last;
  if (was_mended(log, group)) return LogCourse::transient;
  if (quiet >= kQuiet && quiet >= kPauses * group.longest_pause) return LogCourse::transient;
  return *log.last - *group.first < kQuiet ? LogCourse::recent : LogCourse::persistent;
}

Instant in_year_of(const Log& log, Instant instant, Instant at) {
  if (!log.yearless || !log.last) return instant;
  using namespace std::chrono;
  const auto shifted = [](Instant moment, int years) {
    const auto day = floor<days>(moment);
    const year_month_day date = year_month_day{day} + std::chrono::years{years};
    const sys_days moved = date.ok() ? sys_days{date} : sys_days{date.year() / date.month() / last};
    return Instant{moved} + (moment - day);
  };
  int years = static_cast<int>(year_month_day{floor<days>(at)}.year()) - 1972;
  // A day of grace: the writer's clock may be ahead.
  while (years > 0 && shifted(*log.last, years) > at + days(1)) --years;
  return shifted(instant, years);
}

}  // namespace meshcert
