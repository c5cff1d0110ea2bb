#include "input/node.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <iterator>

#include "base/ascii.hpp"

namespace meshcert::input {
bool is_field(std::string_view key, std::string_view snake) {
  // The other spelling leaves out underscores.
  if (key.size() >= snake.size()) return key == snake;
  if (key.empty() || (key.front() != snake.front() && snake.front() != '_')) return false;
  std::size_t at = 0;
  for (std::size_t i = 0; i < snake.size(); ++i, ++at) {
    char wanted = snake[i];
    if (wanted == '_' && i + 1 < snake.size()) {
      wanted = base::to_upper(snake[++i]);
    }
    if (at >= key.size() || key[at] != wanted) return false;
  }
  return at == key.size();
}

const Node* Node::find(std::string_view key) const {
  const auto found = std::ranges::find(members, key, &Member::key);
  return found == members.end() ? nullptr : &found->value;
}

Node::Field Node::look_up(std::string_view snake_case_name) const {
  Field found;
  for (const Member& member : members) {
    if (!is_field(member.key, snake_case_name)) continue;
    const bool counts = !member.value.is(Kind::null);
    if (found.member == nullptr || (counts && found.count == 0)) found.member = &member;
    found.count += counts ? 1 : 0;
  }
  return found;
}

const Node::Member* Node::field_member(std::string_view snake_case_name) const {
  return look_up(snake_case_name).member;
}

const Node* Node::field(std::string_view snake_case_name) const {
  const Member* member = field_member(snake_case_name);
  return member == nullptr ? nullptr : &member->value;
}

std::size_t Node::field_count(std::string_view snake_case_name) const {
  return look_up(snake_case_name).count;
}

const Node::Member* Node::repeated_key() const {
  constexpr std::size_t kFew = 8;
  if (members.size() <= kFew) {
    for (auto later = members.begin(); later != members.end(); ++later)
      if (std::any_of(members.begin(), later, [&](const Member& m) { return m.key == later->key; }))
        return &*later;
    return nullptr;
  }
  std::vector<const Member*> order;
  order.reserve(members.size());
  for (const Member& member : members) order.push_back(&member);
  std::ranges::stable_sort(order, {}, [](const Member* member) -> std::string_view { return member->key; });
  const auto twin =
      std::ranges::adjacent_find(order, [](const Member* a, const Member* b) { return a->key == b->key; });
  return twin == order.end() ? nullptr : *std::next(twin);
}

std::string_view kind_name(Node::Kind kind) {
  switch (kind) {
    case Node::Kind::null:
      return "null";
    case Node::Kind::boolean:
      return "a boolean";
    case Node::Kind::number:
      return "a number";
    case Node::Kind::text:
      return "a string";
    case Node::Kind::sequence:
      return "a list";
    case Node::Kind::mapping:
      return "an object";
  }
  return "";
}

std::string message_in_value(const Error& error) {
  return fmt::format("{} (in line {} of the value)", error.message, error.where.line);
}

}  // namespace meshcert::input
