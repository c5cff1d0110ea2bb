#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "dumps.hpp"

namespace gencerts {

/// Where istiod lives, and types of Secrets.
inline constexpr std::string_view kSystem = "istio-system", kTls = "kubernetes.io/tls", kOpaque = "Opaque";

/// Entry is one key of a Secret or ConfigMap, and the text under it.
using Entry = std::pair<std::string_view, std::string>;

/// object is a Kubernetes object as kubectl prints it: with what the API server
/// gives every one. Of a cluster-wide one the namespace is "".
[[nodiscard]] Json object(std::string_view api_version, std::string_view kind, std::string_view space,
                          std::string_view name);
/// secret holds its entries in base64, config_map as they are.
[[nodiscard]] Json secret(std::string_view space, std::string_view name, std::string_view type,
                          std::initializer_list<Entry> data);
[[nodiscard]] Json config_map(std::string_view space, std::string_view name,
                              std::initializer_list<Entry> data);

/// key_pem is a private key of certs/keys in PKCS#8.
[[nodiscard]] std::string key_pem(Workshop& workshop, std::string_view name);

/// Objects of many samples: a gateway's Secret shop-cert with its chain, what istiod keeps of
/// its own CA (two of its keys are empty), and istio-ca-root-cert of a namespace.
[[nodiscard]] std::string serving_chain(Workshop& workshop);
[[nodiscard]] Json gateway_secret(Workshop& workshop);
[[nodiscard]] Json istio_ca_secret(Workshop& workshop);
[[nodiscard]] Json root_config_map(std::string_view space, const std::string& roots);

/// destination_rule has its clients reach a host by TLS; trafficPolicy.tls is `tls`.
[[nodiscard]] Json destination_rule(std::string_view host, Json tls);

/// kube_list is what `kubectl get ... -o yaml` prints: a List; in JSON with -o json.
[[nodiscard]] Sample kube_list(std::vector<Json> items, std::vector<Octets> certificates = {});
[[nodiscard]] Sample kube_json(std::vector<Json> items, std::vector<Octets> certificates = {});
/// manifests is a stream of YAML documents.
[[nodiscard]] Sample manifests(std::vector<Json> objects, std::vector<Octets> certificates = {});
/// as_manifest takes out what only the API server writes.
[[nodiscard]] Json as_manifest(Json object);

}  // namespace gencerts
