#include "checks/validity_lifetime.hpp"

#include <algorithm>

#include "checks/trusted_roots.hpp"
#include "meshcert/alone.hpp"

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

bool is_too_long(const Subject& subject) {
  return subject.certificate.lifetime() > kLongest && is_of_workload(subject);
}

}  // namespace

void check_lifetime(const Subject& subject, FindingSink& sink) {
  if (is_too_long(subject))
    sink.report(kLongLivedWorkload, subject, {{"lifetime_seconds", subject.certificate.lifetime()}});
}

}  // namespace meshcert::checks

namespace meshcert {

bool lives_too_long(const Artifact& artifact, std::size_t index) {
  return checks::is_too_long(checks::Subject::of(artifact, index));
}

}  // namespace meshcert
