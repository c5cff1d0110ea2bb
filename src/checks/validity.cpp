// Family validity: a certificate's dates against the instant asked about.

#include "checks/validity.hpp"

#include <algorithm>

#include "checks/check.hpp"

namespace meshcert::checks {
namespace {

using enum Severity;

constexpr FindingSpec kExpired{
    "validity.expired",
    error,
    error,
    "{_what} expired {expired_seconds} ago: notAfter {not_after}, judged at {at}{_when_dumped}",
    "{_renew}",
    "RFC 5280 4.1.2.5"};
constexpr FindingSpec kNotYetValid{
    "validity.not-yet-valid",
    error,
    error,
    "{_what} is not valid for another {wait_seconds}: notBefore {not_before}, judged at {at}",
    "compare the clocks of the issuer and of this host (date -u); if they agree, wait or reissue",
    "RFC 5280 4.1.2.5"};
constexpr FindingSpec kInverted{
    "validity.inverted",
    error,
    error,
    "{_what} can never be valid: notAfter {not_after} lies before notBefore {not_before}",
    "reissue it; look at how its issuer computes lifetimes (a clamp to an expired signer gives this)",
    "RFC 5280 4.1.2.5"};
constexpr FindingSpec kCritical{
    "validity.critical",
    error,
    error,
    "{_what} {_expires}, at {not_after}; less than {limit_seconds} is critical for "
    "a lifetime of {lifetime_seconds}",
    "{_renew}",
    "RFC 5280 4.1.2.5"};
constexpr FindingSpec kExpiring{"validity.expiring",
                                warning,
                                warning,
                                "{_what} {_expires}, at {not_after}; renewal is due when less than "
                                "{limit_seconds} is left of a lifetime of {lifetime_seconds}",
                                "{_renew}",
                                "RFC 5280 4.1.2.5"};
constexpr FindingSpec kRenewalOverdue{
    "validity.renewal-overdue",
    warning,
    warning,
    "{_what} has used {used_percent} % of its {lifetime_seconds}: Istio's agent renews at 50 %, so "
    "renewal has probably stopped; it expires in {remaining_seconds}, at {not_after}",
    "kubectl logs POD -c istio-proxy | grep -iE 'sign|citadelclient|cache'; then look at istiod's log "
    "for 'CSR signing error' or 'Failed to authenticate'",
    "istio security/pkg/nodeagent/cache: renewal at half of the lifetime"};

constexpr const FindingSpec* kSpecs[] = {&kExpired,  &kNotYetValid, &kInverted,
                                         &kCritical, &kExpiring,    &kRenewalOverdue};

// Istio's agents hold certificates of the 24 h class; 55 % of a life leaves room
// for the jitter around one half.
constexpr Seconds kIstioClassLifetime = std::chrono::hours(48);
constexpr double kOverdueShare = 0.55;

std::string what(const Subject& subject) {
  return std::string(to_string(subject.role)) + " certificate";
}

std::string_view how_to_renew(const Subject& subject) {
  if (subject.certificate.is_ca())
    return "rotate this CA: issue its successor, let every trust bundle hold both, then switch signers";
  if (subject.in_workload_chain())
    return "restart the pod, or kubectl logs POD -c istio-proxy | grep -iE 'sign|citadelclient|cache' to see "
           "why its agent no longer renews";
  if (subject.artifact.kind == ArtifactKind::tls_secret)
    return "renew the credential (with cert-manager: kubectl get certificate -A, cmctl renew), then check "
           "that the proxy received it: istioctl proxy-config secret POD";
  return "renew it with its issuer and replace it where it is deployed";
}

// A dump answers a second question: was it already expired when it was taken?
std::string when_dumped(const Subject& subject) {
  if (!subject.dump_taken || *subject.dump_taken < subject.certificate.not_before) return {};
  const bool valid = *subject.dump_taken <= subject.certificate.not_after;
  return std::string(valid ? "; it was still valid" : "; it had already expired") +
         " at the newest update in the dump, " + to_rfc3339(*subject.dump_taken);
}

bool issued_by_istio(const Subject& subject) {
  const Certificate& certificate = subject.certificate;
  return subject.in_workload_chain() && subject.role == Role::leaf && certificate.subject.empty() &&
         certificate.lifetime() > Seconds(0) && certificate.lifetime() <= kIstioClassLifetime;
}

struct Age {
  Seconds lifetime, remaining;
  [[nodiscard]] double used() const {
    return 1.0 - static_cast<double>(remaining.count()) / static_cast<double>(lifetime.count());
  }
};

// Within the allowed skew, the end may have passed.
std::string expires(Seconds remaining) {
  if (remaining >= Seconds(0)) return "expires in " + humanize(remaining);
  return "expired " + humanize(remaining) + " ago, within the allowed skew";
}

void report_remaining(const FindingSpec& spec, const Subject& subject, const Age& age, Seconds limit,
                      FindingSink& sink) {
  sink.report(spec, subject,
              {{"not_after", subject.certificate.not_after},
               {"remaining_seconds", age.remaining},
               {"lifetime_seconds", age.lifetime},
               {"limit_seconds", limit},
               {"_what", what(subject)},
               {"_expires", expires(age.remaining)},
               {"_renew", std::string(how_to_renew(subject))}});
}

Seconds critical_limit(const Certificate& certificate, const Policy& policy) {
  return (certificate.is_ca() ? policy.thresholds.critical_ca : policy.thresholds.critical)
      .of(certificate.lifetime());
}

// Of critical, expiring and overdue only the worst is said. The end of one root
// is nobody's outage where the bundle holds another that lives on.
void check_remaining(const Subject& subject, const Policy& policy, FindingSink& sink) {
  const Certificate& certificate = subject.certificate;
  const Age age{certificate.lifetime(), certificate.not_after - policy.at};
  const Seconds critical = critical_limit(certificate, policy);
  const Seconds warn = std::max(
      critical, (certificate.is_ca() ? policy.thresholds.warn_ca : policy.thresholds.warn).of(age.lifetime));
  if (is_critical(certificate, policy) && !subject.bundle_lives_on)
    return report_remaining(kCritical, subject, age, critical, sink);
  if (age.remaining < warn) return report_remaining(kExpiring, subject, age, warn, sink);
  if (issued_by_istio(subject) && age.used() > kOverdueShare)
    sink.report(kRenewalOverdue, subject,
                {{"used_percent", static_cast<std::int64_t>(age.used() * 100)},
                 {"not_after", certificate.not_after},
                 {"remaining_seconds", age.remaining},
                 {"lifetime_seconds", age.lifetime},
                 {"_what", what(subject)}});
}

void report_expired(const Subject& subject, const Policy& policy, FindingSink& sink) {
  std::vector<Fact> facts{{"not_after", subject.certificate.not_after},
                          {"at", policy.at},
                          {"expired_seconds", policy.at - subject.certificate.not_after},
                          {"_what", what(subject)},
                          {"_when_dumped", when_dumped(subject)},
                          {"_renew", std::string(how_to_renew(subject))}};
  if (subject.dump_taken) facts.push_back({"dump_taken", *subject.dump_taken});
  sink.report(kExpired, subject, std::move(facts));
}

void check_certificate(const Subject& subject, const Policy& policy, FindingSink& sink) {
  const Certificate& certificate = subject.certificate;
  const bool inverted = certificate.not_after < certificate.not_before;
  if (inverted)
    sink.report(kInverted, subject,
                {{"not_before", certificate.not_before},
                 {"not_after", certificate.not_after},
                 {"_what", what(subject)}});
  if (is_expired(certificate, policy)) {
    if (!subject.bundle_has_valid) report_expired(subject, policy, sink);
  } else if (is_not_yet_valid(certificate, policy)) {
    if (!inverted)
      sink.report(kNotYetValid, subject,
                  {{"not_before", certificate.not_before},
                   {"at", policy.at},
                   {"wait_seconds", certificate.not_before - policy.at},
                   {"_what", what(subject)}});
  } else if (!inverted) {
    check_remaining(subject, policy, sink);
  }
}

}  // namespace

bool is_expired(const Certificate& certificate, const Policy& policy) {
  return policy.at > certificate.not_after + policy.skew;
}

bool is_not_yet_valid(const Certificate& certificate, const Policy& policy) {
  return policy.at < certificate.not_before - policy.skew;
}

bool is_critical(const Certificate& certificate, const Policy& policy) {
  return certificate.not_after - policy.at < critical_limit(certificate, policy);
}

extern const Check k_validity_check;
const Check k_validity_check{"validity", kSpecs, &check_certificate};

}  // namespace meshcert::checks
