#pragma once

#include "checks/chain_path.hpp"
#include "checks/check.hpp"

namespace meshcert::checks {

/// is_without_crl: no CRL answers for the certificate, which Envoy takes for revoked and
/// ztunnel for good.
[[nodiscard]] bool is_without_crl(path::FaultKind kind);

/// report_disagreements reports what stands on the best path of a chain that one peer
/// takes and another refuses. `leaf` is the chain's own.
void report_disagreements(const Artifact& chain, const ChainPath& path, std::size_t leaf,
                          ChainVerifier& verifier, FindingSink& sink);

/// report_first_path reports where Envoy refuses a chain whose best path holds, for it makes one path.
void report_first_path(const Artifact& chain, const ChainPath& path, std::size_t leaf,
                       ChainVerifier& verifier, FindingSink& sink);

/// report_second_opinion asks OpenSSL about the same chain, and reports where it
/// answers otherwise.
void report_second_opinion(const Artifact& chain, const ChainPath& path, std::size_t leaf,
                           const Policy& policy, ChainVerifier& verifier, FindingSink& sink);

}  // namespace meshcert::checks
