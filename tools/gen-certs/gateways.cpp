#include "gateways.hpp"

namespace gencerts {

std::string chain_of(Workshop& w) {
  return pem({serving_leaf(w, "gateway/healthy").build(), the_web_intermediate(w)});
}

Json tls_secret(Workshop& w, std::string_view space, std::string_view name) {
  return secret(space, name, kTls, {{"tls.crt", chain_of(w)}, {"tls.key", key_pem(w, "workload")}});
}

Json clients_secret(Workshop& w, std::string_view name) {
  return secret(kSystem, name, kOpaque, {{"ca.crt", pem(the_plugin_root(w))}});
}

Json clients_map(Workshop& w, std::string_view space) {
  return config_map(space, "clients-ca", {{"ca.crt", pem(the_plugin_root(w))}});
}

Json pod(std::string_view space) {
  Json json = object("v1", "Pod", space, "istio-ingressgateway-7d4b9c-x2x9q");
  json["metadata"]["labels"] = {{"app", "istio-ingressgateway"}, {"istio", "ingressgateway"}};
  json["spec"] = {{"serviceAccountName", "istio-ingressgateway-service-account"}};
  return json;
}

Json server(Json tls, std::vector<std::string> hosts) {
  return {{"hosts", std::move(hosts)},
          {"port", {{"name", "https"}, {"number", 443}, {"protocol", "HTTPS"}}},
          {"tls", std::move(tls)}};
}

Json simple(std::string_view credential) {
  return {{"credentialName", credential}, {"mode", "SIMPLE"}};
}

Json mutual(std::string_view credential) {
  return {{"credentialName", credential}, {"mode", "MUTUAL"}};
}

Json gateway(std::vector<Json> servers, std::string_view name) {
  Json json = object("networking.istio.io/v1", "Gateway", "shop", name);
  json["spec"] = {{"selector", {{"istio", "ingressgateway"}}}, {"servers", std::move(servers)}};
  return json;
}

Json reference(std::string_view kind, std::string_view name, std::string_view space) {
  Json json{{"group", ""}, {"kind", kind}, {"name", name}};
  if (!space.empty()) json["namespace"] = space;
  return json;
}

Json listener(Json refs, std::string_view hostname) {
  return {{"hostname", hostname},
          {"name", "web"},
          {"port", 443},
          {"protocol", "HTTPS"},
          {"tls", {{"certificateRefs", std::move(refs)}, {"mode", "Terminate"}}}};
}

Json api_gateway(std::vector<Json> listeners) {
  Json json = object("gateway.networking.k8s.io/v1", "Gateway", "shop", "web");
  json["spec"] = {{"gatewayClassName", "istio"}, {"listeners", std::move(listeners)}};
  return json;
}

Json grant(std::string_view space, std::string_view from_kind, std::string_view to_kind,
           std::string_view name) {
  Json json = object("gateway.networking.k8s.io/v1beta1", "ReferenceGrant", space, "gateways");
  Json to{{"group", ""}, {"kind", to_kind}};
  if (!name.empty()) to["name"] = name;
  json["spec"] = {
      {"from",
       Json::array({{{"group", "gateway.networking.k8s.io"}, {"kind", from_kind}, {"namespace", "shop"}}})},
      {"to", Json::array({std::move(to)})}};
  return json;
}

Json backend_policy(Json ref) {
  Json json = object("gateway.networking.k8s.io/v1", "BackendTLSPolicy", "shop", "stock");
  json["spec"] = {
      {"validation", {{"caCertificateRefs", Json::array({std::move(ref)})}, {"hostname", "stock"}}}};
  return json;
}

Json managed(std::string_view space, std::string_view name) {
  Json json = object("cert-manager.io/v1", "Certificate", space, name);
  json["spec"] = {{"dnsNames", Json::array({"shop.example.com"})},
                  {"issuerRef", {{"kind", "ClusterIssuer"}, {"name", "web"}}},
                  {"secretName", name}};
  return json;
}

std::vector<Octets> shown(Workshop& w) {
  return {serving_leaf(w, "gateway/healthy").build(), the_web_intermediate(w)};
}

}  // namespace gencerts
