// Family gateway: will every listener present a working certificate? What is said
// stands here; what is looked at, in gateway_judge.cpp and its neighbours.

#include "checks/gateway_judge.hpp"

namespace meshcert::checks {

using enum Severity;

extern constexpr FindingSpec kSecretMissing{
    "gateway.secret-missing",
    error,
    error,
    "{server} takes {_what} from {wanted}, which {_which}; {_effect}{_istiod}",
    "{_create}",
    "istio pilot/pkg/credentials/kube/secrets.go"};
extern constexpr FindingSpec kSecretWrongNamespace{
    "gateway.secret-wrong-namespace",
    error,
    error,
    "{server} takes {_what} from {wanted}: istiod looks in the namespace of {_pods}, {required}; the Secret of "
    "that name is in {found}; {_effect} (istiod: {istiod})",
    "move it to where the pods are: kubectl get secret {_name} -n {_from} -o yaml | sed 's/namespace: .*/namespace: {_to}/' | "
    "kubectl apply -f -; or let cert-manager write it there",
    "istio pilot/pkg/model/credentials/resource.go"};
extern constexpr FindingSpec kReferenceNotGranted{
    "gateway.reference-not-granted",
    error,
    error,
    "{server} refers to {wanted} in another namespace, and no ReferenceGrant there allows a {_kind} of namespace {space} "
    "to: whether it exists is not even looked at, and the reference is refused (istiod: {istiod})",
    "create a ReferenceGrant in namespace {required} with spec.from group {_group}, kind {_kind}, namespace {space}, and "
    "spec.to kind {_to}; if there is one, give it too: kubectl get referencegrants -A -o yaml",
    "gateway-api ReferenceGrant; istio pilot/pkg/config/kube/gatewaycommon/references.go"};
extern constexpr FindingSpec kInvalidCertificateRef{
    "gateway.invalid-certificate-ref",
    error,
    error,
    "{server} refers to {wanted}, which cannot be used: {found}, but it must be {required}; {_effect} (istiod: {istiod})",
    "{_fix_ref}",
    "istio pilot/pkg/config/kube/gateway/conversion.go"};
extern constexpr FindingSpec kEmptyKeys{
    "gateway.empty-keys",
    error,
    error,
    "{secret} has the keys for a certificate and its private key, but one of the two values is empty, so istiod sends nothing "
    "(istiod: {istiod})",
    "fill both: {_fill}; if cert-manager owns it, see why it is not issued yet: kubectl describe certificate -n {_space}",
    "istio pilot/pkg/credentials/kube/secrets.go"};
extern constexpr FindingSpec kMissingKeys{
    "gateway.missing-keys",
    error,
    error,
    "{secret} lacks the keys that istiod reads a certificate from, so it sends nothing (istiod: {istiod})",
    "call them tls.crt and tls.key: {_fill}",
    "istio pilot/pkg/credentials/kube/secrets.go"};
extern constexpr FindingSpec kKeyEncrypted{
    "gateway.key-encrypted",
    error,
    error,
    "{secret} holds a private key under a password, but needs one without: Istio gives Envoy no password, so Envoy "
    "refuses the Secret (Failed to load private key from <inline>)",
    "store the key without a password: openssl pkey -in OLD -out key.pem; {_fill}",
    "istio pilot/pkg/xds/sds.go; envoy source/common/tls/context_impl.cc"};
extern constexpr FindingSpec kKeyStylesDisagree{
    "gateway.key-styles-disagree",
    warning,
    warning,
    "{secret} holds one certificate under {_used} ({found}) and another under {_unused} ({required}); istiod {_takes}, "
    "whatever is renewed under {_unused}",
    "remove the {_keys}, which an older tool left there: kubectl patch secret {_name} -n {_space} --type=json -p '{_patch}'",
    "istio pilot/pkg/credentials/kube/secrets.go"};
extern constexpr FindingSpec kValueNotRead{
    "gateway.value-not-read",
    warning,
    warning,
    "{secret} has {found} beside {key}, where istiod reads {required}: {_effect}",
    "{_rename}",
    "istio pilot/pkg/credentials/kube/secrets.go"};
extern constexpr FindingSpec kCaMissing{
    "gateway.ca-missing",
    error,
    error,
    "{server} verifies {_peers} in mode {mode}, and there is no CA to do it with: {found}; {_effect}{_istiod}",
    "{_add_ca}",
    "istio pilot/pkg/credentials/kube/secrets.go; istio pkg/config/validation/validation.go"};
extern constexpr FindingSpec kSuffixMisleads{
    "gateway.suffix-misleads",
    error,
    error,
    "{server} takes {_what} from {wanted}: by that name istiod reads {found}, but it needs {required}, because what ends in "
    "-cacert or begins with configmap:// is a CA to it and all else a pair; {_effect} (istiod: {istiod})",
    "{_fix_name}",
    "istio pilot/pkg/xds/sds.go generate"};
extern constexpr FindingSpec kCacertSecretShadows{
    "gateway.cacert-secret-shadows",
    warning,
    warning,
    "{server} verifies with {wanted}, which holds {found}; {other} holds {required} under {key}, and istiod does not "
    "look there while the former exists",
    "keep the CA in one of the two: delete {wanted}, or take {key} out of {other}",
    "istio pilot/pkg/credentials/kube/secrets.go GetCaCert"};
extern constexpr FindingSpec kHostNotCovered{
    "gateway.host-not-covered",
    error,
    error,
    "{server} serves {host}{_more}, and its certificate ({secret}) is for {found}{_why}; clients refuse it",
    "reissue the certificate with the {_kind} {host}, or correct the host; in a cert-manager Certificate: {_field}",
    "RFC 9525 6.3"};
extern constexpr FindingSpec kNoNames{
    "gateway.no-names",
    error,
    error,
    "{server} presents the certificate of {subject} ({secret}), which has neither a common name nor DNS, IP or URI names; Envoy "
    "refuses the listener's certificates, and the listener with them (Invalid TLS context has neither subject CN nor SAN names)",
    "reissue the certificate with the DNS names of the hosts; in a cert-manager Certificate: spec.dnsNames",
    "envoy source/common/tls/server_context_impl.cc generateHashForSessionContextId"};
extern constexpr FindingSpec kNoCertificate{
    "gateway.no-certificate",
    error,
    error,
    "{server} {found}, and names no certificate, where {required}; {_effect}",
    "set credentialName (certificateRefs in the Gateway API) to a Secret with tls.crt and tls.key",
    "istio pkg/config/validation/validation.go validateTLSOptions"};
extern constexpr FindingSpec kPassthroughIgnoresCredential{
    "gateway.passthrough-ignores-credential",
    warning,
    warning,
    "{server} names {wanted}, and {_mode}: connections are passed on as they come, and no certificate is presented{_istiod}",
    "{_fix_mode}",
    "istio api networking/v1alpha3/gateway.proto ServerTLSSettings.TLSmode"};
extern constexpr FindingSpec kCredentialUnused{
    "gateway.credential-unused",
    warning,
    warning,
    "{server} names {wanted}, and {_mode}: {_effect}, and nothing of it is used",
    "set mode: MUTUAL, or SIMPLE where no certificate is presented; or take the rest of tls out",
    "istio api networking/v1alpha3/destination_rule.proto ClientTLSSettings.TLSmode"};
extern constexpr FindingSpec kModeForbidsCredential{
    "gateway.mode-forbids-credential",
    error,
    error,
    "{server} in mode {mode} has {found}; {required} ({_who}: {_says})",
    "{_fix_mode}",
    "istio pkg/config/validation/validation.go validateTLSOptions"};
extern constexpr FindingSpec kUnknownMode{
    "gateway.unknown-mode",
    error,
    error,
    "{server} has the TLS mode {found}, which is none of {required}; {_effect}",
    "spell the mode as the API does, in capitals where it has them",
    "istio api networking/v1alpha3/gateway.proto; gateway-api TLSModeType"};
extern constexpr FindingSpec kTooManyCredentials{
    "gateway.too-many-credentials",
    error,
    error,
    "{server} names {found} {_what}; Istio takes {required} ({_says})",
    "keep {required}; a further certificate needs a server or listener of its own",
    "istio pkg/config/validation/validation.go; istio pilot/pkg/config/kube/gateway/conversion.go"};
extern constexpr FindingSpec kWrongSecretPurpose{
    "gateway.wrong-purpose",
    error,
    error,
    "the certificate in {secret} is {_presented}, and has extendedKeyUsage {found}, but needs {required}: who verifies it "
    "refuses it",
    "have it issued with {required} (openssl: extendedKeyUsage = {required}; cert-manager: usages), and put it into the Secret",
    "RFC 5280 4.2.1.12; RFC 8446 4.4.2"};
extern constexpr FindingSpec kSelfSignedServing{
    "gateway.self-signed-serving",
    warning,
    warning,
    "the certificate of {secret} signed itself ({found}); no client trusts it unless it was given this very certificate{_alone}",
    "have it issued by a CA that the clients trust",
    "RFC 5280 3.2"};
extern constexpr FindingSpec kChainIncomplete{
    "gateway.chain-incomplete",
    warning,
    warning,
    "{secret} holds {found}, and lacks the CA certificate {issuer} between that and a root: {_evidence}; clients that do "
    "not have it by chance fail (unable to get local issuer certificate)",
    "put the certificate of {issuer} below the leaf in {key}: cat leaf.pem intermediate.pem > chain.pem",
    "RFC 8446 4.4.2"};
extern constexpr FindingSpec kServerNotVerified{
    "gateway.server-not-verified",
    warning,
    warning,
    "{server} in mode {mode} connects to {host} {found}; {required}{_istioctl}",
    "{_fix_tls}",
    "istio pilot/pkg/networking/core/cluster_tls.go; istio api networking/v1alpha3/destination_rule.proto"};
extern constexpr FindingSpec kClientCertificateUnused{
    "gateway.client-certificate-unused",
    warning,
    warning,
    "{server} in mode {mode} names {found}, which it never presents; mode MUTUAL is required for that",
    "set mode MUTUAL if the server asks for a client certificate; otherwise take clientCertificate and "
    "privateKey out",
    "istio api networking/v1alpha3/destination_rule.proto ClientTLSSettings.TLSmode"};
extern constexpr FindingSpec kSelectsNoPod{
    "gateway.selects-no-pod",
    info,
    info,
    "no pod among those given has the labels {found}, so it is not known in which namespace the Secrets of this "
    "Gateway{_more} have to be",
    "give the gateway's pods too (kubectl get pods -A -o yaml), or correct spec.selector",
    "istio api networking/v1alpha3/gateway.proto Gateway.selector"};
extern constexpr FindingSpec kPodsNotGiven{
    "gateway.pods-not-given",
    info,
    info,
    "{found}{_more} was taken for the one that this Gateway names{_rest}; istiod takes the one in the namespace of the gateway's "
    "pods, and neither pods with the labels {required} nor Services of one namespace alone were given to say which that is",
    "give the pods too: kubectl get pods,secrets,configmaps,gateways.networking.istio.io -A -o yaml | meshcert gateway",
    "istio pilot/pkg/model/credentials/resource.go"};
extern constexpr FindingSpec kObjectsNotGiven{
    "gateway.objects-not-given",
    info,
    info,
    "gateways refer to {found}, and no {_kind} at all was given: whether what they refer to exists and works was not "
    "looked at",
    "give them together: kubectl get {_together} -A -o yaml | meshcert gateway",
    "docs/inputs.md"};
extern constexpr FindingSpec kNoGateway{
    "gateway.no-gateway",
    error,
    error,
    "gateways were asked about, but no input holds a Gateway, a DestinationRule or a BackendTLSPolicy, nor a Secret or a "
    "certificate that one could present",
    "give them: kubectl get gateways.networking.istio.io,gateways.gateway.networking.k8s.io,pods,secrets,configmaps -A -o yaml | "
    "meshcert gateway",
    "docs/inputs.md"};

namespace {

constexpr const FindingSpec* kSpecs[] = {&kSecretMissing,
                                         &kSecretWrongNamespace,
                                         &kReferenceNotGranted,
                                         &kInvalidCertificateRef,
                                         &kEmptyKeys,
                                         &kMissingKeys,
                                         &kKeyEncrypted,
                                         &kKeyStylesDisagree,
                                         &kValueNotRead,
                                         &kCaMissing,
                                         &kSuffixMisleads,
                                         &kCacertSecretShadows,
                                         &kHostNotCovered,
                                         &kNoNames,
                                         &kNoCertificate,
                                         &kPassthroughIgnoresCredential,
                                         &kCredentialUnused,
                                         &kModeForbidsCredential,
                                         &kUnknownMode,
                                         &kTooManyCredentials,
                                         &kWrongSecretPurpose,
                                         &kSelfSignedServing,
                                         &kChainIncomplete,
                                         &kServerNotVerified,
                                         &kClientCertificateUnused,
                                         &kSelectsNoPod,
                                         &kPodsNotGiven,
                                         &kObjectsNotGiven,
                                         &kNoGateway};

}  // namespace

extern const Check k_gateway_check;
const Check k_gateway_check{"gateway", kSpecs, nullptr, nullptr, &judge_gateways, true};

}  // namespace meshcert::checks
