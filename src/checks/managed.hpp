#pragma once

#include <unordered_map>
#include <vector>

#include "checks/check.hpp"
#include "meshcert/kubernetes.hpp"

namespace meshcert::checks {

/// Managed is a Certificate of cert-manager and the leaf in the Secret that it keeps. It
/// borrows.
struct Managed {
  const KubernetesObject* object;
  const ManagedCertificate* certificate;
  Subject leaf;
};

/// Keepers tells who keeps a leaf. It borrows.
class Keepers {
 public:
  explicit Keepers(const Inventory& inventory);
  void note(Subject& subject) const;

 private:
  std::unordered_map<const Certificate*, const KubernetesObject*> of_;
};

/// has_certificates: some of cert-manager's were given.
[[nodiscard]] bool has_certificates(const Inventory& inventory);

/// find_managed lists those of which both are there.
[[nodiscard]] std::vector<Managed> find_managed(const Inventory& inventory);

}  // namespace meshcert::checks
