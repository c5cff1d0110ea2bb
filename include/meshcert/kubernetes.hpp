#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "meshcert/kubernetes_gateways.hpp"
#include "meshcert/ocsp.hpp"
#include "meshcert/source_ref.hpp"
#include "meshcert/time.hpp"

namespace meshcert {

/// Credential is what is known of a Secret or a ConfigMap besides its
/// certificates, which are Artifacts of their own. No value is kept.
struct Credential {
  struct Key {
    std::string name;
    bool empty = false;
    std::string first_label = {};  ///< of a CA's pair: of the first PEM block; else ""
    bool withheld = false;         ///< a placeholder of who gave the object away stands there
  };
  std::string type;                  ///< of a Secret: "kubernetes.io/tls"
  std::vector<Key> keys;             ///< sorted by name; without those of `binaryData`
  std::optional<OcspStaple> staple;  ///< of tls.ocsp-staple

  /// find returns the key of that name, or null.
  [[nodiscard]] const Key* find(std::string_view name) const;
};

/// WebhookEntry is one caBundle and whom it is to verify
/// (admissionregistration.k8s.io/v1 WebhookClientConfig; kube-aggregator
/// APIServiceSpec).
struct WebhookEntry {
  enum class CaBundle : std::uint8_t { absent, empty, placeholder, given };

  std::string name;  ///< of the entry; "" where the object has one alone
  SourceRef where;   ///< of the caBundle; of what it is missing in, where there is none
  CaBundle ca_bundle = CaBundle::absent;
  /// first_block says what the first PEM block is, where that is no certificate; else "".
  std::string first_block;
  std::string service_namespace, service_name;  ///< "" with a URL
  std::string url;
  bool fails_closed = true;  ///< failurePolicy Fail: without the webhook, requests are refused
  /// deactivated: its selectors match nothing, as Istio writes them where a revision tag does the
  /// work (istio operator/pkg/util NeverMatch).
  bool deactivated = false;
  bool skips_verification = false;  ///< insecureSkipTLSVerify, of an APIService
};

/// CaBundleCarrier is an object by which the API server verifies others: webhook
/// configurations, a CRD's conversion webhook, an APIService.
struct CaBundleCarrier {
  std::vector<WebhookEntry> entries;
};

/// Pod is a pod; or a Deployment and its kin, by the template of theirs; or a Service, by what it selects.
struct Pod {
  std::string service_account;
  bool takes_mesh_roots = false;  ///< a volume of it is the ConfigMap istio-ca-root-cert
};

/// ManagedCertificate is a cert-manager.io Certificate.
struct ManagedCertificate {
  std::string secret_name, issuer;
  std::vector<std::string> dns_names, uris;
  bool is_ca = false;
  std::optional<Instant> not_before, not_after, renewal_time;  ///< of its status
  /// trouble is what its conditions Ready and Issuing say against it; "" where nothing.
  std::string trouble;
  std::optional<Instant> issuing_since;  ///< an issuance is under way
  /// has_status: cert-manager said something of it.
  [[nodiscard]] bool has_status() const { return not_after || issuing_since || !trouble.empty(); }
};

/// TrustBundle is a ClusterTrustBundle (certificates.k8s.io).
struct TrustBundle {
  std::string signer;    ///< "" where it is of no signer
  bool is_whole = true;  ///< this and the object's name stand as in the input, neither cut short nor withheld
};

/// MeshConfig is what the ConfigMap `istio` says of identities.
struct MeshConfig {
  std::string trust_domain;
  std::vector<std::string> trust_domain_aliases;
  [[nodiscard]] bool is_valid() const;  ///< istiod takes all of these names
};

/// RequestAuthentication says which workloads its jwtRules are for (security.istio.io/v1);
/// each of these is an Artifact of kind jwt_rule.
struct RequestAuthentication {
  std::vector<std::pair<std::string, std::string>> selector;
  std::vector<ObjectRef> targets;
};

/// ProxyConfig is no object of the API: a proxy, as its config dump tells of itself. Its pod's
/// name, namespace and labels are the object's, "" and none where the dump has no bootstrap.
struct ProxyConfig {
  std::string document;   ///< as Artifact::document
  std::string node_type;  ///< "sidecar", "router", "waypoint"
};

/// KubernetesObject is what the rules that relate objects know of one. Its
/// certificates are Artifacts that point to it.
struct KubernetesObject {
  using Spec = std::variant<std::monostate, Credential, CaBundleCarrier, IstioGateway, ApiGateway,
                            ReferenceGrant, BackendTlsPolicy, DestinationRule, Pod, ManagedCertificate,
                            RequestAuthentication, ProxyConfig, GatewayClass, TrustBundle>;
  using Labels = std::vector<std::pair<std::string, std::string>>;

  std::string kind;            ///< "Secret"
  std::string namespace_name;  ///< "" for what has none, and where a manifest leaves it out
  std::string name;
  SourceRef source;
  bool live = false;  ///< it was read from an API server, which marks its objects
  std::string uid;    ///< that the API server gave it: no other object ever has it; "" where not stated
  Labels labels, annotations;  ///< those that rules ask for
  Spec spec;
  std::optional<MeshConfig> mesh;  ///< of the ConfigMap `istio`

  /// title is "Secret istio-system/gw-cert".
  [[nodiscard]] std::string title() const;
  /// label and annotation return a value, "" where there is none.
  [[nodiscard]] std::string_view label(std::string_view key) const;
  [[nodiscard]] std::string_view annotation(std::string_view key) const;
  /// is_judged: rules say something of it even where no certificate is in it.
  [[nodiscard]] bool is_judged() const;
  /// is_consulted: rules look at it to judge others, and it was given for that: what everybody
  /// has beside them (a Deployment, a Namespace) was not.
  [[nodiscard]] bool is_consulted() const;
  template <class T>
  [[nodiscard]] const T* as() const {
    return std::get_if<T>(&spec);
  }
};

}  // namespace meshcert
