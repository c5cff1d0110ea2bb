#pragma once

#include "checks/chain_path.hpp"
#include "checks/check.hpp"

namespace meshcert::checks {

/// report_disagreements reports what stands on the best path of a chain that one peer
/// takes and another refuses. `leaf` is the chain's own.
void report_disagreements(const Artifact& chain, const ChainPath& path, std::size_t leaf, FindingSink& sink);

}  // namespace meshcert::checks
