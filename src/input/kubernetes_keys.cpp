#include "input/kubernetes_keys.hpp"

#include "input/certificates.hpp"

namespace meshcert::input {
namespace {

// `openssl req -x509` makes certificates for servers that say CA:TRUE.
bool is_served(const Certificate& certificate) {
  const Extensions& extensions = certificate.extensions;
  return (extensions.extended_key_usage && extensions.extended_key_usage->server_auth) ||
         (extensions.subject_alt_name && extensions.subject_alt_name->count != 0);
}

ArtifactKind kind_of_pair(bool is_ca, std::string_view type, const Artifact& artifact) {
  if (is_ca) return artifact.name == "tls.crt" ? ArtifactKind::ca_secret : ArtifactKind::ca_bundle;
  if (type == "istio.io/key-and-cert") return ArtifactKind::workload_chain;
  if (artifact.certificates.empty()) return ArtifactKind::tls_secret;
  const Certificate& leaf = artifact.certificates[artifact.leaf];
  if (is_workload_leaf(leaf)) return ArtifactKind::workload_chain;
  if (artifact.first_lost) return ArtifactKind::tls_secret;
  return is_ca_like(leaf) && !is_served(leaf) ? ArtifactKind::ca_secret : ArtifactKind::tls_secret;
}

}  // namespace

void settle_kind(Meaning meaning, bool is_ca, std::string_view type, Artifact& artifact) {
  switch (meaning) {
    case Meaning::pair:
      if (!is_ca && !artifact.certificates.empty()) artifact.leaf = find_leaf(artifact.certificates);
      artifact.kind = kind_of_pair(is_ca, type, artifact);
      return;
    case Meaning::ca:
      artifact.kind = ArtifactKind::ca_secret;
      return;
    case Meaning::cas:
      artifact.kind = is_ca ? ArtifactKind::trust_bundle : ArtifactKind::ca_bundle;
      return;
    case Meaning::roots:
      artifact.kind = ArtifactKind::trust_bundle;
      return;
    case Meaning::crl:
      artifact.kind = ArtifactKind::crl;
      return;
    default:
      if (!artifact.certificates.empty()) classify_file(artifact, false);
  }
}

}  // namespace meshcert::input
