#pragma once

#include <string>
#include <string_view>

#include "input/node.hpp"

namespace meshcert::input {

/// GuessedKind is what an object seems to be that states neither kind nor apiVersion: the API
/// server leaves both out of the items of its lists (kubectl get --raw).
struct GuessedKind {
  std::string_view kind, group;  ///< "" where it is of no shape we know
  [[nodiscard]] std::string api_version() const { return group.empty() ? "v1" : std::string(group) + "/v1"; }
};

/// guess_kind tells it by the fields that its kind alone has. Those that cannot be told apart (the
/// workloads of group apps) are not guessed.
[[nodiscard]] GuessedKind guess_kind(const Node& node);

}  // namespace meshcert::input
