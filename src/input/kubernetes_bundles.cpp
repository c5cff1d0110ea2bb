// Objects that are a bundle: ClusterTrustBundle (Kubernetes certificates.k8s.io), Bundle
// (trust-manager pkg/apis/trust/v1alpha1).
#include <utility>

#include "input/kubernetes_value.hpp"

namespace meshcert::input {
namespace {

using Kind = Node::Kind;

}  // namespace

void read_cluster_trust_bundle(ObjectReading& reading) {
  const auto spec = reading.map(reading.root, "spec");
  TrustBundle& trust = reading.object.spec.emplace<TrustBundle>();
  if (spec) trust.signer = reading.text(*spec, "signerName");
  const auto metadata = reading.map(reading.root, "metadata");
  trust.is_whole = (!spec || reading.fields.view(*spec, "signerName") == trust.signer) &&
                   (!metadata || reading.fields.view(*metadata, "name") == reading.object.name);
  const auto bundle = spec ? reading.fields.field(*spec, "trustBundle", Kind::text) : std::nullopt;
  if (!bundle || bundle->node->text.empty()) return;
  const bool istio = trust.signer.starts_with("istio.io/");
  Artifact artifact =
      reading.begin(istio ? ArtifactKind::trust_bundle : ArtifactKind::ca_bundle, "trustBundle", *bundle);
  FieldReader fields(reading.file, artifact.defects);
  append_value(bundle->node->text, *bundle, reading, fields, artifact);
  tell_exposed_key(*bundle, reading.object, fields, artifact);
  reading.artifacts.push_back(std::move(artifact));
}

// What other sources name is in objects of their own.
void read_trust_manager_bundle(ObjectReading& reading) {
  const auto spec = reading.map(reading.root, "spec");
  if (!spec) return;
  for (const Place& source : reading.mappings(*spec, "sources")) {
    const auto value = reading.fields.field(source, "inLine", Kind::text);
    if (!value || value->node->text.empty()) continue;
    Artifact artifact = reading.begin(ArtifactKind::ca_bundle, "inLine", *value);
    FieldReader fields(reading.file, artifact.defects);
    append_value(value->node->text, *value, reading, fields, artifact);
    tell_exposed_key(*value, reading.object, fields, artifact);
    reading.artifacts.push_back(std::move(artifact));
  }
}

}  // namespace meshcert::input
