#pragma once

#include <string>
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

/// find_managed lists those of which both are there. Of several Certificates with one Secret, it is
/// kept by the one that its annotation cert-manager.io/certificate-name names.
[[nodiscard]] std::vector<Managed> find_managed(const Inventory& inventory);

/// Rivals are Certificates, two or more, that are all to keep one Secret. They borrow.
struct Rivals {
  std::string secret;  ///< "istio-system/shop-cert"
  std::vector<const KubernetesObject*> certificates;
  const KubernetesObject* keeper = nullptr;  ///< the one that the Secret names; null where it was not given
};
[[nodiscard]] std::vector<Rivals> find_rivals(const Inventory& inventory);

}  // namespace meshcert::checks
