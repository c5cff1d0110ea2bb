#pragma once

#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "meshcert/inventory.hpp"
#include "meshcert/kubernetes.hpp"

namespace meshcert::checks {

/// label_text writes labels as kubectl takes them: "app=x,istio=ingress".
[[nodiscard]] std::string label_text(const KubernetesObject::Labels& labels);

/// Proxies finds the pods that a selector selects: a gateway's credentials are those of
/// the namespaces in which its pods run. It borrows the inventory.
class Proxies {
 public:
  explicit Proxies(const Inventory& inventory);

  /// spaces_of lists the namespaces of the pods that have all these labels, sorted; that of the Services
  /// whose pods have them, where no such pod was given and they are in one; none without a selector, which
  /// says nothing. An istiod of another revision passes over what is labelled with a `revision` (istio
  /// pkg/config/model.go ObjectInRevision), so where any of the pods are of that, they count alone.
  [[nodiscard]] const std::vector<std::string>& spaces_of(const KubernetesObject::Labels& selector,
                                                          std::string_view revision);
  /// any: pods were given, whatever their labels.
  [[nodiscard]] bool any() const { return any_; }

 private:
  using Label = std::pair<std::string, std::string>;
  std::map<Label, std::vector<const KubernetesObject*>> by_label_;
  std::map<std::pair<KubernetesObject::Labels, std::string>, std::vector<std::string>> answers_;
  bool any_ = false;
};

}  // namespace meshcert::checks
