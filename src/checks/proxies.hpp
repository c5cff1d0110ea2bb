#pragma once

#include <map>
#include <string>
#include <vector>

#include "meshcert/inventory.hpp"
#include "meshcert/kubernetes.hpp"

namespace meshcert::checks {

/// Proxies finds the pods that a selector selects: a gateway's credentials are those of
/// the namespaces in which its pods run. It borrows the inventory.
class Proxies {
 public:
  explicit Proxies(const Inventory& inventory);

  /// spaces_of lists the namespaces of the pods that have all these labels, sorted; none
  /// without a selector, which says nothing.
  [[nodiscard]] const std::vector<std::string>& spaces_of(const KubernetesObject::Labels& selector);
  [[nodiscard]] bool any() const { return any_; }

 private:
  using Label = std::pair<std::string, std::string>;
  std::map<Label, std::vector<const KubernetesObject*>> by_label_;
  std::map<KubernetesObject::Labels, std::vector<std::string>> answers_;
  bool any_ = false;
};

}  // namespace meshcert::checks
