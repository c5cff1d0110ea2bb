#include "input/log_origin.hpp"

#include <algorithm>
#include <array>

#include "input/log_line.hpp"
#include "input/log_store.hpp"
#include "input/withheld.hpp"

namespace meshcert::input {
namespace {

constexpr std::size_t npos = std::string_view::npos;

// In Loki's labels, and in what collectors and stores put around a line in JSON.
constexpr std::array<std::string_view, 5> kLabels = {"pod", "pod_name", "podName", "k8s_pod_name",
                                                     "k8s.pod.name"};

bool is_name(std::string_view word) {
  return !word.empty() && word.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-.") == npos &&
         word.front() >= 'a' && word.front() <= 'z';
}

// Between a label and its value: `pod="web-1"`, `"pod": "web-1"`, Elastic's `"pod":{"name":"web-1"`, and
// OpenTelemetry's `"key":"k8s.pod.name","value":{"stringValue":"web-1"`.
std::size_t value_behind(std::string_view text) {
  constexpr std::size_t kMost = 40;
  const std::size_t value = text.find_first_not_of("\": =");
  if (value == npos) return npos;
  const std::string_view between = text.substr(0, value);
  if (text[value] != '{' && text[value] != ',')
    return between.find_first_of("=:") != npos && between.ends_with('"') ? value : npos;
  for (const std::string_view key : {"\"name\"", "\"stringValue\""}) {
    const std::size_t at = text.substr(0, kMost).find(key);
    if (at != npos) return text.find_first_not_of("\": ", at + key.size());
  }
  return npos;
}

// The value of a label; "" without.
std::string_view value_of(std::string_view text, std::string_view label) {
  for (std::size_t at = text.find(label); at != npos; at = text.find(label, at + 1)) {
    const bool begins = at != 0 && std::string_view("{ \",").find(text[at - 1]) != npos;
    const std::string_view rest = text.substr(at + label.size());
    const std::size_t value = begins ? value_behind(rest) : npos;
    if (value != npos) return rest.substr(value, rest.find('"', value) - value);
  }
  return {};
}

}  // namespace

// Of all namespaces stern writes that of the pod before it.
std::string_view behind_pod(std::string_view line) {
  std::size_t begin = 0;
  bool has_pod = false;
  for (int words = 1; words <= 3; ++words) {
    const std::size_t end = line.find(' ', begin);
    if (end == npos || end > kMostBefore || !is_name(line.substr(begin, end - begin))) return line;
    if (has_pod) return line.substr(end + 1);
    has_pod = line.substr(begin, end - begin).find('-') != npos;
    begin = end + 1;
  }
  return line;
}

std::string log_origin(std::string_view line) {
  if (line.starts_with("[pod/")) return shown(line.substr(0, line.find(' ')));
  if (const std::string_view rest = behind_pod(line); rest.size() != line.size())
    return shown(line.substr(0, line.size() - rest.size() - 1));
  const std::string_view around = line.starts_with('{') ? line : log_labels(line);
  for (const std::string_view label : kLabels)
    if (const std::string_view value = value_of(around, label); !value.empty()) return shown(value);
  return {};
}

}  // namespace meshcert::input
