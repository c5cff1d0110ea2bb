// Gateways of both APIs, and the Secrets that they name.
#include "gateways.hpp"
#include "recipe.hpp"

namespace gencerts {
namespace {

using std::chrono::days;

std::vector<Json> classic(Workshop& w) {
  const std::vector<std::string> hosts{"shop.example.com", "shop/*.shop.example.com", "*"};
  Json redirect{{"hosts", Json::array({"*"})},
                {"port", {{"name", "http"}, {"number", 80}, {"protocol", "HTTP"}}},
                {"tls", {{"httpsRedirect", true}}}};
  Json both{{"credentialNames", Json::array({"shop-cert", "shop-generic"})}, {"mode", "SIMPLE"}};
  Json separate = mutual();
  separate["caCertCredentialName"] = "configmap://istio-system/clients-ca";
  Json workload{{"mode", "ISTIO_MUTUAL"}};
  return {
      pod(),
      tls_secret(w),
      secret(kSystem, "shop-generic", kOpaque,
             {{"cert", chain_of(w)}, {"key", key_pem(w, "workload")}, {"cacert", pem(the_plugin_root(w))}}),
      clients_secret(w, "shop-cert-cacert"),
      clients_map(w, kSystem),
      gateway({redirect, server(simple(), hosts), server(mutual()), server(mutual("shop-generic")),
               server(both), server(separate), server(workload), server({{"mode", "PASSTHROUGH"}})}),
      destination_rule("bank.example.com", mutual())};
}

Sample healthy(Workshop& w) {
  std::vector<Json> items = classic(w);
  Json web = api_gateway({listener(Json::array({reference("Secret", "shop-cert", kSystem)})),
                          listener(Json::array({reference("Secret", "own-cert")}), "www.shop.example.com")});
  web["spec"]["tls"]["frontend"]["default"]["validation"]["caCertificateRefs"] =
      Json::array({reference("ConfigMap", "clients-ca")});
  for (Json json : {web, grant(kSystem, "Gateway", "Secret", "shop-cert"), tls_secret(w, "shop", "own-cert"),
                    clients_map(w, "shop"), backend_policy(reference("ConfigMap", "clients-ca"))})
    items.push_back(std::move(json));
  return kube_list(std::move(items), shown(w));
}

/// terminating is a listener of the Gateway API with Istio's option, and a CA for clients.
Sample terminating(Workshop& w, std::string_view mode) {
  Json web = listener(Json::array({reference("Secret", "own-cert")}));
  web["tls"]["options"]["gateway.istio.io/tls-terminate-mode"] = mode;
  Json json = api_gateway({web});
  json["spec"]["tls"]["frontend"]["default"]["validation"]["caCertificateRefs"] =
      Json::array({reference("ConfigMap", "clients-ca")});
  return kube_list({json, tls_secret(w, "shop", "own-cert"), clients_map(w, "shop")}, shown(w));
}

/// to_be_written is a manifest: cert-manager will write what the gateway names.
Sample to_be_written(Workshop& w) {
  return manifests({as_manifest(gateway({server(simple("later-cert"))})),
                    as_manifest(managed(kSystem, "later-cert")), as_manifest(tls_secret(w))},
                   shown(w));
}

Sample gateways_alone(Workshop&) {
  return kube_list({gateway({server(simple()), server(simple("other-cert"))})});
}

Sample one(Workshop& w, Json tls) {
  return kube_list({pod(), tls_secret(w), gateway({server(std::move(tls))})}, shown(w));
}

Sample with_secret(Workshop& w, Json json) {
  return kube_list({pod(), std::move(json), gateway({server(simple())})}, shown(w));
}

Sample wrong_namespace(Workshop& w) {
  return kube_list({pod(), tls_secret(w, "shop"), gateway({server(simple())})}, shown(w));
}

/// with_pod_elsewhere has a pod of the gateway in another namespace, in one of its phases.
Sample with_pod_elsewhere(Workshop& w, std::string_view phase) {
  Json other = pod("shop");
  other["status"]["phase"] = phase;
  return kube_list({pod(), other, tls_secret(w), gateway({server(simple())})}, shown(w));
}

Sample not_granted(Workshop& w) {
  return kube_list({tls_secret(w, "certs"), grant("certs", "HTTPRoute", "Secret"),
                    api_gateway({listener(Json::array({reference("Secret", "shop-cert", "certs")}))})},
                   shown(w));
}

/// other_key is refused by istiod, which loads the pairs of the Gateway API.
Sample other_key(Workshop& w) {
  Json json = tls_secret(w, "shop");
  json["data"]["tls.key"] = base64(key_pem(w, "other-root"));
  return kube_list({json, api_gateway({listener(Json::array({reference("Secret", "shop-cert")}))})},
                   shown(w));
}

Sample empty_keys(Workshop& w) {
  Json json = tls_secret(w);
  json["data"] = {{"tls.crt", ""}, {"tls.key", ""}};
  return kube_list({pod(), json, gateway({server(simple())})});
}

Sample missing_keys(Workshop& w) {
  return with_secret(w, secret(kSystem, "shop-cert", kOpaque,
                               {{"tls.cert", chain_of(w)}, {"tls.key", key_pem(w, "workload")}}));
}

/// of_type is in order but for the type that it may have.
Sample of_type(Workshop& w, std::string_view type) {
  return with_secret(
      w, secret(kSystem, "shop-cert", type, {{"tls.crt", chain_of(w)}, {"tls.key", key_pem(w, "workload")}}));
}

std::string encrypted_key(Workshop& w) {
  return pem("ENCRYPTED PRIVATE KEY", encrypted_pkcs8_of(w.key("workload")));
}

Sample key_under_password(Workshop& w) {
  return with_secret(
      w, secret(kSystem, "shop-cert", kTls, {{"tls.crt", chain_of(w)}, {"tls.key", encrypted_key(w)}}));
}

Sample generic_under_password(Workshop& w) {
  return with_secret(
      w, secret(kSystem, "shop-cert", kOpaque, {{"cert", chain_of(w)}, {"key", encrypted_key(w)}}));
}

/// unused_under_password is beside the Secret that the gateway presents.
Sample unused_under_password(Workshop& w) {
  const Json other =
      secret(kSystem, "other-cert", kTls, {{"tls.crt", chain_of(w)}, {"tls.key", encrypted_key(w)}});
  return kube_list({pod(), tls_secret(w), other, gateway({server(simple())})}, shown(w));
}

/// two_cas is a gateway that verifies its clients, and its Secret with CAs under both names.
Sample two_cas(Workshop& w, const std::string& under_ca_crt) {
  const Json own = secret(kSystem, "shop-cert", kTls,
                          {{"tls.crt", chain_of(w)},
                           {"tls.key", key_pem(w, "workload")},
                           {"cacert", pem(the_plugin_root(w))},
                           {"ca.crt", under_ca_crt}});
  return kube_list({pod(), own, gateway({server(mutual())})}, shown(w));
}

/// two_styles: the one that is renewed is not the one that is served.
Sample two_styles(Workshop& w) {
  const Octets old = serving_leaf(w).validity(kEpoch - days{60}, kEpoch + days{60}).build();
  return with_secret(w, secret(kSystem, "shop-cert", kTls,
                               {{"cert", pem({old, the_web_intermediate(w)})},
                                {"key", key_pem(w, "workload")},
                                {"tls.crt", chain_of(w)},
                                {"tls.key", key_pem(w, "workload")}}));
}

/// stray_staple is beside a pair with which istiod looks for none, whatever is in it.
Sample stray_staple(Workshop& w) {
  return with_secret(
      w,
      secret(kSystem, "shop-cert", kOpaque,
             {{"cert", chain_of(w)}, {"key", key_pem(w, "workload")}, {"tls.ocsp-staple", "to be fetched"}}));
}

Sample without_ca(Workshop& w) {
  return one(w, mutual());
}

/// leaf_as_ca is the certificate of one client where that of its CA belongs.
Sample leaf_as_ca(Workshop& w) {
  const std::string leaf = pem(plugin_leaf(w).subject(name({{"CN", "partner"}})).build());
  return kube_list({pod(), tls_secret(w), secret(kSystem, "shop-cert-cacert", kOpaque, {{"ca.crt", leaf}}),
                    gateway({server(mutual())})},
                   shown(w));
}

/// leaf_beside_ca pins one client beside a CA, which may sign for the others.
Sample leaf_beside_ca(Workshop& w) {
  const std::string both =
      pem(plugin_leaf(w).subject(name({{"CN", "partner"}})).build()) + pem(the_plugin_root(w));
  return kube_list({pod(), tls_secret(w), secret(kSystem, "shop-cert-cacert", kOpaque, {{"ca.crt", both}}),
                    gateway({server(mutual())})},
                   shown(w));
}

Sample shadowed(Workshop& w) {
  Json json = tls_secret(w);
  json["data"]["ca.crt"] = base64(pem(the_root(w)));
  return kube_list({pod(), json, clients_secret(w, "shop-cert-cacert"), gateway({server(mutual())})},
                   shown(w));
}

/// pair_named_as_ca is read as a CA, by its name.
Sample pair_named_as_ca(Workshop& w) {
  constexpr std::string_view kName = "shop-cert-cacert";
  return kube_list({pod(), tls_secret(w, kSystem, kName), gateway({server(simple(kName))})}, shown(w));
}

/// with_ca_credential has the CA of the clients in the Secret `partners`.
Sample with_ca_credential(Workshop& w, std::string_view credential) {
  Json tls = mutual();
  tls["caCertCredentialName"] = credential;
  return kube_list({pod(), tls_secret(w), clients_secret(w, "partners"), gateway({server(std::move(tls))})},
                   shown(w));
}

Sample ca_named_as_pair(Workshop& w) {
  return with_ca_credential(w, "partners");
}

Sample ca_by_its_suffix(Workshop& w) {
  return with_ca_credential(w, "partners-cacert");
}

Sample other_hosts(Workshop& w) {
  return kube_list(
      {pod(), tls_secret(w),
       gateway({server(simple(), {"shop.example.com", "eu.www.shop.example.com", "example.org"})})},
      shown(w));
}

Sample wider_wildcard(Workshop& w) {
  return kube_list({pod(), tls_secret(w), gateway({server(simple(), {"*.example.com"})})}, shown(w));
}

/// any_host is a gateway of the host *, whose certificate has an e-mail address and this subject.
Sample any_host(Workshop& w, const Octets& subject) {
  const Octets leaf = serving_leaf(w).subject(subject).san({email("shop@example.com")}, false).build();
  Json json = tls_secret(w);
  json["data"]["tls.crt"] = base64(pem({leaf, the_web_intermediate(w)}));
  return kube_list({pod(), json, gateway({server(simple(), {"*"})})}, {leaf, the_web_intermediate(w)});
}

Sample self_signed(Workshop& w) {
  const Octets leaf = serving_leaf(w).issuer(name({{"CN", "shop.example.com"}})).signer("workload").build();
  return kube_list(
      {pod(),
       secret(kSystem, "shop-cert", kTls, {{"tls.crt", pem(leaf)}, {"tls.key", key_pem(w, "workload")}}),
       gateway({server(simple())})},
      {leaf});
}

/// leaf_alone is beside the CA certificate that it lacks.
Sample leaf_alone(Workshop& w) {
  Json json = tls_secret(w);
  json["data"]["tls.crt"] = base64(pem(serving_leaf(w, "gateway/healthy").build()));
  const Json ca =
      secret("cert-manager", "web-ca", kTls,
             {{"tls.crt", pem(the_web_intermediate(w))}, {"tls.key", key_pem(w, "intermediate")}});
  return kube_list({pod(), json, ca, gateway({server(simple())})}, shown(w));
}

/// root_issued needs no more than its leaf: the root is the clients'.
Sample root_issued(Workshop& w) {
  const Octets leaf = serving_leaf(w).issuer(plugin_root_name()).signer("other-root").build();
  return kube_list(
      {pod(),
       secret(kSystem, "shop-cert", kTls, {{"tls.crt", pem(leaf)}, {"tls.key", key_pem(w, "workload")}}),
       config_map("shop", "web-root", {{"ca.crt", pem(the_plugin_root(w))}}), gateway({server(simple())})},
      {leaf});
}

Sample expired_in_use(Workshop& w) {
  const Octets old = serving_leaf(w).validity(kEpoch - days{91}, kEpoch - days{1}).build();
  const Json json =
      secret(kSystem, "shop-cert", kTls,
             {{"tls.crt", pem({old, the_web_intermediate(w)})}, {"tls.key", key_pem(w, "workload")}});
  Json unused = json;
  unused["metadata"]["name"] = "unused-cert";
  return kube_list({pod(), json, unused, gateway({server(simple())})}, {old});
}

Sample no_pod(Workshop& w) {
  Json other = pod("shop");
  other["metadata"]["labels"] = {{"app", "shop"}};
  return kube_list({other, tls_secret(w), gateway({server(simple())})}, shown(w));
}

/// without_pods has a Secret in two namespaces, and nothing that says where the gateway's pods are.
Sample without_pods(Workshop& w) {
  return kube_list({tls_secret(w), tls_secret(w, "shop"), gateway({server(simple())})}, shown(w));
}

/// with_service has the Secret where a Service says that the gateway's pods are.
Sample with_service(Workshop& w) {
  Json service = object("v1", "Service", "istio-system", "istio-ingressgateway");
  service["spec"]["selector"] = {{"app", "istio-ingressgateway"}, {"istio", "ingressgateway"}};
  return kube_list({service, tls_secret(w), gateway({server(simple())})}, shown(w));
}

Sample modes(Workshop& w) {
  Json three{{"credentialNames", Json::array({"shop-cert", "shop-cert", "shop-cert"})}, {"mode", "SIMPLE"}};
  return one(w, std::move(three));
}

/// three_refs is one more than Istio takes; other implementations have other limits.
Sample three_refs(Workshop& w, std::string_view gateway_class) {
  const Json ref = reference("Secret", "shop-cert");
  Json json = api_gateway({listener(Json::array({ref, ref, ref}))});
  json["spec"]["gatewayClassName"] = gateway_class;
  return kube_list({tls_secret(w, "shop"), json}, shown(w));
}

Sample forbidden(Workshop& w) {
  return one(w, {{"credentialName", "shop-cert"}, {"mode", "ISTIO_MUTUAL"}});
}

Sample passed_on(Workshop& w) {
  return one(w, {{"credentialName", "shop-cert"}});
}

Sample misspelt(Workshop& w) {
  return one(w, {{"credentialName", "shop-cert"}, {"mode", "Simple"}});
}

Sample bare(Workshop& w) {
  return one(w, {{"mode", "SIMPLE"}});
}

constexpr Recipe kRecipes[] = {
    {"gateway/healthy.yaml", "",
     "A cluster's gateways of both APIs with everything that they name: every mode, a CA in a Secret of its own, in a "
     "ConfigMap and beside its pair, and a reference into another namespace with its grant.",
     healthy},
    {"gateway/to-be-written.yaml", "",
     "A manifest of a gateway whose Secret cert-manager is to write, beside one that is there.",
     to_be_written},
    {"gateway/root-issued.yaml", "", "A gateway whose certificate a root issued: no CA lies between them.",
     root_issued},
    {"gateway/secret-missing.yaml", "gateway.secret-missing", "A gateway with a misspelt credentialName.",
     [](Workshop& w) { return one(w, simple("shop-certs")); }},
    {"gateway/secret-not-watched.yaml", "gateway.secret-missing",
     "A gateway's Secret is of the type of service account tokens, which istiod does not watch.",
     [](Workshop& w) { return of_type(w, "kubernetes.io/service-account-token"); }},
    {"gateway/healthy-opaque.yaml", "", "The same of type Opaque.",
     [](Workshop& w) { return of_type(w, kOpaque); }},
    {"gateway/secret-wrong-namespace.yaml", "gateway.secret-wrong-namespace",
     "The Secret is beside the Gateway, and the gateway's pods are in istio-system.", wrong_namespace},
    {"gateway/pod-elsewhere.yaml", "gateway.secret-wrong-namespace",
     "A gateway with pods in two namespaces, and its Secret in one of them.",
     [](Workshop& w) { return with_pod_elsewhere(w, "Running"); }},
    {"gateway/pod-ended.yaml", "", "The same, and the other pod has ended.",
     [](Workshop& w) { return with_pod_elsewhere(w, "Succeeded"); }},
    {"gateway/reference-not-granted.yaml", "gateway.reference-not-granted",
     "A reference into another namespace, whose grant is for routes.", not_granted},
    {"gateway/invalid-certificate-ref.yaml", "gateway.invalid-certificate-ref",
     "A listener of the Gateway API whose Secret holds another key than its certificate's.", other_key},
    {"gateway/empty-keys.yaml", "gateway.empty-keys",
     "A Secret as it is before cert-manager has filled it: both keys, and nothing in them.", empty_keys},
    {"gateway/missing-keys.yaml", "gateway.missing-keys", "A Secret whose certificate stands under tls.cert.",
     missing_keys},
    {"gateway/key-encrypted.yaml", "gateway.key-encrypted",
     "A gateway whose private key is under a password.", key_under_password},
    {"gateway/unknown-terminate-mode.yaml", "gateway.unknown-mode",
     "A listener of the Gateway API with the terminate mode Mutual.",
     [](Workshop& w) { return terminating(w, "Mutual"); }},
    {"gateway/healthy-terminate-mode.yaml", "", "The same with MUTUAL.",
     [](Workshop& w) { return terminating(w, "MUTUAL"); }},
    {"gateway/key-encrypted-generic.yaml", "gateway.key-encrypted",
     "As key-encrypted.yaml, in a Secret with the keys cert and key.", generic_under_password},
    {"gateway/key-encrypted-unused.yaml", "key.encrypted",
     "A private key under a password in a Secret that no gateway uses.", unused_under_password},
    {"gateway/key-styles-disagree.yaml", "gateway.key-styles-disagree",
     "A Secret with an older certificate under cert than under tls.crt.", two_styles},
    {"gateway/ca-styles-disagree.yaml", "gateway.key-styles-disagree",
     "A Secret for MUTUAL with one CA under cacert and another under ca.crt.",
     [](Workshop& w) { return two_cas(w, pem(the_root(w))); }},
    {"gateway/healthy-ca-styles.yaml", "", "The same with one CA under both.",
     [](Workshop& w) { return two_cas(w, pem(the_plugin_root(w))); }},
    {"gateway/value-not-read.yaml", "gateway.value-not-read",
     "A Secret with its pair under cert and key, and with tls.ocsp-staple.", stray_staple},
    {"gateway/ca-missing.yaml", "gateway.ca-missing", "Mode MUTUAL, and no CA of the clients anywhere.",
     without_ca},
    {"gateway/leaf-as-ca.yaml", "gateway.ca-missing",
     "Mode MUTUAL, and the certificate of a client where that of the clients' CA belongs.", leaf_as_ca},
    {"gateway/leaf-beside-ca.yaml", "",
     "Mode MUTUAL with the clients' CA, and a client's certificate above it.", leaf_beside_ca},
    {"gateway/cacert-secret-shadows.yaml", "gateway.cacert-secret-shadows",
     "A CA under ca.crt of the Secret, and another one in the Secret with the suffix -cacert.", shadowed},
    {"gateway/pair-named-as-ca.yaml", "gateway.suffix-misleads",
     "The name of a gateway's certificate ends in -cacert.", pair_named_as_ca},
    {"gateway/ca-named-as-pair.yaml", "gateway.suffix-misleads",
     "caCertCredentialName names the Secret of a CA, without the suffix.", ca_named_as_pair},
    {"gateway/ca-by-its-suffix.yaml", "", "The same Secret, named with the suffix.", ca_by_its_suffix},
    {"gateway/host-not-covered.yaml", "gateway.host-not-covered",
     "Of three hosts, one is below a wildcard's one label, and one is of another domain.", other_hosts},
    {"gateway/wider-wildcard.yaml", "gateway.host-not-covered",
     "A host with a wildcard, of which the certificate covers a part.", wider_wildcard},
    {"gateway/no-names.yaml", "gateway.no-names",
     "The host *, and a certificate with an organization and an e-mail address.",
     [](Workshop& w) {
       return any_host(w, name({{"O", "Shop"}}));
     }},
    {"gateway/name-in-subject.yaml", "", "The same with a common name.",
     [](Workshop& w) {
       return any_host(w, name({{"O", "Shop"}, {"CN", "shop"}}));
     }},
    {"gateway/no-certificate.yaml", "gateway.no-certificate", "Mode SIMPLE without any certificate.", bare},
    {"gateway/passthrough-ignores-credential.yaml", "gateway.passthrough-ignores-credential",
     "A credentialName, and no mode, which is PASSTHROUGH.", passed_on},
    {"gateway/mode-forbids-credential.yaml", "gateway.mode-forbids-credential",
     "Mode ISTIO_MUTUAL with a credentialName.", forbidden},
    {"gateway/unknown-mode.yaml", "gateway.unknown-mode", "A mode in the wrong case.", misspelt},
    {"gateway/too-many-credentials.yaml", "gateway.too-many-credentials", "Three credentialNames.", modes},
    {"gateway/too-many-refs.yaml", "gateway.too-many-credentials", "Three certificateRefs of a listener.",
     [](Workshop& w) { return three_refs(w, "istio"); }},
    {"gateway/other-class.yaml", "", "Three certificateRefs, and a class of another implementation.",
     [](Workshop& w) { return three_refs(w, "nginx"); }},
    {"gateway/self-signed-serving.yaml", "gateway.self-signed-serving",
     "A gateway whose certificate signed itself.", self_signed},
    {"gateway/chain-incomplete.yaml", "gateway.chain-incomplete",
     "A leaf alone, while the CA certificate that belongs below it is in another Secret.", leaf_alone},
    {"gateway/expired-in-use.yaml", "validity.expired",
     "Two Secrets with an expired certificate, one of which a gateway uses.", expired_in_use},
    {"gateway/selects-no-pod.yaml", "gateway.selects-no-pod", "The only pod given is none of the gateway's.",
     no_pod},
    {"gateway/pods-not-given.yaml", "gateway.pods-not-given",
     "Two namespaces have a Secret of that name, and no pod says which is the gateway's.", without_pods},
    {"gateway/service-given.yaml", "", "No pod, and a Service that says where they are.", with_service},
    {"gateway/objects-not-given.yaml", "gateway.objects-not-given",
     "Gateways without the Secrets that they name.", gateways_alone},
};

}  // namespace

std::span<const Recipe> gateway_recipes() {
  return kRecipes;
}

}  // namespace gencerts
