#pragma once

#include "checks/chain_path.hpp"
#include "checks/check.hpp"

namespace meshcert::checks {

/// report_unused_crls reports each certificate of the best path of a chain that is good by CRLs
/// which RFC 5280 6.3.3 counts and the peers of a mesh do not: those of another issuer or of
/// some reasons alone, and delta CRLs that take it off a list. `leaf` is the chain's own.
void report_unused_crls(const Artifact& chain, const ChainPath& path, std::size_t leaf, FindingSink& sink);

}  // namespace meshcert::checks
