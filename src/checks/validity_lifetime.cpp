#include "checks/validity_lifetime.hpp"

#include <algorithm>

#include "checks/trusted_roots.hpp"

namespace meshcert::checks {

namespace {

// Well above what any CA of a mesh issues to workloads, of its own accord or when asked.
constexpr Seconds kLongest = std::chrono::hours(366 * 24);

// istiod's own certificate, which serves its names and is often made by hand.
bool is_of_istiod(const Certificate& certificate) {
  const auto& names = certificate.extensions.subject_alt_name;
  return names && std::ranges::any_of(names->names, [](const GeneralName& name) {
           const std::string_view text = as_text(name.value);
           return name.type == GeneralName::Type::dns &&
                  (text.starts_with("istiod.") || text.starts_with("istiod-"));
         });
}

/// A dump holds gateways' credentials too, which may bear an ID as well.
bool is_of_workload(const Subject& subject) {
  return subject.in_workload_chain() && subject.role == Role::leaf && is_of_the_mesh(subject.artifact) &&
         !is_of_istiod(subject.certificate);
}

}  // namespace

void check_lifetime(const Subject& subject, FindingSink& sink) {
  const Seconds lifetime = subject.certificate.lifetime();
  if (lifetime <= kLongest || !is_of_workload(subject)) return;
  sink.report(kLongLivedWorkload, subject, {{"lifetime_seconds", lifetime}});
}

}  // namespace meshcert::checks
