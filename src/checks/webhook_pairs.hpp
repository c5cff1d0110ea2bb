#pragma once

#include <cstddef>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>

#include "checks/check.hpp"

namespace meshcert::checks {

/// ServedPairs finds what a service of the cluster presents among the Secrets of its namespace, by the DNS
/// name that it is called by. It borrows.
class ServedPairs {
 public:
  /// Of namespaces whose services no caBundle of the run is for, nothing is kept.
  explicit ServedPairs(const Inventory& inventory);

  /// find is the first pair whose leaf has the name, or null.
  [[nodiscard]] const Artifact* find(std::string_view space, const std::string& dns_name) const;
  /// is_called: one of the services of the run that caBundles are for has a name of the certificate's.
  [[nodiscard]] bool is_called(const Certificate& certificate) const;

 private:
  void add(const Artifact& pair, std::size_t index);

  const Inventory& inventory_;
  std::set<std::string, std::less<>> names_, spaces_;   ///< that are called
  std::unordered_map<std::string, std::size_t> pairs_;  ///< the first of a namespace that presents a name
};

}  // namespace meshcert::checks
