#include "input/kubernetes_object.hpp"

#include <algorithm>
#include <utility>

#include "input/withheld.hpp"
#include "meshcert/spiffe_id.hpp"

namespace meshcert {

const Credential::Key* Credential::find(std::string_view wanted) const {
  const auto found =
      std::ranges::lower_bound(keys, wanted, {}, [](const Key& key) -> std::string_view { return key.name; });
  return found == keys.end() || found->name != wanted ? nullptr : &*found;
}

std::string KubernetesObject::title() const {
  if (name.empty() && namespace_name.empty()) return kind;
  return kind + ' ' + (namespace_name.empty() ? "" : namespace_name + '/') + name;
}

namespace {

std::string_view value_of(const KubernetesObject::Labels& labels, std::string_view key) {
  const auto found = std::ranges::find(labels, key, &std::pair<std::string, std::string>::first);
  return found == labels.end() ? std::string_view{} : std::string_view(found->second);
}

}  // namespace

std::string_view KubernetesObject::label(std::string_view key) const {
  return value_of(labels, key);
}

std::string_view KubernetesObject::annotation(std::string_view key) const {
  return value_of(annotations, key);
}

bool MeshConfig::is_valid() const {
  return (trust_domain.empty() || is_mesh_trust_domain(trust_domain)) &&
         std::ranges::all_of(trust_domain_aliases, &is_mesh_trust_domain);
}

bool KubernetesObject::is_judged() const {
  const auto* rule = as<DestinationRule>();
  const auto* managed = as<ManagedCertificate>();
  return as<CaBundleCarrier>() != nullptr || as<IstioGateway>() != nullptr || as<ApiGateway>() != nullptr ||
         as<BackendTlsPolicy>() != nullptr || (rule != nullptr && !rule->tls.empty()) ||
         (managed != nullptr && managed->has_status()) || (mesh && !mesh->is_valid());
}

bool KubernetesObject::is_consulted() const {
  const bool is_pod = as<Pod>() != nullptr && kind == "Pod";
  return is_pod || as<ReferenceGrant>() != nullptr || as<ManagedCertificate>() != nullptr ||
         as<DestinationRule>() != nullptr || as<RequestAuthentication>() != nullptr || mesh.has_value();
}

namespace input {

using Kind = Node::Kind;

std::optional<Place> ObjectReading::at(std::initializer_list<std::string_view> names) {
  std::optional<Place> place = root;
  for (const std::string_view name : names) {
    place = map(*place, name);
    if (!place) return std::nullopt;
  }
  return place;
}

std::string ObjectReading::text(const Place& parent, std::string_view name) {
  return shown(fields.view(parent, name));
}

std::vector<std::string> ObjectReading::texts(const Place& parent, std::string_view name) {
  std::vector<std::string> all;
  for (const Place& item : fields.items(parent, name, Kind::text)) all.push_back(shown(item.node->text));
  return all;
}

bool ObjectReading::flag(const Place& parent, std::string_view name) {
  const auto found = fields.field(parent, name, Kind::boolean);
  return found && (found->node->text[0] == 't' || found->node->text[0] == 'T');
}

KubernetesObject::Labels ObjectReading::labels(const Place& parent, std::string_view name) {
  KubernetesObject::Labels all;
  const auto found = map(parent, name);
  if (!found) return all;
  for (const Node::Member& member : found->node->members)
    if (member.value.is(Kind::text)) all.emplace_back(shown(member.key), shown(member.value.text));
  return all;
}

ObjectRef ObjectReading::ref(const Place& place, std::string_view kind, std::string_view namespace_name) {
  const auto or_else = [](std::string found, std::string_view usual) {
    return found.empty() ? std::string(usual) : found;
  };
  return {text(place, "group"), or_else(text(place, "kind"), kind),
          or_else(text(place, "namespace"), namespace_name), text(place, "name"), fields.source(place)};
}

Artifact ObjectReading::begin(ArtifactKind kind, std::string name, const Place& place) const {
  Artifact artifact;
  artifact.kind = kind;
  artifact.name = std::move(name);
  artifact.source = fields.source(place);
  return artifact;
}

}  // namespace input
}  // namespace meshcert
