#pragma once

#include <cstdint>
#include <vector>

#include "meshcert/artifact.hpp"
#include "x509/crypto.hpp"

namespace meshcert::checks {

/// Reach is whether a certificate of a chain belongs to it: from the leaf on, by
/// links whose signatures verify, or by one at least that only the names make.
enum class Reach : std::uint8_t { none, by_name, verified };

/// ChainWalk is how the certificates of one chain hang together, whatever their
/// order. Indices are those of the artifact's certificates.
struct ChainWalk {
  std::vector<std::size_t> path;          ///< from the leaf on, each issued by the next
  std::vector<Reach> reach;               ///< of each certificate
  std::vector<std::size_t> duplicate_of;  ///< of each: the first with the same octets; often itself
  bool ends_in_root = false;              ///< the last of the path is signed with its own key
};

/// walk_chain follows a chain with at least one certificate from its leaf.
[[nodiscard]] ChainWalk walk_chain(const Artifact& chain, x509::SignatureVerifier& verifier);

}  // namespace meshcert::checks
