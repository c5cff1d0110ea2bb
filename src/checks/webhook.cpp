// Family webhook: will the API server trust whom it calls? Each caBundle against
// the chain that its service presents, as far as the inputs hold that (istio
// pkg/webhooks/webhookpatch.go; Kubernetes apiserver/pkg/util/webhook). Here is what is said;
// the rules are in webhook_judge.cpp.

#include "checks/webhook_judge.hpp"

namespace meshcert::checks {

using enum Severity;

extern constexpr FindingSpec kNoCaBundle{
    "webhook.no-ca-bundle",
    error,
    error,
    "{entry} has no caBundle, so the API server verifies {_whom} with its system roots, which hold no CA of a "
    "cluster; {_effect}{_owner}",
    "{_fill}",
    "Kubernetes admissionregistration.k8s.io/v1 WebhookClientConfig"};
extern constexpr FindingSpec kEmptyCaBundle{
    "webhook.empty-ca-bundle",
    error,
    error,
    "the caBundle of {entry} is empty, where the CA of {_whom} belongs; {_effect}{_owner}",
    "{_fill}",
    "Kubernetes admissionregistration.k8s.io/v1 WebhookClientConfig"};
extern constexpr FindingSpec kPlaceholderCaBundle{
    "webhook.placeholder-ca-bundle",
    error,
    error,
    "the caBundle of {entry} is a placeholder, white space alone, that nobody has replaced by the CA of {_whom}; "
    "{_effect}{_owner}",
    "{_fill}",
    "Kubernetes admissionregistration.k8s.io/v1 WebhookClientConfig"};
extern constexpr FindingSpec kUnparsableCaBundle{
    "webhook.unparsable-ca-bundle",
    error,
    error,
    "no certificate can be read from the caBundle of {entry}, where base64 of PEM is required; {_effect}{_owner}",
    "{_fill}",
    "istio pkg/webhooks/util/util.go VerifyCABundle"};
extern constexpr FindingSpec kFirstBlockUnusable{
    "webhook.first-block-unusable",
    warning,
    warning,
    "the first PEM block in the caBundle of {entry} is {found}, but must be CERTIFICATE; the API server uses the others, but "
    "istiod looks at the first alone and refuses such a bundle (patching webhook failed: cert contains wrong pem type; cert "
    "contains invalid x509 certificate){_owner}",
    "put a certificate first: meshcert inspect -o pem FILE writes the certificates alone",
    "istio pkg/webhooks/util/util.go VerifyCABundle"};
extern constexpr FindingSpec kExpiredCaBundle{
    "webhook.expired-ca-bundle",
    error,
    error,
    "no certificate in the caBundle of {entry} is valid at {at}: {found}; {_effect}{_owner}",
    "{_fill}",
    "RFC 5280 6.1.3 (a)(2)"};
extern constexpr FindingSpec kDoesNotVerifyServing{
    "webhook.does-not-verify-serving",
    error,
    error,
    "no certificate in the caBundle of {entry} verifies {serving}: it holds {found}; the certificate was issued by {issuer}{_twin}; "
    "{_effect}{_owner}",
    "{_fill}",
    "Kubernetes admissionregistration.k8s.io/v1 WebhookClientConfig"};
extern constexpr FindingSpec kServingUnusable{
    "webhook.serving-unusable",
    error,
    error,
    "{_lead}: {found}; {_effect}",
    "{_mend}",
    "Kubernetes apiserver/pkg/util/webhook; RFC 5280 6.1.3, 4.2.1.12"};
extern constexpr FindingSpec kServingNameNotCovered{
    "webhook.serving-name-not-covered",
    error,
    error,
    "the API server calls {entry} as {required}, but {serving} is for {found} only; {_effect}",
    "reissue the serving certificate with the DNS name {required}",
    "RFC 9525 6.3; Kubernetes apiserver/pkg/util/webhook"};
extern constexpr FindingSpec kDiffersFromRoot{
    "webhook.differs-from-root",
    error,
    error,
    "the caBundle of {entry} holds {found}, none of which is {_whose}: {root} holds {required}; "
    "{_effect}{_owner}",
    "{_fill}",
    "istio pkg/webhooks/webhookpatch.go; cert-manager pkg/controller/cainjector/sources.go"};
extern constexpr FindingSpec kDiffersBetweenRevisions{
    "webhook.differs-between-revisions",
    warning,
    warning,
    "{entry} and {other} call istiods of one mesh with different caBundles: {found} here, {required} there",
    "find out which is stale: compare both with kubectl get cm istio-ca-root-cert -n {_space}; the istiod of a "
    "revision writes only what is labelled istio.io/rev with that revision",
    "istio pkg/webhooks/webhookpatch.go"};
extern constexpr FindingSpec kDiffersBetweenEntries{
    "webhook.differs-between-entries",
    warning,
    warning,
    "{entry} and {other} call the same service with different caBundles: {found} here, {required} there",
    "find out which of the two is right; then {_fill}",
    "istio pkg/webhooks/webhookpatch.go; cert-manager pkg/controller/cainjector/sources.go"};
extern constexpr FindingSpec kVerificationSkipped{
    "webhook.verification-skipped",
    error,
    error,
    "{entry} has a caBundle and insecureSkipTLSVerify, of which it may have one: the API server refuses such an object "
    "(spec.insecureSkipTLSVerify: may not be true if caBundle is present)",
    "take insecureSkipTLSVerify out, so that {_whom} is verified; or else the caBundle",
    "Kubernetes kube-aggregator pkg/apis/apiregistration/validation"};
extern constexpr FindingSpec kBundlesAlone{
    "webhook.objects-not-given",
    info,
    info,
    "the caBundle of {found} was held against nothing: neither what the service presents was given, nor the CA of that",
    "give them together: kubectl get secrets,configmaps,mutatingwebhookconfigurations,validatingwebhookconfigurations -A "
    "-o yaml | meshcert webhook; or what the service presents: --against FILE",
    "docs/inputs.md"};
extern constexpr FindingSpec kNotApplied{
    "webhook.not-applied",
    info,
    info,
    "nothing was judged of {found}: it has no caBundle, and is no object of an API server but a manifest, which "
    "istiod, cert-manager or its operator completes once it is applied",
    "judge what is in the cluster: kubectl get mutatingwebhookconfigurations,validatingwebhookconfigurations,secrets,"
    "configmaps -A -o yaml | meshcert webhook",
    "istio pkg/webhooks/webhookpatch.go; cert-manager pkg/controller/cainjector"};
extern constexpr FindingSpec kNoWebhook{
    "webhook.no-webhook",
    error,
    error,
    "webhooks were asked about, but no input holds one, nor an APIService, a CustomResourceDefinition with a conversion "
    "webhook or a caBundle by itself",
    "give them: kubectl get mutatingwebhookconfigurations,validatingwebhookconfigurations,secrets,configmaps -A -o yaml | "
    "meshcert webhook",
    "docs/inputs.md"};

namespace {

constexpr const FindingSpec* kSpecs[] = {&kNoCaBundle,
                                         &kEmptyCaBundle,
                                         &kPlaceholderCaBundle,
                                         &kUnparsableCaBundle,
                                         &kFirstBlockUnusable,
                                         &kExpiredCaBundle,
                                         &kDoesNotVerifyServing,
                                         &kServingUnusable,
                                         &kServingNameNotCovered,
                                         &kDiffersFromRoot,
                                         &kDiffersBetweenRevisions,
                                         &kDiffersBetweenEntries,
                                         &kVerificationSkipped,
                                         &kBundlesAlone,
                                         &kNotApplied,
                                         &kNoWebhook};

void check_inventory(const Inventory& inventory, const Policy& policy, FindingSink& sink) {
  if (inventory.objects.empty() && !policy.webhook_asked) return;
  judge_webhooks(inventory, policy, sink);
}

}  // namespace

extern const Check k_webhook_check;
const Check k_webhook_check{"webhook", kSpecs, nullptr, nullptr, &check_inventory};

}  // namespace meshcert::checks
