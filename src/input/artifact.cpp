#include "meshcert/artifact.hpp"

#include <algorithm>

#include "meshcert/inventory.hpp"

namespace meshcert {

std::string_view to_string(ArtifactKind kind) {
  switch (kind) {
    case ArtifactKind::workload_chain:
      return "workload-chain";
    case ArtifactKind::trust_bundle:
      return "trust-bundle";
    case ArtifactKind::tls_secret:
      return "tls-secret";
    case ArtifactKind::ca_bundle:
      return "ca-bundle";
    case ArtifactKind::certificate_chain:
      return "certificate-chain";
    case ArtifactKind::crl:
      return "crl";
    case ArtifactKind::xfcc:
      return "xfcc";
    case ArtifactKind::jwt:
      return "jwt";
    case ArtifactKind::jwt_rule:
      return "jwt-rule";
    case ArtifactKind::log_file:
      return "log";
    case ArtifactKind::ca_secret:
      return "ca-secret";
    case ArtifactKind::jwks:
      return "jwks";
    case ArtifactKind::private_key:
      return "private-key";
  }
  return "";
}

bool is_bundle(ArtifactKind kind) {
  return kind == ArtifactKind::trust_bundle || kind == ArtifactKind::ca_bundle;
}

std::string_view to_string(SecretState state) {
  switch (state) {
    case SecretState::none:
      return "";
    case SecretState::active:
      return "active";
    case SecretState::warming:
      return "warming";
    case SecretState::uninitialized:
      return "uninitialized";
    case SecretState::static_secret:
      return "static";
    case SecretState::error:
      return "error";
  }
  return "";
}

std::string_view to_string(Role role) {
  switch (role) {
    case Role::leaf:
      return "leaf";
    case Role::intermediate:
      return "intermediate";
    case Role::root:
      return "root";
    case Role::ca:
      return "ca";
  }
  return "";
}

Role role_of(const Artifact& artifact, std::size_t index) {
  const bool bundle = is_bundle(artifact.kind);
  const bool is_ca = artifact.kind == ArtifactKind::ca_secret;
  if (!bundle && !is_ca && index == artifact.leaf) return Role::leaf;
  if (artifact.certificates[index].is_self_issued()) return Role::root;
  return bundle || (is_ca && index == 0) ? Role::ca : Role::intermediate;
}

bool is_workload_chain(const Artifact& artifact) {
  if (artifact.kind != ArtifactKind::xfcc || artifact.certificates.empty())
    return artifact.kind == ArtifactKind::workload_chain;
  const auto& names = artifact.certificates[artifact.leaf].extensions.subject_alt_name;
  return names && names->has_spiffe_uri;
}

SourceRef source_of(const Artifact& artifact, std::size_t index) {
  SourceRef where;
  assign_source(where, artifact, index);
  return where;
}

void assign_source(SourceRef& where, const Artifact& artifact, std::size_t index) {
  where = artifact.source;
  where.certificate = static_cast<std::uint32_t>(artifact.first + index);
  if (const std::uint32_t line = artifact.certificates[index].line; line != 0) where.line = line;
}

SourceRef source_of_crl(const Artifact& artifact, std::size_t index) {
  SourceRef where = artifact.source;
  if (const std::uint32_t line = artifact.crls[index].line; line != 0) where.line = line;
  return where;
}

std::map<std::string_view, Instant> newest_updates(const Inventory& inventory) {
  std::map<std::string_view, Instant> newest;
  for (const Artifact& artifact : inventory.artifacts) {
    if (!artifact.last_updated) continue;
    Instant& time = newest.try_emplace(artifact.source.file, *artifact.last_updated).first->second;
    time = std::max(time, *artifact.last_updated);
  }
  return newest;
}

}  // namespace meshcert
