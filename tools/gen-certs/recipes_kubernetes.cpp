// Secrets and ConfigMaps as kubectl prints them and as manifests have them.
#include "kube.hpp"
#include "recipe.hpp"
#include "yaml.hpp"

namespace gencerts {
namespace {

/// generic_secret has the keys of Istio's own convention, and the CA of clients.
Json generic_secret(Workshop& w) {
  return secret(
      "shop", "shop-mutual", kOpaque,
      {{"cert", serving_chain(w)}, {"key", key_pem(w, "workload")}, {"cacert", pem(the_web_root(w))}});
}

/// citadel_secret is a workload's, as Istio up to 1.5 made them.
Json citadel_secret(Workshop& w) {
  Json json = secret("my-ns", "istio.my-sa", "istio.io/key-and-cert",
                     {{"cert-chain.pem", pem(citadel_leaf(w, "citadel/leaf").build())},
                      {"key.pem", key_pem(w, "workload")},
                      {"root-cert.pem", pem(citadel_root(w, "citadel/root").build())}});
  json["metadata"]["annotations"] = {{"istio.io/service-account.name", "my-sa"}};
  return json;
}

/// remote_secret holds a kubeconfig, by which istiod reaches another cluster.
Json remote_secret(Workshop& w) {
  const Json config{
      {"apiVersion", "v1"},
      {"clusters", Json::array({{{"cluster",
                                  {{"certificate-authority-data", base64(pem(the_web_root(w)))},
                                   {"server", "https://10.0.0.1:6443"}}},
                                 {"name", "cluster2"}}})},
      {"contexts", Json::array()},
      {"kind", "Config"},
      {"users", Json::array({{{"name", "cluster2"}, {"user", {{"token", "not-a-real-token"}}}}})}};
  Json json = secret(kSystem, "istio-remote-secret-cluster2", kOpaque, {{"cluster2", print_yaml(config)}});
  json["metadata"]["labels"] = {{"istio/multiCluster", "true"}};
  return json;
}

/// unrelated objects hold no certificate, and are in every cluster.
std::vector<Json> unrelated() {
  Json service = object("v1", "Service", "shop", "shop");
  service["spec"] = {{"ports", Json::array({{{"port", 80}}})}};
  return {service,
          secret("shop", "database", kOpaque, {{"password", "not a real password"}, {"user", "shop"}})};
}

/// for_another is a Secret of Citadel's with the certificate of another account.
Sample for_another(Workshop& w) {
  Json json = citadel_secret(w);
  json["metadata"]["name"] = "istio.other-sa";
  json["metadata"]["namespace"] = "other-ns";
  json["metadata"].erase("annotations");
  return kube_list({json}, {citadel_leaf(w, "citadel/leaf").build()});
}

/// key_among_certificates has the key in tls.crt, too.
Sample key_among_certificates(Workshop& w) {
  return kube_list(
      {secret("shop", "shop-cert", "kubernetes.io/tls",
              {{"tls.crt", serving_chain(w) + key_pem(w, "workload")}, {"tls.key", key_pem(w, "workload")}})},
      {});
}

/// leaf_among_cas verifies clients with a CA, and with one client.
Sample leaf_among_cas(Workshop& w) {
  return kube_list({secret("shop", "shop-clients", kOpaque,
                           {{"ca.crt", pem({the_plugin_root(w), plugin_leaf(w).build()})}})},
                   {});
}

std::vector<Json> everything(Workshop& w) {
  std::vector<Json> items{istio_ca_secret(w),
                          gateway_secret(w),
                          generic_secret(w),
                          citadel_secret(w),
                          remote_secret(w),
                          root_config_map(kSystem, pem(the_root(w))),
                          root_config_map("shop", "# the root of the mesh\n" + pem(the_root(w)))};
  for (Json& json : unrelated()) items.push_back(std::move(json));
  // kubectl apply keeps what was applied; it may be old, and is nobody's.
  items[1]["metadata"]["annotations"] = {
      {"kubectl.kubernetes.io/last-applied-configuration",
       Json{{"apiVersion", "v1"},
            {"data", {{"tls.crt", base64(pem(web_intermediate(w, "pki/other").build()))}}}}
           .dump()}};
  return items;
}

std::vector<Octets> shown(Workshop& w) {
  return {the_root(w), serving_leaf(w, "gateway/healthy").build(), the_web_intermediate(w)};
}

/// string_data is how people write a Secret by hand.
Sample string_data(Workshop& w) {
  Json json = as_manifest(secret("shop", "by-hand", kTls, {}));
  json.erase("data");
  json["stringData"] = {{"tls.crt", serving_chain(w)}, {"tls.key", key_pem(w, "workload")}};
  return manifests({json}, {serving_leaf(w, "gateway/healthy").build()});
}

Sample one_bad_of_three(Workshop& w) {
  Json bad = gateway_secret(w);
  bad["metadata"]["name"] = "cut";
  auto& value = bad["data"]["tls.crt"].get_ref<std::string&>();
  value = value.substr(0, 1001) + "...";
  return kube_list({gateway_secret(w), bad, istio_ca_secret(w)}, shown(w));
}

Sample plain_in_data(Workshop& w) {
  Json json = gateway_secret(w);
  json["data"]["tls.crt"] = serving_chain(w);
  return manifests({as_manifest(json)}, shown(w));
}

Sample twice_encoded(Workshop& w) {
  Json json = gateway_secret(w);
  json["data"]["tls.crt"] = base64(json["data"]["tls.crt"].get<std::string>());
  return kube_list({json}, shown(w));
}

Sample key_in_config_map(Workshop& w) {
  return kube_list(
      {config_map("shop", "web-ca", {{"ca.crt", pem(the_web_root(w)) + key_pem(w, "other-root")}})},
      {the_web_root(w)});
}

Sample wrong_types(Workshop& w) {
  Json number = gateway_secret(w);
  number["metadata"]["name"] = 7;
  Json list = gateway_secret(w);
  list["data"] = Json::array();
  return kube_list({number, list, gateway_secret(w)}, shown(w));
}

/// cut_off ends within the second of two Secrets; the first is whole.
Sample cut_off(Workshop& w) {
  const std::string whole = kube_list({gateway_secret(w), istio_ca_secret(w)}).body;
  return bare_file(whole.substr(0, whole.find("istio-ca-secret")) + "\"", shown(w));
}

/// workload_secret is a leaf with its key, and a ca.crt.
Json workload_secret(Workshop& w, const std::string& cas) {
  return secret("shop", "reviews-tls", "kubernetes.io/tls",
                {{"tls.crt", pem(the_leaf(w))}, {"tls.key", key_pem(w, "workload")}, {"ca.crt", cas}});
}

constexpr Recipe kRecipes[] = {
    {"chain/healthy-secret-own-ca.yaml", "",
     "A workload's Secret of type kubernetes.io/tls: ca.crt holds the root that issued its leaf.",
     [](Workshop& w) { return kube_list({workload_secret(w, pem(the_root(w)))}, {the_leaf(w)}); }},
    {"chain/secret-other-ca.yaml", "chain.untrusted-root",
     "The same Secret, and ca.crt holds the root of another CA.",
     [](Workshop& w) { return kube_list({workload_secret(w, pem(the_plugin_root(w)))}, {the_leaf(w)}); }},
    {"chain/secret-istiod-other-ca.yaml", "chain.untrusted-root",
     "istiod's Secret from istio-csr, and ca.crt holds the root of another CA.",
     [](Workshop& w) {
       return kube_list({secret("istio-system", "istiod-tls", "kubernetes.io/tls",
                                {{"tls.crt", serving_chain(w)},
                                 {"tls.key", key_pem(w, "workload")},
                                 {"ca.crt", pem(the_root(w))}})});
     }},
    {"chain/healthy-secret-client-ca.yaml", "",
     "A gateway's Secret for mutual TLS: ca.crt is the CA of its clients, and not the one that issued its chain.",
     [](Workshop& w) {
       return kube_list({secret("istio-system", "shop-cert", "kubernetes.io/tls",
                                {{"tls.crt", serving_chain(w)},
                                 {"tls.key", key_pem(w, "workload")},
                                 {"ca.crt", pem(the_root(w))}})});
     }},
    {"kubernetes/secret-redacted-key.yaml", "input.redacted-key",
     "A TLS Secret that was put together from a config dump: its key is Envoy's placeholder.",
     [](Workshop& w) {
       return kube_list(
           {secret(kSystem, "shop-cert", kTls, {{"tls.crt", serving_chain(w)}, {"tls.key", "[redacted]"}})});
     }},
    {"kubernetes/healthy-list.yaml", "",
     "What kubectl get secrets,configmaps,services -A -o yaml prints: Secrets of five layouts, the mesh's root in two "
     "namespaces, and objects without certificates.",
     [](Workshop& w) { return kube_list(everything(w), shown(w)); }},
    {"kubernetes/healthy-list.json", "", "The same with -o json.",
     [](Workshop& w) { return kube_json(everything(w), shown(w)); }},
    {"kubernetes/healthy-string-data.yaml", "",
     "A manifest of a Secret with stringData: PEM as it is, in a YAML string.", string_data},
    {"input/kubernetes-cut-value.yaml", "input.not-base64",
     "A List of three Secrets; the tls.crt of the second was cut short.", one_bad_of_three},
    {"input/kubernetes-plain-in-data.yaml", "input.not-base64",
     "A manifest of a Secret with PEM as it is under data, where its base64 belongs.", plain_in_data},
    {"input/kubernetes-double-base64.yaml", "input.double-base64",
     "A Secret whose tls.crt was encoded by hand before it was put into a manifest that is encoded again.",
     twice_encoded},
    {"input/kubernetes-key-in-configmap.yaml", "input.private-key-in-dump",
     "A ConfigMap with a CA certificate and its private key.", key_in_config_map},
    {"input/kubernetes-key-among-certificates.yaml", "input.private-key-in-dump",
     "A TLS Secret whose tls.crt holds the private key as well.", key_among_certificates},
    {"identity/secret-of-another.yaml", "identity.service-account-mismatch",
     "The Secret of one account, by its name, with the certificate of another.", for_another},
    {"bundle/empty-config-map.yaml", "bundle.empty",
     "The roots of the mesh in two namespaces, one of which has none.",
     [](Workshop& w) {
       return kube_list({root_config_map(kSystem, pem(the_root(w))), root_config_map("shop", "")},
                        {the_root(w)});
     }},
    {"bundle/leaf-among-cas.yaml", "bundle.not-a-ca", "A CA for clients, and the certificate of one client.",
     leaf_among_cas},
    {"input/kubernetes-wrong-types.yaml", "input.malformed",
     "A List of three Secrets: the name of the first is a number, the data of the second is a list.",
     wrong_types},
    {"input/kubernetes-cut-off.yaml", "input.malformed", "A List that ends within its second Secret.",
     cut_off},
};

}  // namespace

std::span<const Recipe> kubernetes_recipes() {
  return kRecipes;
}

}  // namespace gencerts
