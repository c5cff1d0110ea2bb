#pragma once

#include <cstddef>
#include <string_view>

#include "input/node.hpp"

namespace meshcert::input {

/// kind_of_plain tells what a plain scalar is, by the core schema of YAML 1.2
/// (10.3.2). What only resembles a number is text (10.0.0.1, 1.2.3, 1-2, a date),
/// as Kubernetes has it, and so is a number too large for a double, which go-yaml
/// takes and prints as a string.
[[nodiscard]] Node::Kind kind_of_plain(std::string_view text);

/// More %TAG directives than this are refused: libyaml compares each with all
/// before it.
inline constexpr std::size_t kTagDirectives = 100;

}  // namespace meshcert::input
