#include "meshcert/time.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>

#include "base/ascii.hpp"
#include "base/rfc3339.hpp"

namespace meshcert {
namespace {

using std::chrono::days;

constexpr Instant kFirst = std::chrono::sys_days{std::chrono::year{1} / 1 / 1};
constexpr Instant kLast = std::chrono::sys_days{std::chrono::year{10000} / 1 / 1} - Seconds{1};
constexpr Seconds kLongest = kLast - kFirst;  // no sum of an Instant and a duration overflows

// Cursor takes a text apart from the left; every step says whether it could.
struct Cursor {
  std::string_view rest;

  bool number(std::size_t digits, int& value) {
    if (rest.size() < digits || !std::all_of(rest.begin(), rest.begin() + digits, base::is_digit))
      return false;
    std::from_chars(rest.data(), rest.data() + digits, value);
    rest.remove_prefix(digits);
    return true;
  }
  bool one_of(std::string_view characters, char& taken) {
    if (rest.empty() || characters.find(rest.front()) == std::string_view::npos) return false;
    taken = rest.front();
    rest.remove_prefix(1);
    return true;
  }
  bool literal(char c) {
    char taken{};
    return one_of({&c, 1}, taken);
  }
  /// fraction skips ".5"; true also where there is none.
  bool fraction() {
    if (!literal('.')) return true;
    const std::size_t digits = std::min(rest.find_first_not_of("0123456789"), rest.size());
    rest.remove_prefix(digits);
    return digits > 0;
  }
};

constexpr Reason kNotRfc3339 = "not an RFC 3339 time (2026-11-22T05:17:21Z)";

Result<std::chrono::sys_days, Reason> read_date(Cursor& cursor) {
  int year = 0, month = 0, day = 0;
  if (!(cursor.number(4, year) && cursor.literal('-') && cursor.number(2, month) && cursor.literal('-') &&
        cursor.number(2, day)))
    return fail(kNotRfc3339);
  if (year == 0) return fail(Reason("year 0000 is outside 0001 to 9999"));
  const std::chrono::year_month_day date{std::chrono::year{year},
                                         std::chrono::month{static_cast<unsigned>(month)},
                                         std::chrono::day{static_cast<unsigned>(day)}};
  if (!date.ok()) return fail(Reason("no such day in the calendar"));
  return std::chrono::sys_days{date};
}

Result<Seconds, Reason> read_clock(Cursor& cursor) {
  int hour = 0, minute = 0, second = 0;
  if (!(cursor.number(2, hour) && cursor.literal(':') && cursor.number(2, minute) && cursor.literal(':') &&
        cursor.number(2, second) && cursor.fraction()))
    return fail(kNotRfc3339);
  if (second == 60) return fail(Reason("leap seconds are not supported"));
  if (hour > 23 || minute > 59 || second > 59) return fail(Reason("no such time of day"));
  return std::chrono::hours{hour} + std::chrono::minutes{minute} + Seconds{second};
}

Result<Seconds, Reason> read_offset(Cursor& cursor) {
  char sign{};
  if (cursor.one_of("Zz", sign)) return Seconds{0};
  int hours = 0, minutes = 0;
  if (!cursor.one_of("+-", sign)) return fail(Reason("the offset is missing (Z or +01:00)"));
  if (!(cursor.number(2, hours) && cursor.literal(':') && cursor.number(2, minutes)))
    return fail(kNotRfc3339);
  if (hours > 23 || minutes > 59) return fail(Reason("no such offset from UTC"));
  const Seconds offset = std::chrono::hours{hours} + std::chrono::minutes{minutes};
  return sign == '-' ? -offset : offset;
}

// A row of a sweep has two times, and each place is written once: no format is parsed for them.
void put_digits(std::array<char, 20>& text, std::size_t at, std::size_t count, unsigned value) {
  for (std::size_t i = count; i-- > 0; value /= 10) text[at + i] = static_cast<char>('0' + value % 10);
}

struct Unit {
  char letter;
  std::int64_t seconds;
};
constexpr std::array kDurationUnits{Unit{'s', 1}, Unit{'m', 60}, Unit{'h', 3600}, Unit{'d', 86400},
                                    Unit{'w', 604800}};
constexpr std::array kHumanUnits{Unit{'y', 365 * 86400}, Unit{'d', 86400}, Unit{'h', 3600}, Unit{'m', 60},
                                 Unit{'s', 1}};

Result<double, Reason> parse_share(std::string_view text) {
  constexpr Reason kNotShare = "not a percentage from 0% to 100% (33%)";
  text.remove_suffix(1);
  if (text.empty() || !base::is_digit(text.front()) || !base::is_digit(text.back()) ||
      text.find_first_not_of("0123456789.") != std::string_view::npos)
    return fail(kNotShare);
  double percent = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), percent);
  if (error != std::errc{} || end != text.data() + text.size() || percent > 100) return fail(kNotShare);
  return percent / 100;
}

// Adds one part of a threshold; the reason why not, or nothing.
std::optional<Reason> add_part(Threshold& threshold, std::string_view part) {
  if (part.ends_with('%')) {
    const auto share = parse_share(part);
    if (!share) return share.error();
    if (threshold.share) return Reason("two percentages");
    threshold.share = *share;
    return std::nullopt;
  }
  const auto time = parse_duration(part);
  if (!time) return time.error();
  if (threshold.time) return Reason("two durations");
  threshold.time = *time;
  return std::nullopt;
}

}  // namespace

std::array<char, 20> base::rfc3339_text(Instant instant) {
  const auto day = std::chrono::floor<days>(instant);
  const std::chrono::year_month_day date{day};
  const auto second = static_cast<unsigned>((instant - day).count());
  std::array<char, 20> text = std::to_array(
      {'0', '0', '0', '0', '-', '0', '0', '-', '0', '0', 'T', '0', '0', ':', '0', '0', ':', '0', '0', 'Z'});
  put_digits(text, 0, 4, static_cast<unsigned>(static_cast<int>(date.year())));
  put_digits(text, 5, 2, static_cast<unsigned>(date.month()));
  put_digits(text, 8, 2, static_cast<unsigned>(date.day()));
  put_digits(text, 11, 2, second / 3600);
  put_digits(text, 14, 2, second / 60 % 60);
  put_digits(text, 17, 2, second % 60);
  return text;
}

std::string to_rfc3339(Instant instant) {
  const auto text = base::rfc3339_text(instant);
  return {text.data(), text.size()};
}

Result<Instant, Reason> parse_rfc3339(std::string_view text) {
  Cursor cursor{text};
  const auto date = read_date(cursor);
  if (!date) return fail(date.error());
  if (cursor.rest.empty()) return Instant{*date};
  char separator{};
  if (!cursor.one_of("Tt", separator)) return fail(kNotRfc3339);
  const auto clock = read_clock(cursor);
  if (!clock) return fail(clock.error());
  const auto offset = read_offset(cursor);
  if (!offset) return fail(offset.error());
  if (!cursor.rest.empty()) return fail(kNotRfc3339);
  const Instant instant = *date + *clock - *offset;
  if (instant < kFirst || instant > kLast) return fail(Reason("outside the years 0001 to 9999 in UTC"));
  return instant;
}

Result<Seconds, Reason> parse_duration(std::string_view text) {
  constexpr Reason kNotDuration = "not a duration: one number and one of s, m, h, d, w (90s, 12h, 30d)";
  if (text.size() < 2 || !std::all_of(text.begin(), text.end() - 1, base::is_digit))
    return fail(kNotDuration);
  const auto* unit = std::ranges::find(kDurationUnits, text.back(), &Unit::letter);
  if (unit == kDurationUnits.end()) return fail(kNotDuration);
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size() - 1, number);
  if (error != std::errc{} || number > kLongest.count() / unit->seconds)
    return fail(Reason("longer than 9999 years"));
  return Seconds{number * unit->seconds};
}

std::string humanize(Seconds duration) {
  // Negating as unsigned: the most negative number has no positive twin.
  const auto count = duration.count();
  std::uint64_t left = count < 0 ? 0 - static_cast<std::uint64_t>(count) : static_cast<std::uint64_t>(count);
  const auto* unit = std::ranges::find_if(
      kHumanUnits, [&](const Unit& u) { return left >= static_cast<std::uint64_t>(u.seconds); });
  if (unit == kHumanUnits.end()) return "0s";
  const auto first_seconds = static_cast<std::uint64_t>(unit->seconds);
  std::string text = fmt::format("{}{}", left / first_seconds, unit->letter);
  left %= first_seconds;
  if (++unit == kHumanUnits.end()) return text;
  const std::uint64_t second = left / static_cast<std::uint64_t>(unit->seconds);
  return second == 0 ? text : text + fmt::format(" {}{}", second, unit->letter);
}

Seconds Threshold::of(Seconds lifetime) const {
  if (!share) return time.value_or(Seconds{0});
  const Seconds part{
      static_cast<std::int64_t>(static_cast<double>(std::max(lifetime, Seconds{0}).count()) * *share)};
  return time ? std::min(*time, part) : part;
}

Result<Threshold, Reason> parse_threshold(std::string_view text) {
  Threshold threshold;
  for (bool more = true; more;) {
    const std::size_t comma = text.find(',');
    more = comma != std::string_view::npos;
    if (const auto reason = add_part(threshold, text.substr(0, comma))) return fail(*reason);
    text.remove_prefix(more ? comma + 1 : text.size());
  }
  return threshold;
}

}  // namespace meshcert
