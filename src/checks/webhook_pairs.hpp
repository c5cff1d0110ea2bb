#pragma once

#include <cstddef>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "checks/check.hpp"
#include "meshcert/kubernetes.hpp"

namespace meshcert::checks {

/// ServedPairs finds what a service of the cluster presents among the Secrets of its namespace, by the DNS
/// name that it is called by. It borrows.
class ServedPairs {
 public:
  /// Of namespaces whose services no caBundle of the run is for, nothing is kept.
  explicit ServedPairs(const Inventory& inventory);

  /// find lists the pairs whose leaf has the name, in the order of the input; of many the first kMost.
  static constexpr std::size_t kMost = 8;
  [[nodiscard]] std::vector<const Artifact*> find(std::string_view space, const std::string& dns_name) const;
  /// kept_for is the Secret that a cert-manager Certificate keeps for that name, "" where none does.
  [[nodiscard]] std::string kept_for(std::string_view space, const std::string& dns_name) const;
  /// is_called: one of the services of the run that caBundles are for has a name of the certificate's.
  [[nodiscard]] bool is_called(const Certificate& certificate) const;

 private:
  void add(const Artifact& pair, std::size_t index);
  void add(const KubernetesObject& object, const ManagedCertificate& certificate);

  const Inventory& inventory_;
  std::set<std::string, std::less<>> names_, spaces_;                ///< that are called
  std::unordered_map<std::string, std::vector<std::size_t>> pairs_;  ///< by namespace and a name presented
  std::unordered_map<std::string, std::string> kept_;  ///< Secrets of Certificates, by namespace and DNS name
};

}  // namespace meshcert::checks
