#include "input/kubernetes_guess.hpp"

#include <algorithm>
#include <array>

namespace meshcert::input {
namespace {

using Kind = Node::Kind;

bool is_text(const Node* node) {
  return node != nullptr && node->is(Kind::text);
}

const Node* map_in(const Node& node, std::string_view name) {
  const Node* member = node.find(name);
  return member != nullptr && member->is(Kind::mapping) ? member : nullptr;
}

// The fields of a spec that all have to be there.
struct Shape {
  GuessedKind kind;
  std::array<std::string_view, 2> fields;
};
constexpr std::array kShapes = {
    Shape{{"Gateway", "networking.istio.io"}, {"servers", ""}},
    Shape{{"Gateway", "gateway.networking.k8s.io"}, {"listeners", "gatewayClassName"}},
    Shape{{"ListenerSet", "gateway.networking.k8s.io"}, {"listeners", "parentRef"}},
    Shape{{"ReferenceGrant", "gateway.networking.k8s.io"}, {"from", "to"}},
    Shape{{"BackendTLSPolicy", "gateway.networking.k8s.io"}, {"validation", "targetRefs"}},
    Shape{{"GatewayClass", "gateway.networking.k8s.io"}, {"controllerName", ""}},
    Shape{{"DestinationRule", "networking.istio.io"}, {"trafficPolicy", "host"}},
    Shape{{"DestinationRule", "networking.istio.io"}, {"subsets", "host"}},
    Shape{{"RequestAuthentication", "security.istio.io"}, {"jwtRules", ""}},
    Shape{{"CustomResourceDefinition", "apiextensions.k8s.io"}, {"versions", "names"}},
    Shape{{"APIService", "apiregistration.k8s.io"}, {"groupPriorityMinimum", ""}},
    Shape{{"ClusterTrustBundle", "certificates.k8s.io"}, {"trustBundle", ""}},
    Shape{{"CertificateSigningRequest", "certificates.k8s.io"}, {"request", "signerName"}},
    Shape{{"CertificateRequest", "cert-manager.io"}, {"request", "issuerRef"}},
    Shape{{"Certificate", "cert-manager.io"}, {"secretName", "issuerRef"}},
    Shape{{"Bundle", "trust.cert-manager.io"}, {"sources", "target"}},
    Shape{{"Pod", ""}, {"containers", ""}},
};

// The API server fills in reinvocationPolicy of those that mutate, which alone have it; where
// somebody took it out, the path says whether pods are injected there.
GuessedKind kind_of_webhooks(const Node& webhooks) {
  constexpr std::string_view kGroup = "admissionregistration.k8s.io";
  if (!webhooks.is(Kind::sequence)) return {};
  const bool mutates = std::ranges::any_of(webhooks.items, [](const Node& entry) {
    if (!entry.is(Kind::mapping)) return false;
    const Node* client = map_in(entry, "clientConfig");
    const Node* service = client == nullptr ? nullptr : map_in(*client, "service");
    const Node* path = service == nullptr ? nullptr : service->find("path");
    return entry.find("reinvocationPolicy") != nullptr ||
           (is_text(path) && path->text.starts_with("/inject"));
  });
  return {mutates ? "MutatingWebhookConfiguration" : "ValidatingWebhookConfiguration", kGroup};
}

// One way to issue, and nothing that other kinds have.
bool is_issuer(const Node& spec) {
  constexpr std::array<std::string_view, 5> kWays = {"acme", "ca", "selfSigned", "vault", "venafi"};
  return spec.members.size() == 1 && map_in(spec, spec.members.front().key) != nullptr &&
         std::ranges::find(kWays, spec.members.front().key) != kWays.end();
}

}  // namespace

GuessedKind guess_kind(const Node& node) {
  if (map_in(node, "metadata") == nullptr) return {};
  if (is_text(node.find("type"))) return {"Secret", ""};
  if (map_in(node, "data") != nullptr || map_in(node, "binaryData") != nullptr) return {"ConfigMap", ""};
  if (const Node* webhooks = node.find("webhooks")) return kind_of_webhooks(*webhooks);
  const Node* spec = map_in(node, "spec");
  if (spec == nullptr) return {};
  if (is_issuer(*spec))
    return {map_in(node, "metadata")->find("namespace") == nullptr ? "ClusterIssuer" : "Issuer",
            "cert-manager.io"};
  const auto shape = std::ranges::find_if(kShapes, [spec](const Shape& candidate) {
    return std::ranges::all_of(candidate.fields, [spec](std::string_view field) {
      return field.empty() || spec->find(field) != nullptr;
    });
  });
  return shape == kShapes.end() ? GuessedKind{} : shape->kind;
}

}  // namespace meshcert::input
