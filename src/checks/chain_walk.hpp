#pragma once

#include <cstdint>
#include <vector>

#include "checks/issuers.hpp"
#include "meshcert/artifact.hpp"

namespace meshcert::checks {

/// Reach is whether a certificate of a chain belongs to it: from the leaf on, by
/// links whose signatures verify, or by one at least that only the names make.
enum class Reach : std::uint8_t { none, by_name, verified };

/// ChainWalk is how the certificates of one chain hang together, whatever their
/// order. Indices are those of the artifact's certificates.
struct ChainWalk {
  IssuerIndex known;                      ///< of the certificates, duplicates left out
  std::vector<std::size_t> path;          ///< from the leaf on, each issued by the next
  std::vector<IssuerSearch> issuers;      ///< of each certificate reached, among the others
  std::vector<Reach> reach;               ///< of each certificate
  std::vector<std::size_t> duplicate_of;  ///< of each: the first with the same octets; often itself

  /// is_root: signed with its own key.
  [[nodiscard]] bool is_root(const Artifact& chain, std::size_t index) const;
  /// broken: the first certificate of the path whose signature is not by the
  /// certificate named as its issuer; null when there is none.
  [[nodiscard]] const std::size_t* broken() const;
};

/// walk_chain follows a chain with at least one certificate from its leaf.
[[nodiscard]] ChainWalk walk_chain(const Artifact& chain, x509::SignatureVerifier& verifier);

}  // namespace meshcert::checks
