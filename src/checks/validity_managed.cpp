#include "checks/validity_managed.hpp"

#include "checks/managed.hpp"
#include "checks/validity_path.hpp"
#include "meshcert/inspect.hpp"
#include "meshcert/kubernetes.hpp"

namespace meshcert::checks {
namespace {

// An issuer that is asked for something takes a while.
constexpr Seconds kPatience = std::chrono::hours(1);

void check(const Managed& managed, const Policy& policy, FindingSink& sink) {
  const Certificate& leaf = managed.leaf.certificate;
  const auto& renewal = managed.certificate->renewal_time;
  if (!renewal || policy.at <= *renewal + kPatience) return;
  // The status is of another certificate than the Secret's: input.metadata-disagrees.
  if (managed.certificate->not_after && *managed.certificate->not_after != leaf.not_after) return;
  if (validity_status(leaf, policy) != ValidityStatus::ok || leaf.lifetime() <= Seconds(0)) return;
  const Seconds used = policy.at - leaf.not_before;
  sink.report(
      kRenewalOverdue, managed.leaf,
      {{"used_percent", used.count() * 100 / leaf.lifetime().count()},
       {"not_after", leaf.not_after},
       {"remaining_seconds", leaf.not_after - policy.at},
       {"lifetime_seconds", leaf.lifetime()},
       {"_what", role_words(managed.leaf)},
       {"_rule",
        "cert-manager was to renew it at " + to_rfc3339(*renewal) + ", by " + managed.object->title()},
       {"_fix",
        std::string(
            "ask why: cmctl status certificate NAME -n NAMESPACE; kubectl describe certificaterequest -n "
            "NAMESPACE; is the issuer Ready?")}});
}

}  // namespace

void check_managed_renewal(const Inventory& inventory, const Policy& policy, FindingSink& sink) {
  for (const Managed& managed : find_managed(inventory)) check(managed, policy, sink);
}

}  // namespace meshcert::checks
