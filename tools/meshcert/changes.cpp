#include "meshcert/changes.hpp"

#include <algorithm>
#include <tuple>
#include <utility>
#include <vector>

namespace meshcert::cli {
namespace {

constexpr std::size_t kListed = 100;

using Group = std::vector<const Seen*>;

void note(Changes& changes, Change::Kind kind, const Seen& seen) {
  ++changes.counts[static_cast<std::size_t>(kind)];
  if (changes.list.size() < kListed) changes.list.push_back({kind, seen.place, seen.name, seen.not_after});
}

bool stands_before(const Seen* a, const Seen* b) {
  return std::tie(a->index, a->sha256) < std::tie(b->index, b->sha256);
}

/// take_place moves on behind the certificates of one place.
Group take_place(Memories::const_iterator& at, const Memories& all, const std::string& place) {
  Group group;
  for (; at != all.end() && at->place == place; ++at) group.push_back(&*at);
  return group;
}

// Both are in the order of fingerprints, each of which is there once.
void leave_out_unchanged(Group& before, Group& now, Changes& changes) {
  Group before_left, now_left;
  auto old = before.begin();
  for (const Seen* seen : now) {
    for (; old != before.end() && (*old)->sha256 < seen->sha256; ++old) before_left.push_back(*old);
    if (old == before.end() || (*old)->sha256 != seen->sha256) {
      now_left.push_back(seen);
      continue;
    }
    if ((*old++)->due && seen->due) note(changes, Change::Kind::overdue, *seen);
  }
  before_left.insert(before_left.end(), old, before.end());
  before = std::move(before_left);
  now = std::move(now_left);
}

/// pair_by takes out the pairs that `key` says are the same thing, in the order in which they
/// stand. What was issued earlier than that which it replaces was put back.
template <class Key>
void pair_by(Key key, Group& before, Group& now, Changes& changes) {
  const auto order = [key](const Seen* a, const Seen* b) {
    const auto by_key = key(*a) <=> key(*b);
    return by_key != 0 ? by_key < 0 : stands_before(a, b);
  };
  std::ranges::sort(before, order);
  std::ranges::sort(now, order);
  Group before_left, now_left;
  auto old = before.begin();
  for (const Seen* seen : now) {
    for (; old != before.end() && key(**old) < key(*seen); ++old) before_left.push_back(*old);
    const bool pair = old != before.end() && key(**old) == key(*seen);
    if (pair && seen->not_before >= (*old)->not_before) {
      note(changes, Change::Kind::renewed, *seen);
      ++old;
      continue;
    }
    now_left.push_back(seen);
    if (pair) before_left.push_back(*old++);
  }
  before_left.insert(before_left.end(), old, before.end());
  before = std::move(before_left);
  now = std::move(now_left);
}

/// compare_place leaves in `before` what is no longer there.
void compare_place(Group& before, Group& now, Changes& changes) {
  leave_out_unchanged(before, now, changes);
  pair_by([](const Seen& seen) -> const std::string& { return seen.name; }, before, now, changes);
  pair_by([](const Seen& seen) { return seen.index; }, before, now, changes);
  std::ranges::sort(before, stands_before);
  std::ranges::sort(now, stands_before);
  for (const Seen* seen : now) note(changes, Change::Kind::appeared, *seen);
}

}  // namespace

Changes changes_between(const Memories& before, Memories& now, bool incomplete) {
  Changes changes;
  Group kept;
  auto old = before.begin();
  auto seen = now.cbegin();
  while (old != before.end() || seen != now.cend()) {
    const bool is_old = seen == now.cend() || (old != before.end() && old->place < seen->place);
    const std::string& place = is_old ? old->place : seen->place;
    Group then = take_place(old, before, place);
    Group there = take_place(seen, now, place);
    compare_place(then, there, changes);
    if (incomplete)
      kept.insert(kept.end(), then.begin(), then.end());
    else
      for (const Seen* gone : then) note(changes, Change::Kind::gone, *gone);
  }
  for (const Seen* one : kept) now.insert(*one);
  return changes;
}

}  // namespace meshcert::cli
