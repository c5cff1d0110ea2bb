// What carries a caBundle, beside the CA that it should be of.
#include "kube.hpp"
#include "recipe.hpp"

namespace gencerts {
namespace {

using std::chrono::days;

Json client(std::string_view service, Json ca_bundle) {
  Json config{{"service", {{"name", service}, {"namespace", kSystem}, {"path", "/inject"}, {"port", 443}}}};
  if (!ca_bundle.is_null()) config["caBundle"] = std::move(ca_bundle);
  return config;
}

Json bundle(const std::string& text) {
  return base64(text);
}

Json entry(std::string_view name, std::string_view service, Json ca_bundle,
           std::string_view policy = "Fail") {
  return {{"admissionReviewVersions", Json::array({"v1"})},
          {"clientConfig", client(service, std::move(ca_bundle))},
          {"failurePolicy", policy},
          {"name", name},
          {"sideEffects", "None"}};
}

Json configuration(std::string_view kind, std::string_view name, std::string_view revision,
                   std::vector<Json> entries) {
  Json json = object("admissionregistration.k8s.io/v1", kind, "", name);
  json["metadata"]["labels"] = {{"app", "sidecar-injector"}, {"istio.io/rev", revision}};
  json["webhooks"] = std::move(entries);
  return json;
}

Json injector(Json first, Json second) {
  return configuration("MutatingWebhookConfiguration", "istio-sidecar-injector", "default",
                       {entry("rev.namespace.sidecar-injector.istio.io", "istiod", std::move(first)),
                        entry("rev.object.sidecar-injector.istio.io", "istiod", std::move(second))});
}

CertificateBuilder istiod_leaf(Workshop& w, std::string_view name = "istiod.istio-system.svc") {
  return istio_leaf(w).san({dns(name)}).validity(kEpoch - days{10}, kEpoch + days{80});
}

/// istiod_tls is what istio-csr has cert-manager make for istiod.
Json istiod_tls(Workshop& w, const Octets& leaf) {
  return secret(kSystem, "istiod-tls", "kubernetes.io/tls",
                {{"ca.crt", pem(the_root(w))}, {"tls.crt", pem(leaf)}, {"tls.key", key_pem(w, "workload")}});
}

Json conversion(Json ca_bundle) {
  Json json = object("apiextensions.k8s.io/v1", "CustomResourceDefinition", "", "widgets.example.com");
  json["spec"] = {
      {"conversion",
       {{"strategy", "Webhook"}, {"webhook", {{"clientConfig", client("widgets", std::move(ca_bundle))}}}}}};
  return json;
}

Sample healthy(Workshop& w) {
  // Another order, a comment and a second root are the same set.
  const std::string both = "# roots of the mesh\n" + pem({the_root(w), the_new_root(w)});
  const Json roots = bundle(both), swapped = bundle(pem({the_new_root(w), the_root(w)}));
  Json api = object("apiregistration.k8s.io/v1", "APIService", "", "v1.");
  api["spec"] = {{"groupPriorityMinimum", 18000}, {"version", "v1"}};
  return kube_list({istio_ca_secret(w), root_config_map(kSystem, both), injector(roots, swapped),
                    configuration("MutatingWebhookConfiguration", "istio-sidecar-injector-canary", "canary",
                                  {entry("rev.namespace.sidecar-injector.istio.io", "istiod-canary", roots)}),
                    configuration("ValidatingWebhookConfiguration", "istio-validator-istio-system", "default",
                                  {entry("rev.validation.istio.io", "istiod", roots)}),
                    conversion(bundle(pem(the_web_root(w)))), api},
                   {the_root(w), the_new_root(w)});
}

/// served is a leaf of istiod's beside the bundles of its CA.
Sample served(Workshop& w, CertificateBuilder leaf) {
  return kube_list(
      {istiod_tls(w, leaf.build()), injector(bundle(pem(the_root(w))), bundle(pem(the_root(w))))},
      {the_root(w)});
}

Sample healthy_istiod_tls(Workshop& w) {
  return served(w, istiod_leaf(w));
}

/// unpatched is what `helm template` renders: istiod fills the bundles in later.
Sample unpatched(Workshop& w) {
  return manifests(
      {as_manifest(injector(nullptr, nullptr)), as_manifest(root_config_map(kSystem, pem(the_root(w))))},
      {the_root(w)});
}

Sample missing(Workshop& w) {
  return kube_list({root_config_map(kSystem, pem(the_root(w))), injector(nullptr, bundle(pem(the_root(w))))},
                   {the_root(w)});
}

Sample hollow(Workshop& w) {
  return kube_list({root_config_map(kSystem, pem(the_root(w))), injector("", bundle("\n"))}, {the_root(w)});
}

Sample unparsable(Workshop& w) {
  return kube_list(
      {root_config_map(kSystem, pem(the_root(w))), conversion(bundle("ca-bundle: to be filled in"))},
      {the_root(w)});
}

Sample expired(Workshop& w) {
  const Octets old = istio_root(w).validity(kEpoch - days{400}, kEpoch - days{35}).build();
  return kube_list({conversion(bundle(pem(old)))}, {old});
}

/// stale: the CA was created anew, and one of two entries is still of the old one.
Sample stale(Workshop& w) {
  Json json = injector(bundle(pem(the_new_root(w))), bundle(pem(the_root(w))));
  json["metadata"]["annotations"] = {{"argocd.argoproj.io/tracking-id", "mesh:admissionregistration.k8s.io"}};
  return kube_list({istio_ca_secret(w), root_config_map(kSystem, pem(the_root(w))), json},
                   {the_root(w), the_new_root(w)});
}

Sample foreign_root(Workshop& w) {
  return kube_list({root_config_map(kSystem, pem(the_root(w))),
                    injector(bundle(pem(the_plugin_root(w))), bundle(pem(the_plugin_root(w))))},
                   {the_root(w), the_plugin_root(w)});
}

/// left_over is a pair for istiod's name, of a CA that is no longer there.
Json left_over(Workshop& w) {
  return secret(kSystem, "istiod-old", "kubernetes.io/tls",
                {{"tls.crt", pem(istio_leaf(w, "webhook/left-over-leaf")
                                     .issuer(plugin_root_name())
                                     .signer("other-root")
                                     .san({dns("istiod.istio-system.svc")})
                                     .validity(kEpoch - days{10}, kEpoch + days{80})
                                     .build())},
                 {"tls.key", key_pem(w, "workload")}});
}

Sample beside_left_over(Workshop& w, CertificateBuilder leaf) {
  return kube_list({left_over(w), istiod_tls(w, leaf.build()),
                    injector(bundle(pem(the_root(w))), bundle(pem(the_root(w))))},
                   {the_root(w)});
}

Sample other_name(Workshop& w) {
  return served(w, istiod_leaf(w, "istio-pilot.istio-system.svc"));
}

CertificateBuilder plugged_leaf(Workshop& w) {
  return plugin_leaf(w).san({dns("istiod.istio-system.svc")}).validity(kEpoch - days{10}, kEpoch + days{80});
}

/// plugged is what istiod has of a CA with an intermediate, with these certificates and this key.
Sample plugged(const std::vector<Octets>& certificates, const std::string& key, const Octets& root,
               const Octets& bundled) {
  return kube_list({secret(kSystem, "istiod-tls", "kubernetes.io/tls",
                           {{"ca.crt", pem(root)}, {"tls.crt", pem(certificates)}, {"tls.key", key}}),
                    injector(bundle(pem(bundled)), bundle(pem(bundled)))},
                   {bundled});
}

Sample healthy_intermediate(Workshop& w) {
  return plugged({plugged_leaf(w).build(), the_intermediate(w)}, key_pem(w, "workload"), the_plugin_root(w),
                 the_plugin_root(w));
}

Sample reversed(Workshop& w) {
  return plugged({the_intermediate(w), plugged_leaf(w).build()}, key_pem(w, "workload"), the_plugin_root(w),
                 the_plugin_root(w));
}

Sample other_key(Workshop& w) {
  return plugged({plugged_leaf(w).build(), the_intermediate(w)}, key_pem(w, "root"), the_plugin_root(w),
                 the_plugin_root(w));
}

Sample without_intermediate(Workshop& w) {
  return plugged({plugged_leaf(w).build()}, key_pem(w, "workload"), the_plugin_root(w), the_plugin_root(w));
}

/// stale_and_cut lacks its intermediate too, but what stands beside it is of another CA than the bundle.
Sample stale_and_cut(Workshop& w) {
  return plugged({plugged_leaf(w).build()}, key_pem(w, "workload"), the_plugin_root(w), the_root(w));
}

Sample two_revisions(Workshop& w) {
  return kube_list({injector(bundle(pem(the_root(w))), bundle(pem(the_root(w)))),
                    configuration("MutatingWebhookConfiguration", "istio-sidecar-injector-canary", "canary",
                                  {entry("rev.namespace.sidecar-injector.istio.io", "istiod-canary",
                                         bundle(pem(the_renewed_root(w))))})},
                   {the_root(w), the_renewed_root(w)});
}

/// odd_ones: most hold the root; the tag and the revision that are met first hold another.
Sample odd_ones(Workshop& w) {
  const Json root = bundle(pem(the_root(w))), other = bundle(pem(the_new_root(w)));
  const auto tag = [](std::string_view name, std::string_view service, const Json& ca_bundle) {
    return configuration("MutatingWebhookConfiguration", name, "default",
                         {entry("rev.namespace.sidecar-injector.istio.io", service, ca_bundle)});
  };
  return kube_list({tag("istio-sidecar-injector-canary", "istiod-canary", other),
                    tag("istio-revision-tag-prod", "istiod", other), injector(root, root),
                    tag("istio-sidecar-injector-1-24", "istiod-1-24", root)},
                   {the_root(w), the_new_root(w)});
}

/// unverified: insecureSkipTLSVerify beside a caBundle, and alone.
Sample unverified(Workshop& w) {
  const auto api = [](std::string_view name, Json spec) {
    Json json = object("apiregistration.k8s.io/v1", "APIService", "", name);
    json["spec"] = std::move(spec);
    json["spec"]["insecureSkipTLSVerify"] = true;
    return json;
  };
  const Json alone = client("metrics", nullptr);
  return kube_list({api("v1beta1.metrics.k8s.io", alone),
                    api("v1.widgets.example.com", client("widgets", bundle(pem(the_web_root(w)))))},
                   {the_web_root(w)});
}

/// deactivated is what Istio leaves of the injector where the tag `default` does its work: one entry was
/// never filled in, the other has long expired.
Sample deactivated(Workshop& w) {
  const Octets old = istio_root(w).validity(kEpoch - days{400}, kEpoch - days{35}).build();
  Json idle = injector(nullptr, bundle(pem(old)));
  for (Json& webhook : idle["webhooks"])
    for (const char* selector : {"namespaceSelector", "objectSelector"})
      webhook[selector]["matchLabels"] = {{"istio.io/deactivated", "never-match"}};
  const Json tag =
      configuration("MutatingWebhookConfiguration", "istio-revision-tag-default", "default",
                    {entry("rev.namespace.sidecar-injector.istio.io", "istiod", bundle(pem(the_root(w))))});
  return kube_list({root_config_map(kSystem, pem(the_root(w))), idle, tag}, {old, the_root(w)});
}

/// key_first is a bundle whose first block is a public key.
Sample key_first(Workshop& w) {
  const std::string roots = pem("PUBLIC KEY", spki_of(w.key("root"))) + pem(the_root(w));
  return kube_list(
      {root_config_map(kSystem, pem(the_root(w))), injector(bundle(roots), bundle(pem(the_root(w))))},
      {the_root(w)});
}

constexpr Recipe kRecipes[] = {
    {"webhook/deactivated.yaml", "",
     "An injector that selects nothing, as the revision tag does its work: a caBundle is missing, and one expired.",
     deactivated},
    {"webhook/first-block-unusable.yaml", "webhook.first-block-unusable",
     "A caBundle that begins with a public key; the CA stands below it.", key_first},
    {"webhook/healthy.yaml", "",
     "Webhook configurations of two revisions, a CRD and an APIService, with istiod's CA beside them: the bundles are the "
     "same set of roots, written in different ways.",
     healthy},
    {"webhook/healthy-istiod-tls.yaml", "",
     "The certificate that istio-csr makes for istiod, and bundles of its CA.", healthy_istiod_tls},
    {"webhook/healthy-manifest.yaml", "",
     "A rendered manifest without caBundles: istiod writes them once it runs.", unpatched},
    {"webhook/no-ca-bundle.yaml", "webhook.no-ca-bundle",
     "A live configuration of which the first entry has no caBundle.", missing},
    {"webhook/empty-and-placeholder.yaml", "webhook.placeholder-ca-bundle",
     "A live configuration with an empty caBundle, and one that holds a line break.", hollow},
    {"webhook/unparsable.yaml", "webhook.unparsable-ca-bundle",
     "A conversion webhook whose caBundle is no PEM.", unparsable},
    {"webhook/encoded-twice.yaml", "webhook.unparsable-ca-bundle",
     "A conversion webhook whose caBundle is base64 of base64 of PEM.",
     [](Workshop& w) {
       return kube_list({conversion(bundle(base64(pem(the_web_root(w)))))}, {the_web_root(w)});
     }},
    {"webhook/expired.yaml", "webhook.expired-ca-bundle", "A conversion webhook whose only CA has expired.",
     expired},
    {"webhook/stale.yaml", "webhook.does-not-verify-serving",
     "istiod's CA was created anew, and the first of two entries still has the old one. Argo CD owns the object.",
     stale},
    {"webhook/foreign-root.yaml", "webhook.differs-from-root",
     "Bundles of a plugged-in CA's root in a mesh whose root is another.", foreign_root},
    {"webhook/serving-not-yet-valid.yaml", "webhook.serving-unusable",
     "istiod's certificate begins tomorrow; the bundles are of its CA.",
     [](Workshop& w) { return served(w, istiod_leaf(w).validity(kEpoch + days{1}, kEpoch + days{80})); }},
    {"webhook/serving-for-clients.yaml", "webhook.serving-unusable",
     "istiod's certificate is for clients alone; the bundles are of its CA.",
     [](Workshop& w) { return served(w, istiod_leaf(w).extended_key_usage({eku::kClientAuth})); }},
    {"webhook/healthy-intermediate.yaml", "",
     "The certificate of istiod with the intermediate CA behind it, and bundles of the root.",
     healthy_intermediate},
    {"webhook/serving-reversed.yaml", "webhook.serving-unusable",
     "istiod's certificate stands behind the CA that issued it; the bundles are of the root.", reversed},
    {"webhook/serving-other-key.yaml", "webhook.serving-unusable",
     "istiod's certificate beside the key of another; the bundles are of the root.", other_key},
    {"webhook/serving-without-intermediate.yaml", "webhook.serving-unusable",
     "istiod's certificate without the CA that issued it; the bundles are of the root.",
     without_intermediate},
    {"webhook/stale-and-cut.yaml", "webhook.does-not-verify-serving",
     "istiod's certificate without the CA that issued it, and bundles of another root.", stale_and_cut},
    {"webhook/healthy-left-over.yaml", "",
     "A pair of another CA for istiod's name stands before the one that the bundles verify.",
     [](Workshop& w) { return beside_left_over(w, istiod_leaf(w)); }},
    {"webhook/left-over-alone.yaml", "webhook.does-not-verify-serving",
     "The pair of another CA is the only one for istiod's name.",
     [](Workshop& w) { return beside_left_over(w, istiod_leaf(w, "istio-pilot.istio-system.svc")); }},
    {"webhook/other-name.yaml", "webhook.serving-name-not-covered",
     "istiod's certificate is for the name of an old service.", other_name},
    {"webhook/odd-ones.yaml", "webhook.differs-between-entries",
     "Of four configurations the first two hold another root: one of a revision of its own, one of the service that the third "
     "calls.",
     odd_ones},
    {"webhook/verification-skipped.yaml", "webhook.verification-skipped",
     "An APIService with insecureSkipTLSVerify beside a caBundle, and one without a caBundle.", unverified},
    {"webhook/bundles-alone.yaml", "webhook.objects-not-given",
     "An injector, and neither what istiod presents nor its CA.",
     [](Workshop& w) {
       return kube_list({injector(bundle(pem(the_root(w))), bundle(pem(the_root(w))))}, {the_root(w)});
     }},
    {"webhook/two-revisions.yaml", "webhook.differs-between-revisions",
     "Two revisions of istiod, one with the root from before its renewal.", two_revisions},
};

}  // namespace

std::span<const Recipe> webhook_recipes() {
  return kRecipes;
}

}  // namespace gencerts
