#pragma once

#include <functional>
#include <string>

#include "input/node.hpp"

namespace meshcert::input {

using OnYamlDocument = std::function<void(const Node& root, bool is_whole)>;

/// read_yaml composes every document of a YAML stream (YAML 1.1, as libyaml and
/// Kubernetes read it), one at a time, and hands each out as soon as it is
/// whole. Plain scalars become null, boolean or number by the core schema of
/// YAML 1.2; what is quoted, a block or tagged (`!!binary`) is text.
///
/// Fails, with the line, on syntax errors, duplicate keys, keys that are no
/// scalars, merge keys, nesting beyond limits.depth, more than limits.values
/// values, aliases of nothing, and aliases that would grow the stream beyond
/// limits.alias_nodes. What was complete before that is handed out: whole
/// documents, and of the last one (`is_whole` false) what precedes the open item
/// of a list.
[[nodiscard]] Result<void> read_yaml(const std::string& file, ByteView octets, const Limits& limits,
                                     const OnYamlDocument& on_document);

}  // namespace meshcert::input
