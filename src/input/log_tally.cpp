#include "input/log_tally.hpp"

#include <algorithm>
#include <utility>

namespace meshcert::input {
namespace {

bool is_more(const LogTally& a, const LogTally& b) {
  return a.lines > b.lines;
}

const std::string& deadline_of(const LogNamed& named) {
  return named.values[0];
}

}  // namespace

bool tally(std::vector<LogTally>& names, const std::string& text, std::size_t most) {
  const auto known = std::ranges::find(names, text, &LogTally::text);
  if (known != names.end()) return ++known->lines != 0;
  if (names.size() >= most) return false;
  names.push_back({text, 1});
  return true;
}

bool tally(std::vector<LogNamed>& named, LogValues values, bool by_deadline, std::size_t most) {
  const auto known = std::ranges::find(named, values, &LogNamed::values);
  if (known != named.end()) return ++known->lines != 0;
  if (named.size() < most) {
    named.push_back({std::move(values), 1});
    return true;
  }
  if (!by_deadline || named.empty()) return false;
  const auto latest = std::ranges::max_element(named, {}, deadline_of);
  if (values[0] < deadline_of(*latest)) *latest = {std::move(values), 1};
  return false;
}

void note_origin(std::vector<LogOrigin>& origins, std::string name, Instant time, std::size_t most) {
  const auto known = std::ranges::find(origins, name, &LogOrigin::name);
  if (known != origins.end())
    known->last = std::max(known->last, time);
  else if (origins.size() < most)
    origins.push_back({std::move(name), time});
}

void sort_names(LogGroup& group) {
  std::ranges::stable_sort(group.peers, is_more);
  std::ranges::stable_sort(group.identities, is_more);
  const bool by_deadline = group.pattern->captures[0].is_deadline;
  std::ranges::stable_sort(group.named, [by_deadline](const LogNamed& a, const LogNamed& b) {
    return by_deadline ? deadline_of(a) < deadline_of(b) : a.lines > b.lines;
  });
}

}  // namespace meshcert::input
