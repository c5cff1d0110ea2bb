#include <array>
#include <chrono>
#include <string_view>

#include "x509/decode.hpp"

/// Times (RFC 5280 4.1.2.5): "YYMMDDHHMMSSZ" and "YYYYMMDDHHMMSSZ", nothing else.
///
/// Deviations: forms that OpenSSL reads are read and noted: no seconds, an offset
/// from UTC instead of "Z", a fraction of a second (cut off). GeneralizedTime
/// before 2050 is not noted: it is DER, and nobody refuses it. Second 60 is refused.
/// Year 0000 is read, though RFC 3339 text from users is not: BoringSSL and Go take
/// it, and certificates that are to be valid for ever have it.
namespace meshcert::x509 {
namespace {

/// Digits takes decimal numbers from the front of a text.
class Digits {
 public:
  explicit Digits(std::string_view text) : rest_(text) {}

  [[nodiscard]] bool next_is_digit() const { return !rest_.empty() && value_of(rest_[0]) < 10; }
  /// take_two reads a number of exactly two digits.
  [[nodiscard]] std::optional<unsigned> take_two() {
    if (rest_.size() < 2) return std::nullopt;
    const unsigned tens = value_of(rest_[0]), ones = value_of(rest_[1]);
    if (tens > 9 || ones > 9) return std::nullopt;
    rest_.remove_prefix(2);
    return tens * 10 + ones;
  }
  void skip_digits() {
    while (next_is_digit()) rest_.remove_prefix(1);
  }
  [[nodiscard]] bool take_character(char c) {
    if (!rest_.starts_with(c)) return false;
    rest_.remove_prefix(1);
    return true;
  }
  [[nodiscard]] bool at_end() const { return rest_.empty(); }
  static unsigned value_of(char c) { return static_cast<unsigned char>(c) - unsigned{'0'}; }

 private:
  std::string_view rest_;
};

/// Of the two digits of a UTCTime, 50 to 99 are 1950 to 1999.
constexpr unsigned full_year(unsigned two_digits) {
  return two_digits + (two_digits < 50 ? 2000 : 1900);
}

struct Time {
  Instant instant{};
  bool canonical = true;
};

std::optional<Instant> date_of(unsigned year, unsigned month, unsigned day) {
  const auto date =
      std::chrono::year(static_cast<int>(year)) / std::chrono::month(month) / std::chrono::day(day);
  return date.ok() ? std::optional<Instant>(std::chrono::sys_days(date)) : std::nullopt;
}

/// "YYMMDDHHMMSSZ", as nearly all times are: its digits at once, where taking them one by one asks after
/// each.
std::optional<Instant> plain_utc_time(std::string_view text) {
  if (text.size() != 13 || text[12] != 'Z') return std::nullopt;
  std::array<unsigned, 6> pairs{};
  bool digits = true;
  for (std::size_t i = 0; i < pairs.size(); ++i) {
    const unsigned tens = Digits::value_of(text[2 * i]), ones = Digits::value_of(text[2 * i + 1]);
    digits = digits && tens <= 9 && ones <= 9;
    pairs[i] = tens * 10 + ones;
  }
  const auto [year, month, day, hour, minute, second] = pairs;
  if (!digits || hour > 23 || minute > 59 || second > 59) return std::nullopt;
  const auto date = date_of(full_year(year), month, day);
  if (!date) return std::nullopt;
  return *date + std::chrono::hours(hour) + std::chrono::minutes(minute) + Seconds(second);
}

std::optional<unsigned> take_year(Digits& digits, der::Tag type) {
  const auto first = digits.take_two();
  if (!first) return std::nullopt;
  if (type == der::kUtcTime) return full_year(*first);
  const auto second = digits.take_two();
  if (!second) return std::nullopt;
  return *first * 100 + *second;
}

std::optional<Instant> take_date(Digits& digits, der::Tag type) {
  const auto year = take_year(digits, type);
  const auto month = digits.take_two();
  const auto day = digits.take_two();
  if (!year || !month || !day) return std::nullopt;
  return date_of(*year, *month, *day);
}

std::optional<Seconds> take_clock(Digits& digits, bool& canonical) {
  const auto hour = digits.take_two();
  const auto minute = digits.take_two();
  if (!hour || !minute || *hour > 23 || *minute > 59) return std::nullopt;
  auto clock = std::chrono::hours(*hour) + std::chrono::minutes(*minute) + Seconds(0);
  if (!digits.next_is_digit()) {
    canonical = false;
    return clock;
  }
  const auto second = digits.take_two();
  if (!second || *second > 59) return std::nullopt;
  return clock + Seconds(*second);
}

bool skip_fraction(Digits& digits, bool& canonical) {
  if (!digits.take_character('.')) return true;
  canonical = false;
  if (!digits.next_is_digit()) return false;
  digits.skip_digits();
  return true;
}

/// "Z", or "+hhmm" and "-hhmm": what local time is ahead of UTC.
std::optional<Seconds> take_zone(Digits& digits, bool& canonical) {
  if (digits.take_character('Z')) return Seconds(0);
  canonical = false;
  const bool behind = digits.take_character('-');
  if (!behind && !digits.take_character('+')) return std::nullopt;
  const auto hours = digits.take_two();
  const auto minutes = digits.take_two();
  // OpenSSL bounds them so.
  if (!hours || !minutes || *hours > 12 || *minutes > 59) return std::nullopt;
  const Seconds ahead = std::chrono::hours(*hours) + std::chrono::minutes(*minutes);
  return behind ? -ahead : ahead;
}

bool is_representable(Instant instant) {
  using namespace std::chrono;
  return instant >= sys_days(year(0) / 1 / 1) && instant < sys_days(year(10000) / 1 / 1);
}

std::optional<Time> parse_time(der::Tag type, std::string_view text) {
  if (type == der::kUtcTime)
    if (const auto instant = plain_utc_time(text)) return Time{*instant};
  Digits digits(text);
  Time time;
  const auto date = take_date(digits, type);
  const auto clock = date ? take_clock(digits, time.canonical) : std::nullopt;
  if (!clock) return std::nullopt;
  if (type == der::kGeneralizedTime && !skip_fraction(digits, time.canonical)) return std::nullopt;
  const auto zone = take_zone(digits, time.canonical);
  if (!zone || !digits.at_end()) return std::nullopt;
  time.instant = *date + *clock - *zone;
  return is_representable(time.instant) ? std::optional(time) : std::nullopt;
}

}  // namespace

std::optional<Instant> read_time(der::Reader& reader) {
  for (const der::Tag type : {der::kUtcTime, der::kGeneralizedTime}) {
    if (!reader.next_is(type) && !reader.next_is(type | der::kConstructed)) continue;
    const auto* at = reader.position();
    const auto text = reader.read_string(type);
    const auto time = text ? parse_time(type, as_text(*text)) : std::nullopt;
    if (!time) return std::nullopt;
    if (!time->canonical) reader.note(DerDefect::time_not_canonical, at);
    return time->instant;
  }
  return std::nullopt;
}

bool next_is_time(const der::Reader& reader) {
  return reader.next_is(der::kUtcTime) || reader.next_is(der::kGeneralizedTime) ||
         reader.next_is(der::kUtcTime | der::kConstructed) ||
         reader.next_is(der::kGeneralizedTime | der::kConstructed);
}

std::optional<Validity> read_validity(der::Reader& reader) {
  auto times = reader.enter(der::kSequence);
  if (!times) return std::nullopt;
  const auto not_before = read_time(*times);
  const auto not_after = not_before ? read_time(*times) : std::nullopt;
  if (!not_after) return std::nullopt;
  times->done();
  return Validity{*not_before, *not_after};
}

}  // namespace meshcert::x509
