// Family identity: is this workload who the caller expects? What is said stands
// here; what is looked at, in identity_judge.cpp.
#include "checks/identity_judge.hpp"

namespace meshcert::checks {

using enum Severity;

extern constexpr FindingSpec kIdentityTrustDomainMismatch{
    "identity.trust-domain-mismatch",
    error,
    error,
    "the trust domain {_is}, expected \"{expected}\"{_aliases}",
    "set meshConfig.trustDomain, or name \"{found}\" in trustDomainAliases (ztunnel knows no aliases), "
    "then restart the workload",
    "istio pilot/pkg/networking/plugin/authn/util.go"};
extern constexpr FindingSpec kIdentityNamespaceMismatch{
    "identity.namespace-mismatch",
    error,
    error,
    "the namespace in {id} {_is}, expected \"{expected}\"",
    "was the dump taken from the right pod? kubectl get pod -A -o wide",
    "istio pkg/spiffe/spiffe.go"};
extern constexpr FindingSpec kIdentityServiceAccountMismatch{
    "identity.service-account-mismatch",
    error,
    error,
    "the service account in {id} {_is}, expected \"{expected}\"",
    "set spec.serviceAccountName in the Deployment's pod template (omitted, it is 'default'), dump the pod anew if it was "
    "replaced since, or correct the expectation",
    "istio pkg/spiffe/spiffe.go"};
extern constexpr FindingSpec kIdentityIdMismatch{
    "identity.id-mismatch",
    error,
    error,
    "the identity is {id}, expected {expected}",
    "was the dump taken from the right pod? If so, correct its service account, or the expectation",
    "X509-SVID 2"};
extern constexpr FindingSpec kIdentityAliasUsed{
    "identity.alias-used",
    info,
    info,
    "the trust domain \"{found}\" is an alias of \"{expected}\": sidecars accept it, ztunnel does not",
    "finish the migration: restart workloads that still carry the old trust domain",
    "istio pilot/pkg/security/trustdomain/bundle.go"};
extern constexpr FindingSpec kIdentityNotCompared{
    "identity.not-compared",
    info,
    info,
    "the trust domain was not compared with \"{expected}\": the token of a service account has none",
    "compare that of the certificate which istiod issues for it: istioctl proxy-config secret POD -n NAMESPACE -o json | "
    "meshcert identity --trust-domain TRUST-DOMAIN",
    "kubernetes pkg/serviceaccount/claims.go"};
extern constexpr FindingSpec kIdentityUnexpectedWorkload{
    "identity.unexpected-workload",
    info,
    info,
    "no entry of --expect applies to the identity {id}: {_why}",
    "add an entry for it, if it belongs here; a dump is known by the pod in it, a file by its name: "
    "POD.NAMESPACE.json",
    "docs/expectations.md"};
extern constexpr FindingSpec kIdentityInvalidTrustDomain{
    "identity.invalid-trust-domain",
    error,
    error,
    "{field} of the mesh is {found}, which istiod refuses with the whole of its configuration: labels of letters, digits and hyphens with "
    "dots between them are required{_spiffe}",
    "correct it in the installation (meshConfig), or in place: kubectl edit configmap -n {_space} {_name}; istiod says what it "
    "refuses: kubectl logs -n {_space} deploy/istiod | grep 'trust domain name'",
    "istio pkg/config/validation/agent/validation.go ValidateTrustDomain"};
extern constexpr FindingSpec kIdentityNoWorkload{
    "identity.no-workload",
    error,
    error,
    "an identity was expected, but {_found}",
    "dump the secret 'default' of the pod: istioctl proxy-config secret POD -n NAMESPACE -o json",
    "docs/inputs.md"};

namespace {

constexpr const FindingSpec* kSpecs[] = {
    &kIdentityTrustDomainMismatch, &kIdentityNamespaceMismatch,  &kIdentityServiceAccountMismatch,
    &kIdentityIdMismatch,          &kIdentityAliasUsed,          &kIdentityNotCompared,
    &kIdentityUnexpectedWorkload,  &kIdentityInvalidTrustDomain, &kIdentityNoWorkload};

}  // namespace

extern const Check k_identity_check;
const Check k_identity_check{"identity", kSpecs, &check_identity, &check_stated_identity,
                             &check_expected_workloads};

}  // namespace meshcert::checks
