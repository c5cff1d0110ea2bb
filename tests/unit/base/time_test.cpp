#include "meshcert/time.hpp"

#include <doctest/doctest.h>

#include <cstdint>
#include <limits>
#include <string>
#include <utility>
#include <vector>

using namespace meshcert;
using std::chrono::days;
using std::chrono::hours;

namespace {

std::int64_t seconds_of(std::string_view text) {
  const auto instant = parse_rfc3339(text);
  INFO("reading ", std::string(text));
  REQUIRE(instant.has_value());
  return instant->time_since_epoch().count();
}

}  // namespace

TEST_CASE("RFC 3339 times are read") {
  const std::vector<std::pair<std::string_view, std::int64_t>> rows = {
      {"1970-01-01T00:00:00Z", 0},
      {"2026-11-22T05:17:21Z", 1795324641},
      {"2026-11-22t05:17:21z", 1795324641},
      {"2026-11-22T05:17:21.999999999Z", 1795324641},
      {"2026-11-22T06:47:21+01:30", 1795324641},
      {"2026-11-21T21:17:21-08:00", 1795324641},
      {"2026-11-22T05:17:21-00:00", 1795324641},
      {"2026-11-22", 1795305600},
      {"1969-12-31T23:59:59Z", -1},
      {"1969-12-31T23:59:59.5Z", -1},
      {"2024-02-29T00:00:00Z", 1709164800},
      {"2000-02-29T00:00:00Z", 951782400},
      {"0001-01-01T00:00:00Z", -62135596800},
      {"9999-12-31T23:59:59Z", 253402300799},
      {"9999-12-31T23:59:59+00:01", 253402300739},
  };
  for (const auto& [text, expected] : rows) CHECK(seconds_of(text) == expected);
}

TEST_CASE("what is no RFC 3339 time is refused; without the defect it is read") {
  struct Row {
    std::string_view bad, good;
  };
  const std::vector<Row> rows = {
      {"", "2026-11-22"},
      {"2026-11-22T", "2026-11-22"},
      {"2026-11", "2026-11-22"},
      {" 2026-11-22", "2026-11-22"},
      {"2026-1-22", "2026-01-22"},
      {"26-11-22", "2026-11-22"},
      {"02026-11-22", "2026-11-22"},
      {"+026-11-22", "2026-11-22"},
      {"2026/11/22", "2026-11-22"},
      {"2026-11-22 05:17:21Z", "2026-11-22T05:17:21Z"},
      {"2026-11-22T05:17:21", "2026-11-22T05:17:21Z"},
      {"2026-11-22T05:17Z", "2026-11-22T05:17:00Z"},
      {"2026-11-22T5:17:21Z", "2026-11-22T05:17:21Z"},
      {"2026-11-22T05:17:21ZZ", "2026-11-22T05:17:21Z"},
      {"2026-11-22T05:17:21.Z", "2026-11-22T05:17:21.0Z"},
      {"2026-11-22T05:17:21,5Z", "2026-11-22T05:17:21.5Z"},
      {"2026-11-22T05:17:21+0100", "2026-11-22T05:17:21+01:00"},
      {"2026-11-22T05:17:21+1:00", "2026-11-22T05:17:21+01:00"},
      {"2026-11-22T05:17:21+24:00", "2026-11-22T05:17:21+23:00"},
      {"2026-11-22T05:17:21+01:60", "2026-11-22T05:17:21+01:59"},
      {"2026-11-22T24:00:00Z", "2026-11-22T23:00:00Z"},
      {"2026-11-22T23:60:00Z", "2026-11-22T23:59:00Z"},
      {"2016-12-31T23:59:60Z", "2016-12-31T23:59:59Z"},
      {"2026-11-22T23:59:61Z", "2026-11-22T23:59:59Z"},
      {"2026-00-22", "2026-01-22"},
      {"2026-13-22", "2026-12-22"},
      {"2026-11-00", "2026-11-01"},
      {"2026-11-31", "2026-11-30"},
      {"2025-02-29", "2024-02-29"},
      {"1900-02-29", "2000-02-29"},
      {"0000-12-31", "0001-12-31"},
      {"10000-01-01", "9999-01-01"},
      {"0001-01-01T00:00:00+00:01", "0001-01-01T00:00:00-00:01"},
      {"9999-12-31T23:59:59-00:01", "9999-12-31T23:59:59+00:01"},
      {std::string_view("2026-11-22\0", 11), "2026-11-22"},
  };
  for (const auto& row : rows) {
    CAPTURE(std::string(row.bad));
    const auto refused = parse_rfc3339(row.bad);
    CHECK_FALSE(refused.has_value());
    if (!refused) CHECK_FALSE(refused.error().empty());
    CHECK(parse_rfc3339(row.good).has_value());
  }
}

TEST_CASE("times are written as they are read") {
  for (const auto* text : {"0001-01-01T00:00:00Z", "0999-02-03T04:05:06Z", "1899-12-31T23:59:59Z",
                           "1970-01-01T00:00:00Z", "2024-02-29T12:00:00Z", "9999-12-31T23:59:59Z"})
    CHECK(to_rfc3339(*parse_rfc3339(text)) == text);
}

TEST_CASE("durations are one number and one unit") {
  const std::vector<std::pair<std::string_view, std::int64_t>> rows = {{"90s", 90},
                                                                       {"15m", 900},
                                                                       {"12h", 43200},
                                                                       {"30d", 2592000},
                                                                       {"2w", 1209600},
                                                                       {"0s", 0},
                                                                       {"007s", 7},
                                                                       {"315537897599s", 315537897599},
                                                                       {"3652058d", 315537811200}};
  for (const auto& [text, expected] : rows) {
    REQUIRE(parse_duration(text).has_value());
    CHECK(parse_duration(text)->count() == expected);
  }
  for (const auto* bad :
       {"", "s", "90", "90S", "90y", "-90s", "+90s", "1.5h", "1h30m", "90 s", " 90s", "90s ", "0x10s", "1e3s",
        "315537897600s", "3652059d", "9223372036854775807w", "99999999999999999999s"}) {
    CAPTURE(bad);
    CHECK_FALSE(parse_duration(bad).has_value());
  }
}

TEST_CASE("lengths of time are told in their two largest units") {
  constexpr std::int64_t kYear = 365 * 86400;
  const std::vector<std::pair<std::int64_t, std::string_view>> rows = {
      {0, "0s"},
      {45, "45s"},
      {-45, "45s"},
      {60, "1m"},
      {61, "1m 1s"},
      {3599, "59m 59s"},
      {3600, "1h"},
      {42120, "11h 42m"},
      {86399, "23h 59m"},
      {86400, "1d"},
      {86400 + 59, "1d"},
      {90000, "1d 1h"},
      {kYear - 1, "364d 23h"},
      {3 * kYear + 190 * 86400 + 5, "3y 190d"},
      {10 * kYear, "10y"},
      {std::numeric_limits<std::int64_t>::min(), "292471208677y 195d"}};
  for (const auto& [count, expected] : rows) CHECK(humanize(Seconds{count}) == expected);
}

TEST_CASE("of time and share the smaller limit counts") {
  const Threshold both{days{30}, 0.33};
  CHECK(both.of(hours{24}) == Seconds{28512});
  CHECK(both.of(days{3650}) == days{30});
  CHECK(Threshold{days{30}, std::nullopt}.of(hours{1}) == days{30});
  CHECK(Threshold{std::nullopt, 0.5}.of(hours{1}) == Seconds{1800});
  CHECK(Threshold{}.of(hours{1}) == Seconds{0});
  CHECK(Threshold{std::nullopt, 0.5}.of(-hours{1}) == Seconds{0});
  CHECK(both.of(Seconds{315537897599}) == days{30});
}

TEST_CASE("thresholds are a duration, a share, or both") {
  struct Row {
    std::string_view text;
    std::optional<Seconds> time;
    std::optional<double> share;
  };
  const std::vector<Row> rows = {{"30d", days{30}, std::nullopt}, {"50%", std::nullopt, 0.5},
                                 {"30d,25%", days{30}, 0.25},     {"25%,30d", days{30}, 0.25},
                                 {"0%", std::nullopt, 0.0},       {"100%", std::nullopt, 1.0},
                                 {"12.5%", std::nullopt, 0.125}};
  for (const auto& row : rows) {
    CAPTURE(std::string(row.text));
    const auto threshold = parse_threshold(row.text);
    REQUIRE(threshold.has_value());
    CHECK(threshold->time == row.time);
    CHECK(threshold->share == row.share);
  }
  for (const auto* bad : {"",         ",",   "30d,", ",30d",   "30d,,33%", "30d,15d", "33%,10%", "30d,33%,2w",
                          "30d, 33%", "%",   "101%", "100.1%", "-1%",      "+1%",     "1e1%",    "nan%",
                          "inf%",     ".5%", "5.%",  "1..5%",  "0x1%",     "33"}) {
    CAPTURE(bad);
    CHECK_FALSE(parse_threshold(bad).has_value());
  }
}
