#pragma once

#include "checks/chain_path.hpp"
#include "checks/check.hpp"

/// The end of a chain that leads to nothing that is trusted here: part of the family chain.
namespace meshcert::checks {

/// report_end says why the best path of a chain has no anchor: what is wrong inside the chain
/// comes first, then what is trusted. Silent where the chain is held against nothing, or what
/// could not be read may be what is missed. `leaf` is the chain's own.
void report_end(const Artifact& chain, const ChainPath& path, std::size_t leaf, const Policy& policy,
                ChainVerifier& verifier, FindingSink& sink);

}  // namespace meshcert::checks
