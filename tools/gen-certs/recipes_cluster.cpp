// Kubernetes objects and what they say of each other: roots of the mesh, the mesh's
// configuration, dumps beside Secrets.
#include "keys.hpp"
#include "kube.hpp"
#include "recipe.hpp"
#include "yaml.hpp"

namespace gencerts {
namespace {

using std::chrono::days;

std::vector<Octets> shown(Workshop& w) {
  return {the_root(w), serving_leaf(w, "gateway/healthy").build(), the_web_intermediate(w)};
}

/// roots_of three namespaces, as istiod writes them.
Sample roots_of(const std::string& system, const std::string& shop, const std::string& bank,
                const Octets& shown_root) {
  return kube_list(
      {root_config_map(kSystem, system), root_config_map("shop", shop), root_config_map("bank", bank)},
      {shown_root});
}

Sample one_namespace_behind(Workshop& w) {
  const std::string both = pem({the_root(w), the_plugin_root(w)});
  return roots_of(both, pem(the_root(w)), both, the_plugin_root(w));
}

Sample same_roots(Workshop& w) {
  return roots_of(pem({the_root(w), the_plugin_root(w)}),
                  "# in another order\n" + pem({the_plugin_root(w), the_root(w)}),
                  pem({the_root(w), the_plugin_root(w)}), the_plugin_root(w));
}

/// two_clusters are a Gateway's Secret in one and in another, where it has been made anew.
Sample two_clusters(Workshop& w, std::string_view uid) {
  Json other = gateway_secret(w);
  if (!uid.empty()) other["metadata"]["uid"] = uid;
  return manifests({gateway_secret(w), other}, {serving_leaf(w, "gateway/healthy").build()});
}

/// two_gateways are Istio's and that of the Gateway API, of one name, which are two objects of one cluster.
Sample two_gateways(Workshop& w) {
  Json istio = object("networking.istio.io/v1", "Gateway", kSystem, "shop");
  istio["spec"] = {{"selector", {{"istio", "ingressgateway"}}}, {"servers", Json::array()}};
  Json api = object("gateway.networking.k8s.io/v1", "Gateway", kSystem, "shop");
  api["metadata"]["uid"] = "0f0e0d0c-0001-4000-8000-0a0b0c0d0e0f";
  api["spec"] = {{"gatewayClassName", "istio"}, {"listeners", Json::array()}};
  return kube_list({istio, api, gateway_secret(w)}, {serving_leaf(w, "gateway/healthy").build()});
}

/// two_meshes are two control planes in one cluster, each with its root and its namespaces; `other` is what
/// one namespace more holds.
Sample two_meshes(Workshop& w, const std::string& other) {
  const std::string root = pem(the_root(w)), second = pem(the_new_root(w));
  return kube_list({istio_ca_secret(w), root_config_map(kSystem, root), root_config_map("shop", root),
                    config_map("istio-bank", "istio-bank", {{"mesh", "rootNamespace: istio-bank\n"}}),
                    root_config_map("istio-bank", second), root_config_map("bank", second),
                    root_config_map("loans", other)},
                   {the_root(w), the_new_root(w)});
}

/// plugged_in is a CA that istiod was given, beside the roots that workloads trust.
Sample plugged_in(Workshop& w, const std::string& roots) {
  return kube_list({secret(kSystem, "cacerts", kOpaque,
                           {{"ca-cert.pem", pem(the_intermediate(w))},
                            {"ca-key.pem", key_pem(w, "intermediate")},
                            {"cert-chain.pem", pem({the_intermediate(w), the_plugin_root(w)})},
                            {"root-cert.pem", pem(the_plugin_root(w))}}),
                    istio_ca_secret(w), root_config_map(kSystem, roots)},
                   {the_plugin_root(w)});
}

/// renewed is the gateway's Secret with the certificate after that of gateway/healthy.
Sample renewed(Workshop& w) {
  const Octets leaf = serving_leaf(w).validity(kEpoch - days{1}, kEpoch + days{89}).build();
  return kube_list(
      {secret(kSystem, "shop-cert", kTls,
              {{"tls.crt", pem({leaf, the_web_intermediate(w)})}, {"tls.key", key_pem(w, "workload")}}),
       root_config_map(kSystem, pem(the_root(w)))},
      {leaf});
}

/// mesh_config is the ConfigMap of istiod; a workload of the trust domain cluster.local is beside it.
Sample mesh_config(Workshop& w, std::string_view mesh) {
  Json workload = secret("my-ns", "istio.my-sa", "istio.io/key-and-cert",
                         {{"cert-chain.pem", pem(the_leaf(w))},
                          {"key.pem", key_pem(w, "workload")},
                          {"root-cert.pem", pem(the_root(w))}});
  return kube_list({config_map(kSystem, "istio", {{"mesh", std::string(mesh)}}), workload}, {the_leaf(w)});
}

/// with_namespaces lists the ConfigMaps of two; only one has Istio's. A pod is in the other.
Sample with_namespaces(Workshop& w, std::string_view volume) {
  const std::string roots = pem(the_root(w));
  Json pod = object("v1", "Pod", "shop", "reviews-v1-5d4c-abcde");
  pod["spec"] = {{"volumes", Json::array({{{"name", "certs"}, {"configMap", {{"name", volume}}}}})}};
  return kube_list({root_config_map(kSystem, roots),
                    config_map(kSystem, "kube-root-ca.crt", {{"ca.crt", pem(the_plugin_root(w))}}),
                    config_map("shop", "kube-root-ca.crt", {{"ca.crt", pem(the_plugin_root(w))}}), pod},
                   {the_root(w), the_plugin_root(w)});
}

Sample roots_missing(Workshop& w) {
  return with_namespaces(w, "istio-ca-root-cert");
}

Sample roots_not_needed(Workshop& w) {
  return with_namespaces(w, "kube-root-ca.crt");
}

std::string indented(const std::string& text) {
  std::string out = "    ";
  for (const char c : text) out += c == '\n' ? std::string("\n    ") : std::string(1, c);
  return out;
}

Sample mesh_anchors(const Octets& anchor, const std::string& before = {}) {
  return kube_list({config_map(kSystem, "istio",
                               {{"mesh", "trustDomain: cluster.local\ncaCertificates:\n- pem: |\n" +
                                             indented(before + pem(anchor)) + "\n"}})},
                   {anchor});
}

Sample trust_bundle(const std::vector<Octets>& members) {
  Json json = object("certificates.k8s.io/v1beta1", "ClusterTrustBundle", "", "company");
  json["spec"] = {{"trustBundle", pem(members)}};
  return kube_list({json}, members);
}

/// named_bundle is one with a name, and its signer, if any.
Sample named_bundle(Workshop& w, std::string_view name, std::string_view signer) {
  Json json = object("certificates.k8s.io/v1beta1", "ClusterTrustBundle", "", name);
  json["spec"] = {{"trustBundle", pem(the_root(w))}};
  if (!signer.empty()) json["spec"]["signerName"] = signer;
  return kube_list({json}, {the_root(w)});
}

/// key_store is what cert-manager adds for programs in Java.
Sample key_store(Workshop& w) {
  Json json = gateway_secret(w);
  json["data"]["keystore.jks"] = base64(std::string("\xFE\xED\xFE\xED\x00\x00\x00\x02", 8));
  return kube_list({json}, shown(w));
}

Sample client_key(Workshop& w, std::string_view key) {
  const Json config{
      {"apiVersion", "v1"},
      {"clusters", Json::array()},
      {"contexts", Json::array()},
      {"kind", "Config"},
      {"users",
       Json::array({{{"name", "admin"},
                     {"user",
                      {{"client-certificate-data", base64(pem(serving_leaf(w, "gateway/healthy").build()))},
                       {"client-key-data", base64(key_pem(w, key))}}}}})}};
  return bare_file(print_yaml(config), {serving_leaf(w, "gateway/healthy").build()});
}

/// in_step is the gateway's Secret as dumps/healthy-gateway.json holds it.
Sample in_step(Workshop& w) {
  return kube_list({gateway_secret(w), root_config_map(kSystem, pem(the_root(w)))}, shown(w));
}

constexpr Recipe kRecipes[] = {
    {"chain/wrong-order-secret.yaml", "chain.wrong-order",
     "A gateway's Secret, whose tls.crt holds root, intermediate and leaf, in this order.",
     [](Workshop& w) {
       const Octets leaf = serving_leaf(w, "gateway/healthy").build();
       const std::string chain = pem({the_web_root(w), the_web_intermediate(w), leaf});
       return kube_list({secret("istio-system", "shop-cert", "kubernetes.io/tls",
                                {{"tls.crt", chain}, {"tls.key", key_pem(w, "workload")}})},
                        {leaf});
     }},
    {"kubernetes/healthy-gateway.yaml", "",
     "The Secret of a gateway, and the roots of its mesh: both are in "
     "dumps/healthy-gateway.json.",
     in_step},
    {"identity/mesh-trust-domain.yaml", "identity.trust-domain-mismatch",
     "The mesh's trust domain is example.org, and a workload's certificate is of cluster.local.",
     [](Workshop& w) { return mesh_config(w, "trustDomain: example.org\n"); }},
    {"identity/mesh-underscore.yaml", "identity.invalid-trust-domain",
     "An alias of the mesh's trust domain has an underscore, which SPIFFE allows and istiod does not.",
     [](Workshop& w) {
       return mesh_config(w, "trustDomain: cluster.local\ntrustDomainAliases: [old.example, old_mesh]\n");
     }},
    {"identity/healthy-mesh.yaml", "", "The trust domain of the mesh is the workload's.",
     [](Workshop& w) { return mesh_config(w, "trustDomain: cluster.local\n"); }},
    {"bundle/mesh-anchor-not-a-ca.yaml", "bundle.not-a-ca",
     "An anchor in the caCertificates of the mesh's configuration is a server's certificate.",
     [](Workshop& w) { return mesh_anchors(serving_leaf(w, "gateway/healthy").build()); }},
    {"input/mesh-anchor-behind-key.yaml", "input.malformed",
     "An anchor in the caCertificates of the mesh's configuration, behind a public key.",
     [](Workshop& w) { return mesh_anchors(the_plugin_root(w), pem("PUBLIC KEY", spki_of(w.key("root")))); }},
    {"bundle/healthy-mesh-anchor.yaml", "", "An anchor in the caCertificates of the mesh's configuration.",
     [](Workshop& w) { return mesh_anchors(the_plugin_root(w)); }},
    {"bundle/cluster-trust-bundle.yaml", "bundle.not-a-ca",
     "A ClusterTrustBundle that holds a server's certificate.",
     [](Workshop& w) { return trust_bundle({serving_leaf(w, "gateway/healthy").build()}); }},
    {"bundle/cluster-trust-bundle-duplicate.yaml", "bundle.duplicate",
     "A ClusterTrustBundle that holds a root twice: the API server refuses it.",
     [](Workshop& w) {
       return trust_bundle({the_root(w), the_plugin_root(w), the_root(w)});
     }},
    {"bundle/name-without-signer.yaml", "bundle.name-not-of-signer",
     "A ClusterTrustBundle with the name of istiod's, without its signerName.",
     [](Workshop& w) { return named_bundle(w, "istio.io:istiod-ca:root-cert", ""); }},
    {"bundle/name-of-other-signer.yaml", "bundle.name-not-of-signer",
     "A ClusterTrustBundle of istiod's signer, whose name is that signer's and no more.",
     [](Workshop& w) { return named_bundle(w, "istio.io:istiod-ca", "istio.io/istiod-ca"); }},
    {"bundle/healthy-name-of-signer.yaml", "", "The same with the name that istiod gives it.",
     [](Workshop& w) { return named_bundle(w, "istio.io:istiod-ca:root-cert", "istio.io/istiod-ca"); }},
    {"bundle/healthy-name-with-digest.yaml", "",
     "A ClusterTrustBundle whose name ends in a SHA-256, as programs call what they make anew.",
     [](Workshop& w) {
       constexpr std::string_view kDigest =
           "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";
       return named_bundle(w, "istio.io:istiod-ca:" + std::string(kDigest), "istio.io/istiod-ca");
     }},
    {"bundle/healthy-cluster-trust-bundle.yaml", "", "A ClusterTrustBundle with two roots.",
     [](Workshop& w) {
       return trust_bundle({the_root(w), the_plugin_root(w)});
     }},
    {"input/kubernetes-key-store.yaml", "input.unsupported-block",
     "A Secret of cert-manager with a Java key store beside its certificate.", key_store},
    {"key/kubeconfig-mismatch.yaml", "key.mismatch", "A kubeconfig whose client key is another's.",
     [](Workshop& w) { return client_key(w, "root"); }},
    {"key/healthy-kubeconfig.yaml", "", "A kubeconfig with a client certificate and its key.",
     [](Workshop& w) { return client_key(w, "workload"); }},
    {"kubernetes/old-request.yaml", "",
     "A CertificateRequest of cert-manager, which keeps the certificate that it was answered with then.",
     [](Workshop& w) {
       const Octets old = serving_leaf(w, "kubernetes/old-request")
                              .validity(kEpoch - std::chrono::days{200}, kEpoch - std::chrono::days{110})
                              .build();
       Json json = object("cert-manager.io/v1", "CertificateRequest", "shop", "shop-cert-1");
       json["spec"] = {{"issuerRef", {{"name", "web"}}}};
       json["status"] = {{"certificate", base64(pem(old))}};
       return kube_list({json}, {old});
     }},
    {"kubernetes/new-root-everywhere.yaml", "",
     "istio-ca-root-cert of two namespaces, after istiod was installed again: the new root in both.",
     [](Workshop& w) {
       const std::string root = pem(the_new_root(w));
       return kube_list({root_config_map("default", root), root_config_map("my-ns", root)},
                        {the_new_root(w)});
     }},
    {"kubernetes/renewed.yaml", "",
     "The Secret of a gateway after its renewal, for which dumps/healthy-gateway.json holds the certificate from before.",
     renewed},
    {"bundle/roots-missing.yaml", "bundle.missing",
     "A pod mounts istio-ca-root-cert, which its namespace does not have.", roots_missing},
    {"bundle/roots-not-needed.yaml", "", "The same, and the pod is none of the mesh.", roots_not_needed},
    {"bundle/namespace-behind.yaml", "bundle.differs",
     "istio-ca-root-cert of three namespaces while roots are rotated; one of them lacks the new root.",
     one_namespace_behind},
    {"bundle/healthy-namespaces.yaml", "",
     "istio-ca-root-cert of three namespaces: the same set, written differently.", same_roots},
    {"bundle/healthy-two-meshes.yaml", "",
     "Two control planes in one cluster: each has a root of its own, and writes it into namespaces of its own.",
     [](Workshop& w) { return two_meshes(w, pem(the_new_root(w))); }},
    {"kubernetes/two-clusters.yaml", "input.several-clusters",
     "A Secret of a gateway, and one of the same name with another uid: dumps of two clusters in one file.",
     [](Workshop& w) { return two_clusters(w, "0f0e0d0c-0001-4000-8000-0a0b0c0d0e0f"); }},
    {"kubernetes/healthy-two-gateways.yaml", "",
     "A Gateway of Istio and one of the Gateway API, of one name.", two_gateways},
    {"kubernetes/healthy-dumped-twice.yaml", "",
     "The same Secret twice, as two dumps of one cluster give it.",
     [](Workshop& w) { return two_clusters(w, ""); }},
    {"bundle/two-meshes-behind.yaml", "bundle.differs",
     "Two control planes in one cluster, and a namespace that holds the root of neither.",
     [](Workshop& w) { return two_meshes(w, pem(the_plugin_root(w))); }},
    {"bundle/plugged-in-elsewhere.yaml", "bundle.differs",
     "A CA was plugged in, and istio-ca-root-cert still holds the root of istiod's own CA alone.",
     [](Workshop& w) { return plugged_in(w, pem(the_root(w))); }},
    {"bundle/healthy-plugged-in.yaml", "",
     "A CA was plugged in, and its root is in istio-ca-root-cert; the CA that istiod made before is left over.",
     [](Workshop& w) { return plugged_in(w, pem(the_plugin_root(w))); }},
};

}  // namespace

std::span<const Recipe> cluster_recipes() {
  return kRecipes;
}

}  // namespace gencerts
