#pragma once

#include <string>

#include "input/place.hpp"
#include "meshcert/artifact.hpp"
#include "meshcert/limits.hpp"

namespace meshcert::input {

/// is_istioctl_item: an element of the list that older istioctl printed as JSON
/// of its table of secrets (istio istioctl/pkg/writer/compare/sds/util.go).
[[nodiscard]] bool is_istioctl_item(const Node& element);

/// read_istioctl_item reads one such element into an artifact.
void read_istioctl_item(const std::string& file, const Place& element, const Limits& limits,
                        ArtifactSink& sink);

}  // namespace meshcert::input
