#include "input/log_clock.hpp"

#include <chrono>

#include "input/log_time.hpp"

namespace meshcert::input {
namespace {

// The same day of another year; of 29 February the day after, where that year has none.
Instant in_year(Instant instant, std::chrono::year year) {
  const auto day = std::chrono::floor<std::chrono::days>(instant);
  const std::chrono::year_month_day date(day);
  return Instant(std::chrono::sys_days(year / date.month() / date.day())) + (instant - day);
}

}  // namespace

std::optional<Instant> LogClock::read(std::string_view line, Log& log) {
  const auto time = log_time(line);
  if (!time) return std::nullopt;
  if (!last_) log.yearless = time->yearless;
  last_ = log.yearless     ? without_year(time->instant)
          : time->yearless ? nearest(time->instant)
                           : time->instant;
  return last_;
}

Instant LogClock::without_year(Instant instant) {
  instant = in_year(instant, std::chrono::year(1972)) + later_;
  if (last_ && *last_ - instant > std::chrono::days(180)) {
    later_ += std::chrono::days(366);
    instant += std::chrono::days(366);
  }
  return instant;
}

Instant LogClock::nearest(Instant instant) const {
  const auto year = std::chrono::year_month_day(std::chrono::floor<std::chrono::days>(*last_)).year();
  const auto distance = [this](Instant other) { return std::chrono::abs(other - *last_); };
  Instant best = in_year(instant, year);
  for (const auto other : {year - std::chrono::years(1), year + std::chrono::years(1)})
    if (const Instant found = in_year(instant, other); distance(found) < distance(best)) best = found;
  return best;
}

}  // namespace meshcert::input
