#include "input/log_time.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <string>

#include "base/ascii.hpp"

namespace meshcert::input {
namespace {

constexpr std::size_t kHead = 256;
constexpr std::string_view kDate = "dddd-dd-ddTdd:dd:dd";
constexpr std::string_view kKlog = "Ldddd dd:dd:dd.";

// d is a digit, L a severity of klog, '-' may be Go's '/', T a space; others stand for themselves.
bool fits(char c, char form) {
  switch (form) {
    case 'd':
      return base::is_digit(c);
    case 'L':
      return c == 'I' || c == 'W' || c == 'E' || c == 'F';
    case '-':
      return c == '-' || c == '/';
    case 'T':
      return c == 'T' || c == ' ';
    default:
      return c == form;
  }
}

bool has_form(std::string_view text, std::string_view form) {
  return text.size() >= form.size() &&
         std::equal(form.begin(), form.end(), text.begin(), [](char f, char c) { return fits(c, f); });
}

// "+01:00" behind the time, or "+0100" (zap's ISO 8601); without one it is UTC.
std::string offset_of(std::string_view rest) {
  if (!rest.empty() && (rest.front() == '.' || rest.front() == ','))
    rest.remove_prefix(std::min(rest.find_first_not_of("0123456789", 1), rest.size()));
  if (rest.empty() || (rest.front() != '+' && rest.front() != '-')) return "Z";
  const std::string_view offset = rest.substr(1);
  if (has_form(offset, "dd:dd")) return std::string(rest.substr(0, 6));
  if (has_form(offset, "dddd")) return std::string(rest.substr(0, 3)).append(":").append(rest.substr(3, 2));
  return "Z";
}

std::optional<LogTime> date_at(std::string_view text) {
  if (!has_form(text, kDate)) return std::nullopt;
  std::string date(text.substr(0, kDate.size()));
  date[4] = date[7] = '-';
  date[10] = 'T';
  const auto instant = parse_rfc3339(date + offset_of(text.substr(kDate.size())));
  return instant ? std::optional(LogTime{*instant}) : std::nullopt;
}

std::optional<LogTime> klog_at(std::string_view text) {
  if (!has_form(text, kKlog)) return std::nullopt;
  std::string date = "1972-";
  date.append(text.substr(1, 2)).append("-").append(text.substr(3, 2)).append("T").append(text.substr(6, 8));
  const auto instant = parse_rfc3339(date + "Z");
  return instant ? std::optional(LogTime{*instant, true}) : std::nullopt;
}

// Seconds since 1970 as zap counts them, milliseconds as Kubernetes does, nanoseconds as OpenTelemetry.
std::optional<LogTime> counted_at(std::string_view text) {
  constexpr std::size_t kSeconds = 10, kMilliseconds = 13, kMicroseconds = 16,
                        kNanoseconds = 19;  // digits, of this century
  text = text.substr(0, text.find_first_not_of("0123456789"));
  const std::size_t digits = text.size();
  if (digits != kSeconds && digits != kMilliseconds && digits != kMicroseconds && digits != kNanoseconds)
    return std::nullopt;
  std::int64_t count = 0;
  std::from_chars(text.data(), text.data() + kSeconds, count);
  return LogTime{Instant(Seconds(count))};
}

std::optional<LogTime> json_time(std::string_view line) {
  constexpr std::array<std::string_view, 6> kKeys = {
      "\"time\":", "\"start_time\":", "\"ts\":", "\"timestamp\":", "\"@timestamp\":", "\"timeUnixNano\":"};
  for (const std::string_view key : kKeys) {
    const std::size_t at = line.find(key);
    if (at == std::string_view::npos) continue;
    const std::size_t value = line.find_first_not_of(" \"", at + key.size());
    if (value == std::string_view::npos) continue;
    if (const auto time = date_at(line.substr(value))) return time;
    if (const auto time = counted_at(line.substr(value))) return time;
  }
  return std::nullopt;
}

}  // namespace

std::optional<LogTime> log_time(std::string_view line) {
  if (line.starts_with('{')) return json_time(line);
  const std::string_view head = line.substr(0, kHead);
  for (std::size_t at = 0; at < head.size(); ++at) {
    if (at != 0 && head[at - 1] != ' ' && head[at - 1] != '[' && head[at - 1] != '\t') continue;
    const std::string_view here = line.substr(at);
    if (const auto time = date_at(here)) return time;
    if (const auto time = klog_at(here)) return time;
  }
  const std::size_t object = std::min(head.find("{\""), head.find("{ \""));  // behind the name of its pod
  return object == std::string_view::npos ? std::nullopt : json_time(line.substr(object));
}

}  // namespace meshcert::input
