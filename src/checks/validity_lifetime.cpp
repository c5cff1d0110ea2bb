#include "checks/validity_lifetime.hpp"

namespace meshcert::checks {

namespace {

// Well above what any CA of a mesh issues to workloads, of its own accord or when asked.
constexpr Seconds kLongest = std::chrono::hours(366 * 24);

}  // namespace

void check_lifetime(const Subject& subject, FindingSink& sink) {
  const Seconds lifetime = subject.certificate.lifetime();
  if (!subject.in_workload_chain() || subject.role != Role::leaf || lifetime <= kLongest) return;
  sink.report(kLongLivedWorkload, subject, {{"lifetime_seconds", lifetime}});
}

}  // namespace meshcert::checks
