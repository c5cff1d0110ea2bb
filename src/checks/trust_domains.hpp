#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>

#include "meshcert/inventory.hpp"

namespace meshcert::checks {

/// shows_root: the certificate at `index` is a root of the mesh: a member of a bundle
/// that its workloads trust, or the self-signed end of a workload's chain (self-issued, where nobody has
/// decided that).
[[nodiscard]] bool shows_root(const Artifact& artifact, std::size_t index);
[[nodiscard]] bool shows_roots(const Artifact& artifact);

/// own_trust_domain is what an artifact itself says of the trust domain that its roots
/// are for: a bundle beside it or by its name (SPIRE names a bundle by the ID of its
/// trust domain), a workload's chain in its leaf; "" where it says nothing.
[[nodiscard]] std::string_view own_trust_domain(const Artifact& artifact);

/// StatedDomains is what is known of the trust domain that a root is for: one, or
/// those of the workloads beside it, or none. It borrows.
class StatedDomains {
 public:
  using Names = std::set<std::string_view>;

  explicit StatedDomains(std::string_view own) : own_(own) {}
  explicit StatedDomains(const Names* of_workloads) : of_workloads_(of_workloads) {}

  [[nodiscard]] bool empty() const { return own_.empty() && of_workloads_ == nullptr; }
  [[nodiscard]] bool contains(std::string_view domain) const;
  /// to_text: "a or b", at most three of them, each after `prefix`.
  [[nodiscard]] std::string to_text(std::string_view prefix = {}) const;

 private:
  std::string_view own_;
  const Names* of_workloads_ = nullptr;
};

/// TrustDomains finds them in an inventory, which it borrows.
class TrustDomains {
 public:
  explicit TrustDomains(const Inventory& inventory);
  /// of: the artifact's own, else those of the workloads in the same file.
  [[nodiscard]] StatedDomains of(const Artifact& artifact) const;

 private:
  std::map<std::string_view, StatedDomains::Names> by_file_;
};

/// list_of joins the first three of some names: "a, b, c and more" with ", ".
[[nodiscard]] std::string list_of(const StatedDomains::Names& names, std::string_view separator,
                                  std::string_view prefix = {});

}  // namespace meshcert::checks
