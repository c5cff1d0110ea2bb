// Family validity: a certificate's dates against the instant asked about. Here is what is said; the rules are
// in validity_judge.cpp.

#include "checks/validity_judge.hpp"
#include "checks/validity_lifetime.hpp"
#include "checks/validity_managed.hpp"
#include "checks/validity_path.hpp"

namespace meshcert::checks {

using enum Severity;

extern constexpr FindingSpec kOutlivesIssuer{
    "validity.outlives-issuer",
    warning,
    warning,
    "{_what} is valid until {not_after}, but its issuer {issuer} ends before it, at {issuer_not_after}; from then on "
    "peers refuse it",
    "renew the issuer before it ends and reissue this under the new one, or issue for no longer than the issuer is "
    "valid (istiod never issues beyond its own certificate, so something else issued this one)",
    "RFC 5280 6.1.3 (a)(2)"};
extern constexpr FindingSpec kEffectiveExpiry{
    "validity.effective-expiry",
    info,
    info,
    "the leaf is valid until {not_after}, its chain only until {effective_not_after}: that is when {ends_first} on its "
    "path ends",
    "plan renewals by the earlier date: renew {ends_first}, then reissue the leaf",
    "RFC 5280 6.1.3 (a)(2)"};

extern constexpr FindingSpec kExpired{
    "validity.expired",
    error,
    error,
    "{_what} expired {expired_seconds} ago: notAfter {not_after}, judged at {at}{_when_dumped}{_twin}{_kept}",
    "{_renew}",
    "RFC 5280 4.1.2.5"};
extern constexpr FindingSpec kNotYetValid{
    "validity.not-yet-valid",
    error,
    error,
    "{_what} is not valid for another {wait_seconds}: notBefore {not_before}, judged at {at}",
    "compare the clocks of the issuer and of this host (date -u); if they agree, wait or reissue",
    "RFC 5280 4.1.2.5"};
extern constexpr FindingSpec kInverted{
    "validity.inverted",
    error,
    error,
    "{_what} can never be valid: notAfter {not_after} lies before notBefore {not_before}",
    "reissue it; look at how its issuer computes lifetimes (a CA that cuts lifetimes to its own end, and is itself expired, produces this)",
    "RFC 5280 4.1.2.5"};
extern constexpr FindingSpec kCritical{
    "validity.critical",
    error,
    error,
    "{_what} {_expires}, at {not_after}; less than {limit_seconds} is critical for "
    "a lifetime of {lifetime_seconds}{_kept}",
    "{_renew}",
    "RFC 5280 4.1.2.5"};
extern constexpr FindingSpec kExpiring{"validity.expiring",
                                       warning,
                                       warning,
                                       "{_what} {_expires}, at {not_after}; renewal is due when less than "
                                       "{limit_seconds} is left of a lifetime of {lifetime_seconds}{_kept}",
                                       "{_renew}",
                                       "RFC 5280 4.1.2.5"};
extern constexpr FindingSpec kRenewalOverdue{
    "validity.renewal-overdue",
    warning,
    warning,
    "{_what} has used {used_percent} % of its {lifetime_seconds}: {_rule}, so "
    "renewal has probably stopped; it expires in {remaining_seconds}, at {not_after}",
    "look at the agent's log: kubectl logs POD -c istio-proxy | grep -iE 'sign|citadelclient|cache'; then look at istiod's log "
    "for 'CSR signing error' or 'Failed to authenticate'",
    "istio security/pkg/nodeagent/cache: renewal at half of the lifetime; cert-manager Certificate status.renewalTime"};

extern constexpr FindingSpec kIssuanceFailed{
    "validity.issuance-failed",
    warning,
    warning,
    "cert-manager says of {certificate} that {found}; until that is mended, nothing new is written into Secret {secret}",
    "see what the issuer answers: cmctl status certificate {_name} -n {_namespace}; kubectl describe "
    "certificaterequests,orders,challenges -n {_namespace}",
    "cert-manager Certificate status.conditions"};
extern constexpr FindingSpec kSecretShared{
    "validity.secret-shared",
    warning,
    warning,
    "several Certificates are to keep one Secret, {secret}: {certificates}{_kept}; cert-manager issues for one of them "
    "alone and the others never become Ready, or, in releases before 1.14, they overwrite each other without end",
    "give each Certificate a spec.secretName of its own, or delete all but one; annotations of an Ingress or Gateway "
    "make Certificates, too: kubectl get certificates -A -o custom-columns=NAMESPACE:.metadata.namespace,"
    "NAME:.metadata.name,SECRET:.spec.secretName,OWNER:.metadata.ownerReferences[*].kind",
    "cert-manager internal/controller/certificates/certificates.go"};
extern constexpr FindingSpec kLongLivedWorkload{
    "validity.long-lived-workload",
    warning,
    warning,
    "the workload's certificate is made to live {lifetime_seconds}; istiod issues none for more than 90 days, and whoever "
    "gets its key is this workload for as long",
    "let istiod or SPIRE issue it and renew it; where a tool has to, for days, and renew by schedule",
    "istio pilot/pkg/bootstrap/istio_ca.go (MAX_WORKLOAD_CERT_TTL)"};

namespace {

constexpr const FindingSpec* kSpecs[] = {&kExpired,        &kNotYetValid,      &kInverted,
                                         &kCritical,       &kExpiring,         &kRenewalOverdue,
                                         &kOutlivesIssuer, &kEffectiveExpiry,  &kIssuanceFailed,
                                         &kSecretShared,   &kLongLivedWorkload};

}  // namespace

extern const Check k_validity_check;
const Check k_validity_check{"validity", kSpecs, &check_validity, &check_stated, &check_kept};

}  // namespace meshcert::checks
