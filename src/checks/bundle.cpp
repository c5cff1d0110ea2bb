// Family bundle: sets of trust anchors.

#include "checks/check.hpp"
#include "checks/validity.hpp"

namespace meshcert::checks {
namespace {

using enum Severity;

constexpr FindingSpec kExpiredMember{
    "bundle.expired-member",
    warning,
    warning,
    "a member of the bundle expired {expired_seconds} ago: notAfter {not_after}, judged at {at}; other "
    "members are valid, but whatever still chains to this one is refused",
    "remove it from the bundle once no certificate chains to it any more; if some still do, reissue "
    "them first",
    "RFC 5280 6.1.3 (a)(2)"};

constexpr FindingSpec kFutureMember{
    "bundle.future-member",
    info,
    info,
    "a member of the bundle is not valid before {not_before}, judged at {at}; other members are valid, and "
    "verifiers pass this one over until then",
    "nothing to do if it is the successor, put there ahead of time; let nothing be issued under it before",
    "RFC 5280 6.1.3 (a)(2)"};

constexpr const FindingSpec* kSpecs[] = {&kExpiredMember, &kFutureMember};

void check_certificate(const Subject& subject, const Policy& policy, FindingSink& sink) {
  if (!subject.bundle_has_valid) return;
  if (is_not_yet_valid(subject.certificate, policy) && !is_expired(subject.certificate, policy))
    sink.report(kFutureMember, subject, {{"not_before", subject.certificate.not_before}, {"at", policy.at}});
  if (!is_expired(subject.certificate, policy)) return;
  sink.report(kExpiredMember, subject,
              {{"not_after", subject.certificate.not_after},
               {"at", policy.at},
               {"expired_seconds", policy.at - subject.certificate.not_after}});
}

}  // namespace

extern const Check k_bundle_check;
const Check k_bundle_check{"bundle", kSpecs, &check_certificate};

}  // namespace meshcert::checks
