#pragma once

#include <string>
#include <unordered_set>
#include <vector>

#include "checks/check.hpp"

namespace meshcert::checks {

extern const FindingSpec kCrlBesideValidator;

/// UnreadCrls knows the CRLs that a proxy was given and does not look at: `crl` of a validation context
/// that has a SPIFFE validator. Each of its stores has the CRLs of its own bundle alone
/// (envoy source/extensions/transport_sockets/tls/cert_validator/spiffe/spiffe_validator.cc).
class UnreadCrls {
 public:
  explicit UnreadCrls(const std::vector<Artifact>& artifacts);
  /// has: the CRLs of the artifact are such.
  [[nodiscard]] bool has(const Artifact& artifact) const;
  /// report tells of them.
  static void report(const Artifact& artifact, FindingSink& sink);

 private:
  std::unordered_set<std::string> contexts_;  ///< that have a SPIFFE validator
};

}  // namespace meshcert::checks
