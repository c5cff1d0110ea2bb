#pragma once

#include <string>

#include "dumps.hpp"

namespace gencerts {

/// print_yaml writes JSON as Kubernetes and Istio print YAML: keys sorted, items
/// of a list as far in as its key, text quoted where YAML would take it for
/// something else.
[[nodiscard]] std::string print_yaml(const Json& json);

}  // namespace gencerts
