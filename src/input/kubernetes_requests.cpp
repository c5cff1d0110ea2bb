// What cert-manager and the certificates API say of certificates, kubeconfigs,
// the mesh's configuration, pods (cert-manager pkg/apis/certmanager/v1, Kubernetes
// certificates/v1, client-go tools/clientcmd/api/v1, istio api mesh/v1alpha1).
#include <fmt/format.h>
#include <algorithm>
#include <utility>

#include "input/certificates.hpp"
#include "input/kubernetes_value.hpp"
#include "input/private_keys.hpp"
#include "input/withheld.hpp"
#include "input/yaml_reader.hpp"

namespace meshcert::input {
namespace {

using Kind = Node::Kind;

void classify_last(ObjectReading& reading) {
  Artifact& artifact = reading.artifacts.back();
  if (!artifact.certificates.empty()) classify_file(artifact, false);
}

// A document inside a value. Its nodes have lines and pointers of their own; what
// is told of it is told of the value.
template <class Take>
void read_inner(ObjectReading& reading, const Place& value, std::string_view text, std::string_view what,
                Take take) {
  const auto result = read_yaml(reading.file, as_bytes(text), reading.limits, [&](const Node& root, bool) {
    if (root.is(Kind::mapping)) return take(Place{&root, value.pointer});
    if (!root.is(Kind::null))
      reading.fields.defect(
          DefectKind::malformed, value,
          fmt::format("{}: an object is expected there, not {}", what, kind_name(root.kind)), true);
  });
  if (result) return;
  reading.fields.defect(DefectKind::malformed, value,
                        fmt::format("{}: {}", what, message_in_value(result.error())), true);
}

void put_place(const Place& value, ObjectReading& reading, std::size_t from) {
  for (std::size_t i = from; i < reading.artifacts.size(); ++i) {
    Artifact& artifact = reading.artifacts[i];
    artifact.source.line = value.node->line;
    for (Certificate& certificate : artifact.certificates) certificate.line = value.node->line;
    for (Defect& defect : artifact.defects) defect.where.line = value.node->line;
  }
}

void read_clusters(ObjectReading& reading, const Place& config, const std::string& prefix) {
  for (const Place& entry : reading.mappings(config, "clusters")) {
    const auto cluster = reading.map(entry, "cluster");
    if (cluster)
      read_encoded(reading, *cluster, "certificate-authority-data", ArtifactKind::ca_bundle,
                   prefix + "cluster " + reading.text(entry, "name"));
  }
  for (const Place& entry : reading.mappings(config, "users")) {
    const auto user = reading.map(entry, "user");
    if (!user || !read_encoded(reading, *user, "client-certificate-data", ArtifactKind::certificate_chain,
                               prefix + "user " + reading.text(entry, "name")))
      continue;
    Artifact& artifact = reading.artifacts.back();
    FieldReader fields(reading.file, artifact.defects);
    const auto key = fields.field(*user, "client-key-data", Kind::text);
    if (!key) continue;
    append_key(*key, true, reading.keys, fields, artifact);
    settle_key(artifact);
  }
}

}  // namespace

void read_kubeconfig(ObjectReading& reading) {
  reading.object.spec.emplace<Credential>();
  read_clusters(reading, reading.root, "");
}

void read_kubeconfig_text(ObjectReading& reading, std::string_view key, const Place& value,
                          std::string_view text) {
  const std::size_t before = reading.artifacts.size();
  read_inner(reading, value, text, "the kubeconfig in it",
             [&](const Place& config) { read_clusters(reading, config, std::string(key) + ", "); });
  put_place(value, reading, before);
}

// istiod parses the first block as a certificate, whatever its label (istio
// pilot/pkg/trustbundle/trustbundle.go).
void note_first_block(const Place& pem, FieldReader& fields, Artifact& artifact) {
  const std::string label = first_label(pem.node->text);
  if (label.empty() || label == "CERTIFICATE" || label == "X509 CERTIFICATE") return;
  // Not that nothing is to be done.
  std::erase_if(artifact.defects, [](const Defect& defect) {
    return defect.kind == DefectKind::unsupported_block && defect.detail.starts_with("block 1 of ");
  });
  fields.defect(
      Defect{DefectKind::malformed, fields.source(pem),
             "the first block is " + label +
                 "; istiod takes that for the certificate, and refuses the mesh's trust anchors as a whole",
             false, "put the CA's certificate first, and leave out what is none"});
}

void read_mesh_config_text(ObjectReading& reading, const Place& value, std::string_view text) {
  const std::size_t before = reading.artifacts.size();
  read_inner(reading, value, text, "the mesh configuration in it", [&](const Place& mesh) {
    MeshConfig& config = reading.object.mesh.emplace();
    config.trust_domain = reading.text(mesh, "trustDomain");
    config.trust_domain_aliases = reading.texts(mesh, "trustDomainAliases");
    std::size_t number = 0;
    for (const Place& anchor : reading.mappings(mesh, "caCertificates")) {
      const auto pem = reading.fields.field(anchor, "pem", Kind::text);
      ++number;
      if (!pem) continue;
      Artifact artifact =
          reading.begin(ArtifactKind::ca_bundle, fmt::format("mesh, caCertificates {}", number), *pem);
      artifact.mesh_anchor = true;
      FieldReader fields(reading.file, artifact.defects);
      append_value(pem->node->text, *pem, reading, fields, artifact);
      note_first_block(*pem, fields, artifact);
      reading.artifacts.push_back(std::move(artifact));
    }
  });
  put_place(value, reading, before);
}

void read_managed_certificate(ObjectReading& reading) {
  ManagedCertificate& managed = reading.object.spec.emplace<ManagedCertificate>();
  if (const auto spec = reading.map(reading.root, "spec")) {
    managed.secret_name = reading.text(*spec, "secretName");
    managed.dns_names = reading.texts(*spec, "dnsNames");
    managed.uris = reading.texts(*spec, "uris");
    managed.is_ca = reading.flag(*spec, "isCA");
    if (const auto issuer = reading.map(*spec, "issuerRef")) managed.issuer = reading.text(*issuer, "name");
  }
  const auto status = reading.map(reading.root, "status");
  if (!status) return;
  const auto instant = [&](const Place& place, std::string_view field) -> std::optional<Instant> {
    const auto read = parse_rfc3339(reading.text(place, field));
    return read ? std::optional(*read) : std::nullopt;
  };
  managed.not_before = instant(*status, "notBefore");
  managed.not_after = instant(*status, "notAfter");
  managed.renewal_time = instant(*status, "renewalTime");
  for (const Place& condition : reading.mappings(*status, "conditions")) {
    const std::string type = reading.text(condition, "type"), is = reading.text(condition, "status");
    const std::string reason = reading.text(condition, "reason");
    if (type == "Issuing" && is == "True") managed.issuing_since = instant(condition, "lastTransitionTime");
    // Issuing False without a failure is an issuance that is done.
    if (is != "False" || (type != "Ready" && (type != "Issuing" || reason != "Failed"))) continue;
    managed.trouble += fmt::format("{}{} is False ({}: {})", managed.trouble.empty() ? "" : ", ", type,
                                   reason, reading.text(condition, "message"));
  }
}

void read_certificate_request(ObjectReading& reading) {
  const auto status = reading.map(reading.root, "status");
  if (!status) return;
  if (read_encoded(reading, *status, "certificate", ArtifactKind::certificate_chain, "certificate"))
    classify_last(reading);
  read_encoded(reading, *status, "ca", ArtifactKind::ca_bundle, "ca");
}

void read_signing_request(ObjectReading& reading) {
  const auto status = reading.map(reading.root, "status");
  if (status && read_encoded(reading, *status, "certificate", ArtifactKind::certificate_chain, "certificate"))
    classify_last(reading);
}

namespace {

// istio-proxy mounts it; without it the pod does not start.
bool takes_mesh_roots(ObjectReading& reading, const Place& spec) {
  return std::ranges::any_of(reading.mappings(spec, "volumes"), [&](const Place& volume) {
    const auto map = reading.map(volume, "configMap");
    return map && reading.text(*map, "name") == "istio-ca-root-cert" && !reading.flag(*map, "optional");
  });
}

void read_pod_spec(ObjectReading& reading, const Place& owner) {
  Pod& pod = reading.object.spec.emplace<Pod>();
  const auto spec = reading.map(owner, "spec");
  if (!spec) return;
  pod.service_account = reading.text(*spec, "serviceAccountName");
  pod.takes_mesh_roots = takes_mesh_roots(reading, *spec);
}

}  // namespace

// Its pods have the labels of the template, not its own.
void read_pod_template(ObjectReading& reading) {
  reading.object.spec.emplace<Pod>();
  reading.object.labels.clear();
  const auto pod = reading.at({"spec", "template"});
  if (!pod) return;
  read_pod_spec(reading, *pod);
  const auto metadata = reading.map(*pod, "metadata");
  const auto replicas = reading.at({"spec"});
  const Node* count = replicas->node->find("replicas");
  const bool none = count != nullptr && count->text == "0";
  if (metadata && !none) reading.object.labels = reading.labels(*metadata, "labels");
}

// Its pods have the labels that it selects, and maybe more.
void read_service(ObjectReading& reading) {
  reading.object.spec.emplace<Pod>();
  const auto spec = reading.map(reading.root, "spec");
  reading.object.labels = spec ? reading.labels(*spec, "selector") : KubernetesObject::Labels{};
}

// Its labels say whether pods in it are injected; of one that is going, nothing does.
void read_namespace(ObjectReading& reading) {
  const auto status = reading.map(reading.root, "status");
  if (status && reading.text(*status, "phase") == "Terminating") reading.object.labels.clear();
}

void read_pod(ObjectReading& reading) {
  read_pod_spec(reading, reading.root);
  // Nothing runs in a pod that has ended, and one that is being deleted takes no more traffic: no selector is
  // after them.
  const auto status = reading.map(reading.root, "status"), metadata = reading.map(reading.root, "metadata");
  const std::string phase = status ? reading.text(*status, "phase") : "";
  const bool leaves = metadata && !reading.text(*metadata, "deletionTimestamp").empty();
  if (leaves || phase == "Succeeded" || phase == "Failed") reading.object.labels.clear();
}

}  // namespace meshcert::input
