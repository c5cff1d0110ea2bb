#pragma once

#include <algorithm>
#include <cstddef>
#include <string_view>

#include "input/node.hpp"

namespace meshcert::input {

/// Extent is how much an alias of a value would add.
struct Extent {
  std::size_t values = 0;
  std::size_t depth = 0;
};

// A value takes about 120 octets, and so much of its text counts as one.
[[nodiscard]] inline std::size_t weight(std::string_view text) {
  constexpr std::size_t kOctets = 120;
  return text.size() / kOctets;
}

[[nodiscard]] inline Extent extent_of(const Node& node) {
  Extent extent{1 + weight(node.text), 0};
  const auto add = [&extent](const Node& inner, std::size_t key) {
    const Extent part = extent_of(inner);
    extent.values += part.values + key;
    extent.depth = std::max(extent.depth, part.depth + 1);
  };
  for (const Node& item : node.items) add(item, 0);
  for (const Node::Member& member : node.members) add(member.value, weight(member.key));
  return extent;
}

}  // namespace meshcert::input
