#pragma once

#include <set>
#include <string>

#include "input/place.hpp"
#include "meshcert/artifact.hpp"
#include "meshcert/limits.hpp"

namespace meshcert::input {

/// ZtunnelEntry is what an element says besides its certificates.
struct ZtunnelEntry {
  std::string identity;
  SecretState state = SecretState::none;
  std::string error;       ///< of state error
  bool forgotten = false;  ///< no workload of the node has the identity any more
};

/// is_ztunnel_identity: an element of the list `certificates` of ztunnel's
/// /config_dump, which `istioctl ztunnel-config certificates -o json` prints bare.
[[nodiscard]] bool is_ztunnel_identity(const Node& element);

/// ZtunnelReader turns such elements into artifacts, one at a time: the workload's
/// chain, and its roots where no element before had the same.
///
/// Until Istio 1.26 there is no `rootCerts`, and the root is the last of a chain
/// of two or more (ztunnel src/admin.rs, istioctl's certificates.go).
class ZtunnelReader {
 public:
  ZtunnelReader(const std::string& file, const Limits& limits, ArtifactSink& sink)
      : file_(file), limits_(limits), sink_(sink) {}

  void read_identity(const Place& element);

 private:
  void read_roots(const Place& list, std::size_t first, const ZtunnelEntry& entry);

  const std::string& file_;
  const Limits& limits_;
  ArtifactSink& sink_;
  std::set<std::string> roots_;  ///< what was delivered
};

}  // namespace meshcert::input
