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

// The value of a label in `pod="web-1"` or `"pod": "web-1"`; "" without.
std::string_view value_of(std::string_view text, std::string_view label) {
  for (std::size_t at = text.find(label); at != npos; at = text.find(label, at + 1)) {
    const bool begins = at != 0 && std::string_view("{ \",").find(text[at - 1]) != npos;
    const std::string_view rest = text.substr(at + label.size());
    const std::size_t value = rest.find_first_not_of("\": =");
    const std::string_view between = rest.substr(0, value);
    if (!begins || value == npos || between.find_first_of("=:") == npos || !between.ends_with('"')) continue;
    return rest.substr(value, rest.find('"', value) - value);
  }
  return {};
}

}  // namespace

std::string_view behind_pod(std::string_view line) {
  const std::size_t pod = line.find(' ');
  const std::size_t container = pod == npos ? npos : line.find(' ', pod + 1);
  if (container == npos || container > kMostBefore) return line;
  const std::string_view name = line.substr(0, pod);
  const bool has_both =
      is_name(name) && name.find('-') != npos && is_name(line.substr(pod + 1, container - pod - 1));
  return has_both ? line.substr(container + 1) : line;
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
