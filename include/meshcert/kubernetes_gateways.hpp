#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "meshcert/source_ref.hpp"

/// Objects of gateways, as the rules that relate objects know them.
namespace meshcert {

/// ObjectRef names another object, as a field of one does. What is left out is "".
struct ObjectRef {
  std::string group, kind, namespace_name, name;
  SourceRef where;
};

/// FilePair is an entry of tlsCertificates: paths where the proxy runs.
struct FilePair {
  std::string certificate, key;
};

/// ServerTls is a server of an Istio Gateway with its TLS settings
/// (networking.istio.io/v1 ServerTLSSettings).
struct ServerTls {
  SourceRef where;
  std::string port, protocol;  ///< the port's name, or its number
  std::vector<std::string> hosts;
  bool has_tls = false;
  bool redirects = false;  ///< httpsRedirect
  std::string mode;        ///< as written; "" where it is left out, which is PASSTHROUGH
  std::string credential_name, ca_credential_name;
  std::vector<std::string> credential_names;
  std::string server_certificate, private_key, ca_certificates, ca_crl;
  std::vector<FilePair> tls_certificates;
};

/// IstioGateway is a networking.istio.io Gateway.
struct IstioGateway {
  std::vector<std::pair<std::string, std::string>> selector;
  std::vector<ServerTls> servers;
};

/// Listener is one of a Gateway or ListenerSet (gateway.networking.k8s.io).
struct Listener {
  SourceRef where;
  std::string name, hostname, protocol, port;
  bool has_tls = false;
  std::string mode;            ///< "" where it is left out, which is Terminate
  std::string terminate_mode;  ///< of Istio's option gateway.istio.io/tls-terminate-mode
  std::vector<ObjectRef> certificates;
};

/// ApiGateway is a gateway.networking.k8s.io Gateway or ListenerSet.
struct ApiGateway {
  /// Frontend is what clients are verified with (spec.tls.frontend); without CAs they are not.
  struct Frontend {
    SourceRef where;
    std::string port;  ///< "" for every port that has none of its own, which comes last
    std::vector<ObjectRef> cas;
  };
  std::string class_name;
  std::optional<ObjectRef> parent;  ///< of a ListenerSet: its Gateway, whose class is its
  std::vector<Listener> listeners;
  std::vector<Frontend> frontends;
  std::optional<ObjectRef> backend_certificate;
};

/// ReferenceGrant lets objects of other namespaces refer to some of its own.
struct ReferenceGrant {
  std::vector<ObjectRef> from, to;
};

/// BackendTlsPolicy says how a gateway verifies a backend (gateway.networking.k8s.io).
struct BackendTlsPolicy {
  SourceRef where;
  std::vector<ObjectRef> cas;
  std::string well_known, hostname;
};

/// ClientTls is one ClientTLSSettings of a DestinationRule.
struct ClientTls {
  SourceRef where;
  std::string port;  ///< "" for all ports
  std::string mode, credential_name, ca_certificates, ca_crl, client_certificate, private_key;
  std::vector<std::string> subject_alt_names;
  bool skips_verification = false;
};

/// DestinationRule is a networking.istio.io DestinationRule with its TLS settings.
struct DestinationRule {
  std::string host;
  bool has_workload_selector = false;
  std::vector<ClientTls> tls;
};

/// GatewayClass says whose Gateways are of it (gateway.networking.k8s.io).
struct GatewayClass {
  std::string controller;  ///< "istio.io/gateway-controller"
};

}  // namespace meshcert
