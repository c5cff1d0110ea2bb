// DestinationRules: how clients reach a server by TLS.
#include "kube.hpp"
#include "recipe.hpp"

namespace gencerts {
namespace {

constexpr std::string_view kStock = "stock.shop.svc.cluster.local";

Json simple() {
  return {{"mode", "SIMPLE"}};
}

Json with_client_certificate(std::string_view mode) {
  return {{"caCertificates", "/etc/stock/ca.pem"},
          {"clientCertificate", "/etc/stock/cert.pem"},
          {"mode", mode},
          {"privateKey", "/etc/stock/key.pem"}};
}

Json by_credential() {
  return {{"credentialName", "stock-ca"}, {"mode", "SIMPLE"}};
}

Json for_pods(Json rule) {
  rule["spec"]["workloadSelector"] = {{"matchLabels", {{"app", "shop"}}}};
  return rule;
}

Json stock_ca(Workshop& w) {
  return secret("shop", "stock-ca", kOpaque, {{"ca.crt", pem(the_plugin_root(w))}});
}

Json skipping_verification() {
  Json tls = simple();
  tls["insecureSkipVerify"] = true;
  return tls;
}

/// sound rules: a public host, a host of the cluster by a file, by a Secret and by the mesh's own CA.
Sample sound(Workshop& w) {
  return manifests({as_manifest(stock_ca(w)), as_manifest(destination_rule("bank.example.com", simple())),
                    as_manifest(destination_rule(kStock, with_client_certificate("MUTUAL"))),
                    as_manifest(for_pods(destination_rule(kStock, by_credential()))),
                    as_manifest(destination_rule(kStock, {{"mode", "ISTIO_MUTUAL"}}))},
                   {the_plugin_root(w)});
}

/// client is a Secret for a client of banks, whose certificate has that usage.
Json client(Workshop& w, std::string_view usage) {
  const Octets leaf = serving_leaf(w, "gateway/client").extended_key_usage({usage}).build();
  return secret("shop", "bank-client", kTls,
                {{"tls.crt", pem({leaf, the_web_intermediate(w)})},
                 {"tls.key", key_pem(w, "workload")},
                 {"ca.crt", pem(the_plugin_root(w))}});
}

Json serving_gateway() {
  Json json = object("networking.istio.io/v1", "Gateway", "shop", "bank");
  json["spec"] = {
      {"servers", Json::array({{{"hosts", Json::array({"shop.example.com"})},
                                {"port", {{"name", "https"}, {"number", 443}, {"protocol", "HTTPS"}}},
                                {"tls", {{"credentialName", "bank-client"}, {"mode", "SIMPLE"}}}}})}};
  return json;
}

Sample presented(Workshop& w, std::string_view usage) {
  const Json by{{"credentialName", "bank-client"}, {"mode", "MUTUAL"}};
  return manifests(
      {as_manifest(client(w, usage)), as_manifest(for_pods(destination_rule("bank.example.com", by)))});
}

const Recipe kRecipes[] = {
    {"gateway/healthy-client-certificate.yaml", "",
     "A DestinationRule presents the certificate of a Secret, which is for clients alone.",
     [](Workshop& w) { return presented(w, eku::kClientAuth); }},
    {"gateway/wrong-purpose.yaml", "gateway.wrong-purpose",
     "A DestinationRule presents a certificate that is for servers alone.",
     [](Workshop& w) { return presented(w, eku::kServerAuth); }},
    {"gateway/wrong-purpose-served.yaml", "gateway.wrong-purpose",
     "A gateway serves a certificate that is for clients alone.",
     [](Workshop& w) {
       return manifests({as_manifest(client(w, eku::kClientAuth)), as_manifest(serving_gateway())});
     }},
    {"gateway/server-not-verified.yaml", "gateway.server-not-verified",
     "A DestinationRule without caCertificates for a service of the cluster.",
     [](Workshop&) { return manifests({as_manifest(destination_rule(kStock, simple()))}); }},
    {"gateway/server-not-verified-at-all.yaml", "gateway.server-not-verified",
     "A DestinationRule with insecureSkipVerify.",
     [](Workshop&) {
       return manifests({as_manifest(destination_rule("bank.example.com", skipping_verification()))});
     }},
    {"gateway/server-not-verified-by-sidecars.yaml", "gateway.server-not-verified",
     "A DestinationRule whose credentialName sidecars pass over, as it has no workloadSelector.",
     [](Workshop& w) {
       return manifests({as_manifest(stock_ca(w)), as_manifest(destination_rule(kStock, by_credential()))},
                        {the_plugin_root(w)});
     }},
    {"gateway/client-certificate-unused.yaml", "gateway.client-certificate-unused",
     "A DestinationRule of mode SIMPLE with a client certificate.",
     [](Workshop&) {
       return manifests({as_manifest(destination_rule(kStock, with_client_certificate("SIMPLE")))});
     }},
    {"gateway/credential-unused.yaml", "gateway.credential-unused",
     "A DestinationRule that names certificates and leaves the mode out, and one of mode ISTIO_MUTUAL.",
     [](Workshop&) {
       Json without = with_client_certificate("");
       without.erase("mode");
       return manifests({as_manifest(destination_rule(kStock, without)),
                         as_manifest(destination_rule("cart.shop.svc.cluster.local",
                                                      with_client_certificate("ISTIO_MUTUAL")))});
     }},
    {"gateway/rule-unknown-mode.yaml", "gateway.unknown-mode", "A DestinationRule whose mode is Mutual.",
     [](Workshop&) {
       return manifests({as_manifest(destination_rule(kStock, with_client_certificate("Mutual")))});
     }},
    {"gateway/healthy-destination-rules.yaml", "", "DestinationRules that verify whom they connect to.",
     sound},
};

}  // namespace

std::span<const Recipe> destination_rule_recipes() {
  return kRecipes;
}

}  // namespace gencerts
