#include "input/kubernetes.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <array>
#include <utility>

#include "base/ascii.hpp"
#include "base/words.hpp"
#include "input/kubernetes_guess.hpp"
#include "input/kubernetes_object.hpp"

namespace meshcert::input {
namespace {

using Kind = Node::Kind;

// The table of kinds: a new one is a function and a row. A kind of two API
// groups has a row for each.
struct KindRow {
  std::string_view kind, group;
  void (*read)(ObjectReading&);
};
constexpr std::array kKinds = {
    KindRow{"Secret", "", read_secret},
    KindRow{"ConfigMap", "", read_config_map},
    KindRow{"ClusterTrustBundle", "certificates.k8s.io", read_cluster_trust_bundle},
    KindRow{"Bundle", "trust.cert-manager.io", read_trust_manager_bundle},
    KindRow{"MutatingWebhookConfiguration", "admissionregistration.k8s.io", read_webhook_configuration},
    KindRow{"ValidatingWebhookConfiguration", "admissionregistration.k8s.io", read_webhook_configuration},
    KindRow{"CustomResourceDefinition", "apiextensions.k8s.io", read_custom_resource_definition},
    KindRow{"APIService", "apiregistration.k8s.io", read_api_service},
    KindRow{"Gateway", "networking.istio.io", read_istio_gateway},
    KindRow{"DestinationRule", "networking.istio.io", read_destination_rule},
    KindRow{"Gateway", "gateway.networking.k8s.io", read_api_gateway},
    KindRow{"ListenerSet", "gateway.networking.k8s.io", read_api_gateway},
    KindRow{"XListenerSet", "gateway.networking.x-k8s.io", read_api_gateway},
    KindRow{"ReferenceGrant", "gateway.networking.k8s.io", read_reference_grant},
    KindRow{"BackendTLSPolicy", "gateway.networking.k8s.io", read_backend_tls_policy},
    KindRow{"GatewayClass", "gateway.networking.k8s.io", read_gateway_class},
    KindRow{"Pod", "", read_pod},
    KindRow{"Deployment", "apps", read_pod_template},
    KindRow{"DaemonSet", "apps", read_pod_template},
    KindRow{"StatefulSet", "apps", read_pod_template},
    KindRow{"Service", "", read_service},
    KindRow{"Namespace", "", read_namespace},
    KindRow{"RequestAuthentication", "security.istio.io", read_request_authentication},
    KindRow{"Certificate", "cert-manager.io", read_managed_certificate},
    KindRow{"CertificateRequest", "cert-manager.io", read_certificate_request},
    KindRow{"Issuer", "cert-manager.io", read_issuer},
    KindRow{"ClusterIssuer", "cert-manager.io", read_issuer},
    KindRow{"CertificateSigningRequest", "certificates.k8s.io", read_signing_request},
    KindRow{"Config", "", read_kubeconfig},
};

// The annotations and labels of Secrets and ConfigMaps that rules ask for; of
// other objects all labels count.
constexpr std::array<std::string_view, 9> kAnnotations = {
    "cert-manager.io/inject-ca-from",
    "cert-manager.io/inject-ca-from-secret",
    "cert-manager.io/inject-apiserver-ca",
    "cert-manager.io/certificate-name",
    "istio.io/service-account.name",
    "argocd.argoproj.io/tracking-id",
    "meta.helm.sh/release-name",
    "networking.istio.io/service-type",
    "cert-manager.io/allow-direct-injection",
};

bool is_text(const Node* node) {
  return node != nullptr && node->is(Kind::text);
}

std::string_view group_of(std::string_view api_version) {
  const std::size_t slash = api_version.find('/');
  return slash == std::string_view::npos ? "" : api_version.substr(0, slash);
}

const KindRow* find_kind(std::string_view kind, const std::string& api_version) {
  const auto row = std::ranges::find_if(kKinds, [&](const KindRow& candidate) {
    return candidate.kind == kind && (api_version.empty() || candidate.group == group_of(api_version));
  });
  return row == kKinds.end() ? nullptr : &*row;
}

// The kind of that group that is written so but for one slip or for case; "" where there is none. With
// two slips, BackendLBPolicy would be BackendTLSPolicy.
std::string_view meant_kind(std::string_view kind, std::string_view api_version) {
  constexpr std::size_t kLongest = 64;
  if (kind.size() > kLongest || api_version.empty()) return "";
  const auto row = std::ranges::find_if(kKinds, [&](const KindRow& candidate) {
    return candidate.group == group_of(api_version) &&
           base::edit_distance(base::lowered(candidate.kind), base::lowered(kind)) <= 1;
  });
  return row == kKinds.end() ? "" : row->kind;
}

// The API server gives every object these, and a uid; manifests have none of them.
bool is_live(const Node& metadata) {
  return std::ranges::any_of(std::array{"resourceVersion", "creationTimestamp"},
                             [&](const char* key) { return is_text(metadata.find(key)); });
}

void read_metadata(ObjectReading& reading) {
  KubernetesObject& object = reading.object;
  object.source = reading.fields.source(reading.root);
  const auto metadata = reading.map(reading.root, "metadata");
  if (!metadata) return;
  object.name = reading.text(*metadata, "name");
  object.namespace_name = reading.text(*metadata, "namespace");
  if (const Node* uid = metadata->node->find("uid"); is_text(uid)) object.uid = shown(uid->text);
  object.live = !object.uid.empty() || is_live(*metadata->node);
  object.labels = reading.labels(*metadata, "labels");
  const auto annotations = reading.map(*metadata, "annotations");
  for (const std::string_view key : kAnnotations) {
    const Node* value = annotations ? annotations->node->find(key) : nullptr;
    if (is_text(value)) object.annotations.emplace_back(key, shown(value->text));
  }
}

}  // namespace

bool KubernetesReader::is_object(const Node& node) {
  if (!node.is(Kind::mapping)) return false;
  const bool stated = node.find("apiVersion") != nullptr && node.find("kind") != nullptr;
  return stated || !guess_kind(node).kind.empty();
}

bool KubernetesReader::read_items(const Place& list) {
  bool any = false;
  for (std::size_t i = 0; i < list.node->items.size(); ++i) {
    const Place item = list.item(i);
    if (is_object(*item.node)) any = read(item) || any;
  }
  return any;
}

bool KubernetesReader::read(const Place& place) {
  ObjectReading reading(file_, scope_, place);
  const auto items = place.node->find("items");
  if (items != nullptr && items->is(Kind::sequence))
    return read_items(Place{items, place.pointer + "/items"});
  std::string version = reading.fields.text(place, "apiVersion");
  std::string kind = reading.fields.text(place, "kind");
  if (kind.empty() && reading.defects.empty()) {
    const GuessedKind guess = guess_kind(*place.node);
    kind = guess.kind;
    if (version.empty()) version = guess.api_version();
  }
  ++objects_;
  const KindRow* row = find_kind(kind, version);
  bool judged = false;
  if (row != nullptr) {
    read_metadata(reading);
    reading.object.kind = row->kind;
    row->read(reading);
    judged = hand_on(reading);
  } else if (reading.defects.empty()) {
    const std::string_view meant = kinds_.contains(kind) ? "" : meant_kind(kind, version);
    if (meant.empty())
      other(kind);
    else
      reading.fields.defect(Defect{
          DefectKind::malformed, reading.fields.source(place),
          fmt::format(
              "its kind is {}, which {} does not have, but must be one of those that it has, such as {}",
              kind, version, meant),
          true, "correct kind; kubectl apply --dry-run=server -f FILE says what the API server takes"});
  }
  for (Defect& defect : reading.defects) sink_.defect(std::move(defect));
  return judged;
}

void KubernetesReader::other(const std::string& kind) {
  constexpr std::size_t kMost = 100;
  if (kinds_.size() < kMost && kinds_.insert(kind).second) others_.add(kind);
}

bool KubernetesReader::hand_on(ObjectReading& reading) {
  const auto object = std::make_shared<const KubernetesObject>(std::move(reading.object));
  sink_.object(object);
  const bool judged = !reading.artifacts.empty() || object->is_judged() || object->is_consulted();
  if (!judged) other(object->kind);
  for (Artifact& artifact : reading.artifacts) {
    artifact.resource = object->title();
    artifact.object = object;
    sink_.artifact(std::move(artifact));
  }
  return judged;
}

}  // namespace meshcert::input
