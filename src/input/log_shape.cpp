#include <algorithm>
#include <array>

#include "base/lines.hpp"
#include "input/log_file.hpp"
#include "input/log_text.hpp"
#include "input/log_time.hpp"
#include "meshcert/log.hpp"

namespace meshcert::input {
namespace {

constexpr std::size_t kHead = 64 * 1024;

// What only lines of these programs hold.
constexpr std::array<std::string_view, 16> kMarks = {
    "\tinfo\t",    "\twarn\t",           "\terror\t",     "\tdebug\t",      "][info][",  "][debug][",
    "][warning][", "][critical][",       " info access ", " error access ", "outbound|", "inbound|",
    ".go:",        "\"response_flags\"", "ztunnel",       "istio"};

bool has(std::string_view text, std::string_view word) {
  return text.find(word) != std::string_view::npos;
}

// Half of the first lines begin with a time: a trace of several lines is among them.
bool begins_with_times(std::string_view text) {
  constexpr std::size_t kLines = 40;
  std::size_t lines = 0, timed = 0;
  while (!text.empty() && lines < kLines) {
    const std::string_view line = base::take_line(text);
    if (base::is_blank(line)) continue;
    ++lines;
    timed += line.front() != '#' && log_time(line) ? 1 : 0;  // a comment is no log's line
  }
  return timed != 0 && timed * 2 >= lines;
}

bool holds_known_line(std::string_view text) {
  for (const LogPattern& pattern : log_patterns())
    if (has_words(text, pattern.literal)) return true;
  return false;
}

}  // namespace

bool looks_like_log(std::string_view text) {
  const std::string_view head = text.substr(0, kHead);
  if (!begins_with_times(head)) return false;
  return std::ranges::any_of(kMarks, [head](std::string_view mark) { return has(head, mark); }) ||
         holds_known_line(head);
}

bool looks_like_json_log(std::string_view text) {
  std::string_view rest = base::trimmed_front(text);
  if (!rest.starts_with('{')) return false;
  std::string_view line = base::take_line(rest);
  if (line.ends_with('\r')) line.remove_suffix(1);
  rest = base::trimmed_front(rest);
  const bool alone = line.ends_with('}') && (rest.empty() || rest.starts_with('{'));
  if (!alone || !log_time(line)) return false;
  const bool entry = (has(line, "\"level\":") || has(line, "\"caller\":")) &&
                     (has(line, "\"msg\":") || has(line, "\"message\":"));
  const bool docker = has(line, "\"log\":") && has(line, "\"stream\":");
  return entry || docker || has(line, "\"response_code\":") || has(line, "\"response_flags\":");
}

}  // namespace meshcert::input
