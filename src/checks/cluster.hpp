#pragma once

#include <map>
#include <string>
#include <string_view>
#include <tuple>
#include <unordered_map>
#include <utility>
#include <vector>

#include "checks/check.hpp"
#include "meshcert/kubernetes.hpp"

namespace meshcert::checks {

/// Cluster finds the Kubernetes objects of an inventory and the certificates in
/// them. It borrows. All inputs are one cluster; of an object that is there as a
/// manifest and live, the live one counts.
class Cluster {
 public:
  explicit Cluster(const Inventory& inventory);

  /// find returns an object, or null. An object without namespace is in `default`.
  [[nodiscard]] const KubernetesObject* find(std::string_view kind, std::string_view space,
                                             std::string_view name) const;
  /// parts lists the artifacts of an object, in order.
  [[nodiscard]] const std::vector<const Artifact*>& parts(const KubernetesObject& object) const;
  /// part is the one of that name ("tls.crt"), or null.
  [[nodiscard]] const Artifact* part(const KubernetesObject* object, std::string_view name) const;
  /// spaces lists the namespaces in which an object of that kind and name exists; of many
  /// the first `most`.
  [[nodiscard]] std::vector<std::string> spaces(std::string_view kind, std::string_view name,
                                                std::size_t most = static_cast<std::size_t>(-1)) const;
  /// kept_secret is the Secret that cert-manager says it keeps for a Certificate of that name, or null.
  [[nodiscard]] const KubernetesObject* kept_secret(std::string_view space,
                                                    std::string_view certificate) const;
  /// holds: an object of that kind was given at all.
  [[nodiscard]] bool holds(std::string_view kind) const { return kinds_.contains(kind); }

 private:
  using Key = std::tuple<std::string, std::string, std::string>;
  std::map<Key, const KubernetesObject*> objects_;  ///< by kind, name and namespace
  std::unordered_map<const KubernetesObject*, std::vector<const Artifact*>> parts_;
  std::map<std::string, bool, std::less<>> kinds_;
  std::map<std::pair<std::string, std::string>, const KubernetesObject*>
      kept_;  ///< by namespace and Certificate
};

/// space_of is the object's namespace, `default` where a manifest leaves it out.
[[nodiscard]] std::string_view space_of(const KubernetesObject& object);

/// same_set: two bundles hold the same certificates, whatever their order, their
/// number and the text around them.
[[nodiscard]] bool same_set(const Artifact& a, const Artifact& b);

/// contents_of says what a bundle holds, for a message: "O=a (key id 01) expired
/// at ... and 2 more".
[[nodiscard]] std::string contents_of(const Artifact& bundle, const Policy& policy);

}  // namespace meshcert::checks
