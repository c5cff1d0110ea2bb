#pragma once

#include <span>
#include <string>

#include "meshcert/certificate.hpp"
#include "path/settings.hpp"

namespace meshcert::path {

/// PolicyFault is why a path has no acceptable certificate policy.
struct PolicyFault {
  std::size_t certificate;  ///< its place on the path
  std::string found, required;
  bool malformed = false;  ///< a policy extension that cannot be used: no rule on policies is to blame
};

/// check_policies processes certificate policies, mappings and the constraints on
/// them (RFC 5280 6.1.2 to 6.1.5) over a path, leaf first. The policies of the last
/// certificate, the anchor, count only where the rules say so. The graph of RFC 9618
/// takes the place of the tree, so work grows with the policies, not with their
/// products. Returns an empty list where all is well.
[[nodiscard]] std::vector<PolicyFault> check_policies(std::span<const Certificate* const> path,
                                                      const PolicyRules& rules, bool anchor_counts);

}  // namespace meshcert::path
