// Gateways of both APIs and what goes with them (istio api networking/v1alpha3
// gateway.proto, destination_rule.proto; gateway-api apis/v1).
#include <string>
#include <utility>

#include "input/kubernetes_object.hpp"

namespace meshcert::input {
namespace {

using Kind = Node::Kind;

// The port's name; else its number.
std::string read_port(ObjectReading& reading, const Place& server, std::string& protocol) {
  const auto port = reading.map(server, "port");
  if (!port) return {};
  protocol = reading.text(*port, "protocol");
  const std::string name = reading.text(*port, "name");
  const Node* number = port->node->find("number");
  return !name.empty() || number == nullptr ? name : std::string(number->text.substr(0, 16));
}

ServerTls read_server(ObjectReading& reading, const Place& server) {
  ServerTls out;
  out.where = reading.fields.source(server);
  out.port = read_port(reading, server, out.protocol);
  out.hosts = reading.texts(server, "hosts");
  const auto tls = reading.map(server, "tls");
  if (!tls) return out;
  out.has_tls = true;
  out.where = reading.fields.source(*tls);
  out.redirects = reading.flag(*tls, "httpsRedirect");
  out.mode = reading.text(*tls, "mode");
  out.credential_name = reading.text(*tls, "credentialName");
  out.credential_names = reading.texts(*tls, "credentialNames");
  out.ca_credential_name = reading.text(*tls, "caCertCredentialName");
  out.server_certificate = reading.text(*tls, "serverCertificate");
  out.private_key = reading.text(*tls, "privateKey");
  out.ca_certificates = reading.text(*tls, "caCertificates");
  out.ca_crl = reading.text(*tls, "caCrl");
  for (const Place& pair : reading.mappings(*tls, "tlsCertificates"))
    out.tls_certificates.push_back(
        {reading.text(pair, "serverCertificate"), reading.text(pair, "privateKey")});
  return out;
}

std::string number_of(const Place& parent, std::string_view name) {
  const Node* number = parent.node->find(name);
  return number == nullptr ? "?" : std::string(number->text.substr(0, 16));
}

Listener read_listener(ObjectReading& reading, const Place& place) {
  Listener out;
  out.where = reading.fields.source(place);
  out.name = reading.text(place, "name");
  out.hostname = reading.text(place, "hostname");
  out.protocol = reading.text(place, "protocol");
  out.port = number_of(place, "port");
  const auto tls = reading.map(place, "tls");
  if (!tls) return out;
  out.has_tls = true;
  out.mode = reading.text(*tls, "mode");
  if (const auto options = reading.map(*tls, "options"))
    out.terminate_mode = reading.text(*options, "gateway.istio.io/tls-terminate-mode");
  for (const Place& ref : reading.mappings(*tls, "certificateRefs"))
    out.certificates.push_back(reading.ref(ref, "Secret", reading.object.namespace_name));
  return out;
}

ApiGateway::Frontend read_frontend(ObjectReading& reading, const Place& parent, std::string_view field,
                                   std::string port) {
  ApiGateway::Frontend frontend{reading.fields.source(parent), std::move(port), {}};
  const auto tls = reading.map(parent, field);
  const auto validation = tls ? reading.map(*tls, "validation") : std::nullopt;
  if (!validation) return frontend;
  frontend.where = reading.fields.source(*validation);
  for (const Place& ref : reading.mappings(*validation, "caCertificateRefs"))
    frontend.cas.push_back(reading.ref(ref, "", reading.object.namespace_name));
  return frontend;
}

void read_gateway_tls(ObjectReading& reading, const Place& tls, ApiGateway& gateway) {
  if (const auto frontend = reading.map(tls, "frontend")) {
    for (const Place& port : reading.mappings(*frontend, "perPort"))
      gateway.frontends.push_back(read_frontend(reading, port, "tls", number_of(port, "port")));
    gateway.frontends.push_back(read_frontend(reading, *frontend, "default", ""));
  }
  const auto backend = reading.map(tls, "backend");
  if (!backend) return;
  if (const auto ref = reading.map(*backend, "clientCertificateRef"))
    gateway.backend_certificate = reading.ref(*ref, "Secret", reading.object.namespace_name);
}

void read_client_tls(ObjectReading& reading, const Place& parent, const std::string& port,
                     DestinationRule& rule) {
  const auto tls = reading.map(parent, "tls");
  if (!tls) return;
  ClientTls out;
  out.where = reading.fields.source(*tls);
  out.port = port;
  out.mode = reading.text(*tls, "mode");
  out.credential_name = reading.text(*tls, "credentialName");
  out.ca_certificates = reading.text(*tls, "caCertificates");
  out.ca_crl = reading.text(*tls, "caCrl");
  out.client_certificate = reading.text(*tls, "clientCertificate");
  out.private_key = reading.text(*tls, "privateKey");
  out.subject_alt_names = reading.texts(*tls, "subjectAltNames");
  out.skips_verification = reading.flag(*tls, "insecureSkipVerify");
  rule.tls.push_back(std::move(out));
}

void read_policy(ObjectReading& reading, const Place& parent, DestinationRule& rule) {
  const auto policy = reading.map(parent, "trafficPolicy");
  if (!policy) return;
  read_client_tls(reading, *policy, "", rule);
  for (const Place& settings : reading.mappings(*policy, "portLevelSettings")) {
    const auto port = reading.map(settings, "port");
    read_client_tls(reading, settings, port ? number_of(*port, "number") : "?", rule);
  }
}

}  // namespace

void read_istio_gateway(ObjectReading& reading) {
  IstioGateway& gateway = reading.object.spec.emplace<IstioGateway>();
  const auto spec = reading.map(reading.root, "spec");
  if (!spec) return;
  gateway.selector = reading.labels(*spec, "selector");
  for (const Place& server : reading.mappings(*spec, "servers"))
    gateway.servers.push_back(read_server(reading, server));
}

void read_api_gateway(ObjectReading& reading) {
  ApiGateway& gateway = reading.object.spec.emplace<ApiGateway>();
  const auto spec = reading.map(reading.root, "spec");
  if (!spec) return;
  gateway.class_name = reading.text(*spec, "gatewayClassName");
  if (const auto parent = reading.map(*spec, "parentRef"))
    gateway.parent = reading.ref(*parent, "Gateway", reading.object.namespace_name);
  for (const Place& listener : reading.mappings(*spec, "listeners"))
    gateway.listeners.push_back(read_listener(reading, listener));
  if (const auto tls = reading.map(*spec, "tls")) read_gateway_tls(reading, *tls, gateway);
}

void read_gateway_class(ObjectReading& reading) {
  const auto spec = reading.map(reading.root, "spec");
  reading.object.spec.emplace<GatewayClass>().controller =
      spec ? reading.text(*spec, "controllerName") : std::string();
}

void read_reference_grant(ObjectReading& reading) {
  ReferenceGrant& grant = reading.object.spec.emplace<ReferenceGrant>();
  const auto spec = reading.map(reading.root, "spec");
  if (!spec) return;
  for (const Place& from : reading.mappings(*spec, "from")) grant.from.push_back(reading.ref(from, "", ""));
  for (const Place& to : reading.mappings(*spec, "to"))
    grant.to.push_back(reading.ref(to, "", reading.object.namespace_name));
}

void read_backend_tls_policy(ObjectReading& reading) {
  BackendTlsPolicy& policy = reading.object.spec.emplace<BackendTlsPolicy>();
  const auto validation = reading.at({"spec", "validation"});
  policy.where = validation ? reading.fields.source(*validation) : reading.object.source;
  if (!validation) return;
  policy.hostname = reading.text(*validation, "hostname");
  policy.well_known = reading.text(*validation, "wellKnownCACertificates");
  for (const Place& ref : reading.mappings(*validation, "caCertificateRefs")) {
    policy.cas.push_back(reading.ref(ref, "", reading.object.namespace_name));
    // There is no such field: these are of the policy's own namespace.
    policy.cas.back().namespace_name = reading.object.namespace_name;
  }
}

void read_destination_rule(ObjectReading& reading) {
  DestinationRule& rule = reading.object.spec.emplace<DestinationRule>();
  const auto spec = reading.map(reading.root, "spec");
  if (!spec) return;
  rule.host = reading.text(*spec, "host");
  rule.has_workload_selector = reading.map(*spec, "workloadSelector").has_value();
  read_policy(reading, *spec, rule);
  for (const Place& subset : reading.mappings(*spec, "subsets")) read_policy(reading, subset, rule);
}

}  // namespace meshcert::input
