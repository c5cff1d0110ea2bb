#pragma once

#include <string_view>

#include "meshcert/artifact.hpp"

/// What the name of an SDS secret says of it.
namespace meshcert::input {

/// is_workload_name: one under which a workload asks for its own identity: Istio's and SPIRE's.
[[nodiscard]] bool is_workload_name(std::string_view name);

/// kind_by_name tells what a secret is for from its name alone (istio
/// pilot/pkg/model/credentials/resource.go): all there is to go by without data.
[[nodiscard]] ArtifactKind kind_by_name(std::string_view name);

}  // namespace meshcert::input
