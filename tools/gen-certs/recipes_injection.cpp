// Webhooks whose caBundle cert-manager's cainjector writes, beside what it takes that from.
#include "kube.hpp"
#include "recipe.hpp"

namespace gencerts {
namespace {

constexpr std::string_view kFromSecret = "cert-manager.io/inject-ca-from-secret";
constexpr std::string_view kFromCertificate = "cert-manager.io/inject-ca-from";

Json client(std::string_view space, std::string_view service, const Octets& ca) {
  return {{"caBundle", base64(pem(ca))}, {"service", {{"name", service}, {"namespace", space}}}};
}

Json annotated(Json object, std::string_view annotation, std::string_view source) {
  object["metadata"]["annotations"][std::string(annotation)] = source;
  return object;
}

Json validator(std::string_view name, Json client) {
  Json json = object("admissionregistration.k8s.io/v1", "ValidatingWebhookConfiguration", "", name);
  json["webhooks"] = Json::array({{{"admissionReviewVersions", Json::array({"v1"})},
                                   {"clientConfig", std::move(client)},
                                   {"failurePolicy", "Fail"},
                                   {"name", "hook.example.com"},
                                   {"sideEffects", "None"}}});
  return json;
}

Json conversion(Json client) {
  Json json = object("apiextensions.k8s.io/v1", "CustomResourceDefinition", "", "issuers.cert-manager.io");
  json["spec"] = {
      {"conversion", {{"strategy", "Webhook"}, {"webhook", {{"clientConfig", std::move(client)}}}}}};
  return json;
}

/// own_ca is what cert-manager signs the certificate of its own webhook with; that one is in no Secret.
Json own_ca(Workshop& w) {
  Json json =
      secret("cert-manager", "cert-manager-webhook-ca", kOpaque,
             {{"ca.crt", pem(the_root(w))}, {"tls.crt", pem(the_root(w))}, {"tls.key", key_pem(w, "root")}});
  return annotated(std::move(json), "cert-manager.io/allow-direct-injection", "true");
}

/// own_webhook is cert-manager's own: both objects are written from the Secret of its CA.
std::vector<Json> own_webhook(Workshop& w, const Octets& ca) {
  constexpr std::string_view kSource = "cert-manager/cert-manager-webhook-ca";
  const Json config = client("cert-manager", "cert-manager-webhook", ca);
  return {own_ca(w), annotated(validator("cert-manager-webhook", config), kFromSecret, kSource),
          annotated(conversion(config), kFromSecret, kSource)};
}

/// managed is a Certificate of cert-manager, the Secret that it keeps, and a webhook written from that.
std::vector<Json> managed(Workshop& w, std::string_view name) {
  Json certificate = object("cert-manager.io/v1", "Certificate", "shop", "hook");
  certificate["spec"] = {{"dnsNames", Json::array({name})},
                         {"issuerRef", {{"kind", "ClusterIssuer"}, {"name", "web"}}},
                         {"secretName", "hook-tls"}};
  const Octets leaf =
      (name.empty() ? serving_leaf(w).without(ext::kSubjectAltName) : serving_leaf(w).san({dns(name)}, false))
          .build();
  Json pair = secret("shop", "hook-tls", kTls,
                     {{"ca.crt", pem(the_web_root(w))},
                      {"tls.crt", pem({leaf, the_web_intermediate(w)})},
                      {"tls.key", key_pem(w, "workload")}});
  return {
      certificate, annotated(std::move(pair), "cert-manager.io/certificate-name", "hook"),
      annotated(validator("hook", client("shop", "hook", the_web_root(w))), kFromCertificate, "shop/hook")};
}

/// stale_wildcard is a pair for every service of a namespace, which no annotation names.
Sample stale_wildcard(Workshop& w) {
  std::vector<Json> all = managed(w, "*.shop.svc");
  all.back() = validator("hook", client("shop", "hook", the_root(w)));
  return kube_list(std::move(all), {the_root(w), the_web_root(w)});
}

Sample healthy(Workshop& w) {
  std::vector<Json> all = own_webhook(w, the_root(w));
  for (Json& json : managed(w, "hook.shop.svc")) all.push_back(std::move(json));
  return kube_list(std::move(all), {the_root(w), the_web_root(w)});
}

constexpr Recipe kRecipes[] = {
    {"webhook/healthy-injected.yaml", "",
     "cert-manager's own webhook, written from the Secret of its CA, and one that is written from a Certificate.",
     healthy},
    {"webhook/injected-other.yaml", "webhook.differs-from-root",
     "cert-manager's own webhook, with another CA than that of the Secret that its annotation names.",
     [](Workshop& w) {
       return kube_list(own_webhook(w, the_new_root(w)), {the_root(w), the_new_root(w)});
     }},
    {"webhook/stale-wildcard.yaml", "webhook.does-not-verify-serving",
     "The service presents a certificate of a Secret with a wildcard for its namespace; the bundle is of another CA.",
     stale_wildcard},
    {"webhook/injected-for-other-name.yaml", "webhook.serving-name-not-covered",
     "A webhook written from a Certificate that is for the name of another service.",
     [](Workshop& w) { return kube_list(managed(w, "hook.other.svc"), {the_web_root(w)}); }},
    {"webhook/injected-without-name.yaml", "webhook.serving-name-not-covered",
     "A webhook written from a Certificate of a server with a common name alone.",
     [](Workshop& w) { return kube_list(managed(w, ""), {the_web_root(w)}); }},
};

}  // namespace

std::span<const Recipe> injection_recipes() {
  return kRecipes;
}

}  // namespace gencerts
