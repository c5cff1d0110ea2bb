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

constexpr const FindingSpec* kSpecs[] = {&kExpiredMember};

void check_certificate(const Subject& subject, const Policy& policy, FindingSink& sink) {
  if (!is_expired(subject.certificate, policy) || !subject.bundle_has_valid) return;
  sink.report(kExpiredMember, subject,
              {{"not_after", subject.certificate.not_after},
               {"at", policy.at},
               {"expired_seconds", policy.at - subject.certificate.not_after}});
}

}  // namespace

extern const Check k_bundle_check;
const Check k_bundle_check{"bundle", kSpecs, &check_certificate};

}  // namespace meshcert::checks
