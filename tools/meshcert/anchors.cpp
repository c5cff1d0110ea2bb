#include "meshcert/anchors.hpp"

#include <algorithm>
#include <array>
#include <set>
#include <string_view>

namespace meshcert::cli {
namespace {

bool is_plain_file(const Artifact& artifact) {
  return artifact.object == nullptr && artifact.state == SecretState::none && artifact.source.pointer.empty();
}

bool is_own_root(const Artifact& artifact) {
  return artifact.kind == ArtifactKind::ca_secret && artifact.certificates.size() == 1 &&
         artifact.certificates.front().is_self_issued();
}

// cert-chain.pem of a CA's Secret is a bundle by its kind, and holds what the root signed.
bool is_anchor(const Artifact& artifact) {
  if (is_plain_file(artifact) || is_own_root(artifact)) return true;
  return (is_bundle(artifact.kind) && artifact.name != "cert-chain.pem") ||
         (artifact.kind == ArtifactKind::jwks && artifact.bundle != nullptr);
}

bool is_in_envoy(const Artifact& artifact) {
  return artifact.state != SecretState::none;
}

// The names that Istio, SPIRE and Envoy's SPIFFE validator give to what the mesh trusts.
bool is_of_mesh(const Artifact& artifact) {
  return artifact.name == "ROOTCA" || artifact.name == "ALL" || artifact.name.starts_with("spiffe://") ||
         !artifact.trust_domain.empty();
}

/// is_beside_validator: Envoy's SPIFFE validator does not look at the trusted_ca beside it
/// (spiffe_validator.cc).
bool is_beside_validator(const Artifact& artifact, const std::vector<Artifact>& all) {
  return is_in_envoy(artifact) && artifact.validator.empty() && is_bundle(artifact.kind) &&
         std::ranges::any_of(all, [&](const Artifact& other) {
           return !other.validator.empty() && other.name == artifact.name &&
                  other.document == artifact.document;
         });
}

bool is_warming(const Artifact& artifact) {
  return artifact.state == SecretState::warming;
}

}  // namespace

void keep_anchors(std::vector<Artifact>& artifacts) {
  std::erase_if(artifacts, [](const Artifact& artifact) {
    return !artifact.certificates.empty() && !is_anchor(artifact);
  });
  const auto holds = [](const Artifact& artifact) {
    return !artifact.certificates.empty() && is_in_envoy(artifact);
  };
  for (std::size_t i = artifacts.size(); i-- > 0;)
    if (is_beside_validator(artifacts[i], artifacts))
      artifacts.erase(artifacts.begin() + static_cast<std::ptrdiff_t>(i));
  const bool mesh = std::ranges::any_of(
      artifacts, [&](const Artifact& artifact) { return holds(artifact) && is_of_mesh(artifact); });
  if (mesh)
    std::erase_if(artifacts,
                  [&](const Artifact& artifact) { return holds(artifact) && !is_of_mesh(artifact); });
  const bool current = std::ranges::any_of(
      artifacts, [&](const Artifact& artifact) { return holds(artifact) && !is_warming(artifact); });
  if (current)
    std::erase_if(artifacts,
                  [&](const Artifact& artifact) { return holds(artifact) && is_warming(artifact); });
}

std::string repeated_domain(const std::vector<Artifact>& artifacts) {
  std::set<std::array<std::string_view, 3>> seen;
  for (const Artifact& artifact : artifacts)
    if (!artifact.validator.empty() &&
        !seen.insert({artifact.document, artifact.validator, artifact.trust_domain}).second)
      return artifact.trust_domain;
  return {};
}

}  // namespace meshcert::cli
