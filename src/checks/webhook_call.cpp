// The words about an entry of a webhook configuration and its like.

#include "checks/webhook_call.hpp"

#include "checks/credentials.hpp"

namespace meshcert::checks {
namespace {

std::string effect_of(const WebhookCall& call) {
  const std::string& kind = call.object->kind;
  if (kind == "CustomResourceDefinition") return "its objects cannot be read in other versions";
  if (call.is_bare()) return "every server that is verified with it is refused";
  if (kind == "APIService") return "its API is unavailable";
  if (!call.entry->fails_closed)
    return std::string("failurePolicy is Ignore, so its calls fail in silence") +
           (call.is_istiod() && kind == "MutatingWebhookConfiguration" ? ": pods start without sidecars"
                                                                       : "");
  return kind == "MutatingWebhookConfiguration"
             ? "failurePolicy is Fail, so pods that it selects are no longer created"
             : "failurePolicy is Fail, so what it selects can no longer be changed";
}

// Who writes the object again and again, and so may be the one who made it stale.
std::string owner_of(const WebhookCall& call) {
  const KubernetesObject& object = *call.object;
  if (call.injection.from_api_server)
    return "; cert-manager's cainjector is to write it, the CA of the API server";
  if (!call.injection.annotation.empty())
    return std::string("; cert-manager's cainjector is to write it, from the ") +
           (call.injection.from_certificate ? "Certificate " : "Secret ") +
           std::string(call.injection.source);
  const bool argo = !object.annotation("argocd.argoproj.io/tracking-id").empty() ||
                    !object.label("argocd.argoproj.io/instance").empty();
  if (argo) return "; Argo CD owns the object and may write an old bundle back (ignoreDifferences)";
  const bool helm = !object.annotation("meta.helm.sh/release-name").empty() ||
                    object.label("app.kubernetes.io/managed-by") == "Helm";
  return helm ? "; Helm installed the object, and an upgrade may write an old bundle back" : "";
}

// What istiod never writes, whatever it logs (istio pkg/webhooks/webhookpatch.go, validation/controller).
std::string fill_without_istiod(const WebhookCall& call) {
  const std::string& kind = call.object->kind;
  const bool mutating = kind == "MutatingWebhookConfiguration";
  if (!mutating && kind != "ValidatingWebhookConfiguration") return "";
  if (call.object->label("istio.io/rev").empty())
    return "let istiod write it, which passes over what has no label istio.io/rev: kubectl label " +
           std::string(mutating ? "mutating" : "validating") + "webhookconfiguration " +
           pasteable(call.object->name, "NAME") +
           " istio.io/rev=REVISION (default, where there is one istiod)";
  if (mutating && !call.entry->name.ends_with("sidecar-injector.istio.io"))
    return "istiod writes to entries alone whose name ends in sidecar-injector.istio.io: write its CA there, base64 of "
           "what this prints: kubectl get cm istio-ca-root-cert -n " +
           pasteable(call.entry->service_namespace, "NAMESPACE") + " -o jsonpath='{.data.root-cert\\.pem}'";
  return "";
}

std::string fill_of(const WebhookCall& call) {
  if (call.injection.is_refused())
    return "allow cainjector to read the Secret, which it refuses now: kubectl annotate secret -n " +
           pasteable(call.injection.secret->namespace_name, "NAMESPACE") + " " +
           pasteable(call.injection.secret->name, "NAME") + " cert-manager.io/allow-direct-injection=true";
  if (!call.injection.annotation.empty())
    return "see why it was not injected: kubectl logs -n cert-manager deploy/cert-manager-cainjector";
  if (std::string fill = call.is_istiod() ? fill_without_istiod(call) : ""; !fill.empty()) return fill;
  const std::string space = pasteable(call.entry->service_namespace, "NAMESPACE");
  if (call.is_istiod())
    return "let istiod write it: is it running, with the revision of the label istio.io/rev? kubectl logs -n " +
           space +
           " deploy/istiod | grep -iE 'patching webhook|CA bundle'; then restart it: kubectl rollout restart -n " +
           space + " deploy/istiod";
  return "write the CA of the service's certificate there, base64 of its PEM";
}

std::string whom(const WebhookCall& call) {
  return call.in_cluster() ? call.dns_name() : call.entry->url.empty() ? "its service" : call.entry->url;
}

std::vector<Fact> facts_of(const WebhookCall& call) {
  return {{"entry", call.name()},
          {"_whom", whom(call)},
          {"_effect", effect_of(call)},
          {"_owner", owner_of(call)},
          {"_fill", fill_of(call)}};
}

}  // namespace

void report_call(const FindingSpec& spec, const WebhookCall& call, std::vector<Fact> more,
                 FindingSink& sink) {
  std::vector<Fact> facts = facts_of(call);
  facts.insert(facts.end(), more.begin(), more.end());
  sink.report(spec, call.entry->where, call.object->title(), std::move(facts));
}

}  // namespace meshcert::checks
