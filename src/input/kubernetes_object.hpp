#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "input/key_opener.hpp"
#include "input/place.hpp"
#include "meshcert/artifact.hpp"
#include "meshcert/kubernetes.hpp"
#include "meshcert/limits.hpp"

namespace meshcert::input {

/// ObjectReading is one Kubernetes object being read: what its kind's reader
/// fills in. Field names are those of the API, case and all.
struct ObjectReading {
  ObjectReading(const std::string& file_name, DocumentScope& a_scope, const Place& place)
      : file(file_name),
        limits(a_scope.limits),
        keys(a_scope.keys),
        known(a_scope.known()),
        tokens(a_scope.tokens),
        root(place),
        fields(file, defects) {}
  ObjectReading(const ObjectReading&) = delete;
  ObjectReading& operator=(const ObjectReading&) = delete;

  const std::string& file;
  const Limits& limits;
  KeyOpener& keys;
  KnownValues& known;
  const bool tokens;  ///< DocumentScope::tokens
  Place root;
  KubernetesObject object;
  std::vector<Artifact> artifacts;
  std::vector<Defect> defects;  ///< of the object, not of one artifact
  FieldReader fields;

  /// map and list find a field of that kind; nullopt with a defect where it is another.
  [[nodiscard]] std::optional<Place> map(const Place& parent, std::string_view name) {
    return fields.field(parent, name, Node::Kind::mapping);
  }
  [[nodiscard]] std::optional<Place> list(const Place& parent, std::string_view name) {
    return fields.field(parent, name, Node::Kind::sequence);
  }
  /// at follows names of mappings; nullopt where one is missing.
  [[nodiscard]] std::optional<Place> at(std::initializer_list<std::string_view> names);
  /// text is a string as messages may show it.
  [[nodiscard]] std::string text(const Place& parent, std::string_view name);
  /// texts is a list of strings.
  [[nodiscard]] std::vector<std::string> texts(const Place& parent, std::string_view name);
  /// flag is a boolean; false where there is none.
  [[nodiscard]] bool flag(const Place& parent, std::string_view name);
  /// mappings are the elements of a list that are objects.
  [[nodiscard]] std::vector<Place> mappings(const Place& parent, std::string_view name) {
    return fields.items(parent, name, Node::Kind::mapping);
  }
  /// labels are the strings of a mapping.
  [[nodiscard]] KubernetesObject::Labels labels(const Place& parent, std::string_view name);
  /// ref reads a reference; `kind` and `namespace_name` where it has none.
  [[nodiscard]] ObjectRef ref(const Place& place, std::string_view kind, std::string_view namespace_name);

  /// begin makes an artifact of the object. The value it is made of may go on
  /// changing it, so it is added to `artifacts` when it is done.
  [[nodiscard]] Artifact begin(ArtifactKind kind, std::string name, const Place& place) const;
};

/// The readers of kinds.
void read_secret(ObjectReading& reading);
void read_config_map(ObjectReading& reading);
void read_cluster_trust_bundle(ObjectReading& reading);
void read_trust_manager_bundle(ObjectReading& reading);
void read_webhook_configuration(ObjectReading& reading);
void read_custom_resource_definition(ObjectReading& reading);
void read_api_service(ObjectReading& reading);
void read_istio_gateway(ObjectReading& reading);
void read_api_gateway(ObjectReading& reading);
void read_reference_grant(ObjectReading& reading);
void read_backend_tls_policy(ObjectReading& reading);
void read_destination_rule(ObjectReading& reading);
void read_gateway_class(ObjectReading& reading);
void read_pod(ObjectReading& reading);
void read_pod_template(ObjectReading& reading);
void read_service(ObjectReading& reading);
void read_namespace(ObjectReading& reading);
void read_request_authentication(ObjectReading& reading);
void read_managed_certificate(ObjectReading& reading);
void read_certificate_request(ObjectReading& reading);
void read_issuer(ObjectReading& reading);
void read_signing_request(ObjectReading& reading);
void read_kubeconfig(ObjectReading& reading);

/// read_kubeconfig_text reads the kubeconfig in a value of a Secret.
void read_kubeconfig_text(ObjectReading& reading, std::string_view key, const Place& value,
                          std::string_view text);

/// read_mesh_config_text reads the `mesh` of the ConfigMap `istio`.
void read_mesh_config_text(ObjectReading& reading, const Place& value, std::string_view text);

}  // namespace meshcert::input
