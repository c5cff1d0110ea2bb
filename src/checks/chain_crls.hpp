#pragma once

#include "checks/chain_path.hpp"
#include "checks/check.hpp"

namespace meshcert::checks {

/// report_unused_crls reports each certificate of the best path of a chain that is good by CRLs
/// which RFC 5280 6.3.3 counts and the peers of a mesh do not: those of another issuer or of
/// some reasons alone, and delta CRLs that take it off a list. `leaf` is the chain's own.
void report_unused_crls(const Artifact& chain, const ChainPath& path, std::size_t leaf, FindingSink& sink);

/// report_revoked_anchor reports a root at the end of that path which a CRL of its own lists: BoringSSL
/// (Envoy) refuses it, RFC 5280 6.1 asks no CRL about an anchor.
void report_revoked_anchor(const Artifact& chain, const ChainPath& path, std::size_t leaf, FindingSink& sink);

/// is_told_of_crls: OpenSSL's other verdict comes of what chain.revoked says by itself: a root that is
/// listed, or a CRL of a kind that the peers do not use.
[[nodiscard]] bool is_told_of_crls(const x509::Opinion& opinion, const ChainPath& path);

}  // namespace meshcert::checks
