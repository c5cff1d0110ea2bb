#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "meshcert/inventory.hpp"
#include "meshcert/kubernetes.hpp"

namespace meshcert::checks {

/// Grants is what ReferenceGrants allow: objects of one namespace to refer to those of another.
class Grants {
 public:
  explicit Grants(const Inventory& inventory);
  /// allow: `from`, of that API group, may refer to the object of this core kind, namespace and name.
  [[nodiscard]] bool allow(const KubernetesObject& from, const std::string& group, const std::string& kind,
                           const std::string& space, std::string_view name) const;

 private:
  struct Granted {
    bool all = false;
    std::set<std::string, std::less<>> names;
  };
  void add(const KubernetesObject& object, const ReferenceGrant& grant);

  /// By group, kind and namespace of those that refer, and the same of what they refer to.
  std::map<std::vector<std::string>, Granted> granted_;
};

}  // namespace meshcert::checks
