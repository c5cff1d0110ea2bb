#pragma once

#include <string_view>

#include "checks/cluster.hpp"

namespace meshcert::checks {

/// Injection says from where cert-manager's cainjector writes the caBundles of an object: from the ca.crt of
/// a Secret, or the CA of the API server (cert-manager pkg/controller/cainjector/sources.go). It borrows.
struct Injection {
  std::string_view annotation;               ///< its name; "" where the object has none of them
  std::string_view source;                   ///< what it names: "NAMESPACE/NAME"
  const KubernetesObject* secret = nullptr;  ///< null where that is not among the inputs
  bool from_certificate = false;             ///< it names the Certificate that keeps the Secret
  bool from_api_server = false;              ///< it names nothing

  /// is_refused: cainjector takes nothing from a Secret that does not allow it.
  [[nodiscard]] bool is_refused() const;
};

[[nodiscard]] Injection injection_of(const KubernetesObject& object, const Cluster& cluster);

}  // namespace meshcert::checks
