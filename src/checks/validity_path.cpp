// Family validity, of a chain: its certificates against those that issued them.

#include "checks/validity_path.hpp"

#include "checks/trusted_roots.hpp"
#include "checks/validity.hpp"

namespace meshcert::checks {

std::string role_words(const Subject& subject) {
  return std::string(to_string(subject.role)) + " certificate";
}

// What has expired is told as that.
void check_path_end(const Subject& subject, const Policy& policy, FindingSink& sink) {
  const Certificate& certificate = subject.certificate;
  const Certificate* issuer = subject.issuer;
  if (issuer != nullptr && issuer->not_after < certificate.not_after && !is_expired(*issuer, policy))
    sink.report(kOutlivesIssuer, subject,
                {{"not_after", certificate.not_after},
                 {"issuer", title_of(*issuer)},
                 {"issuer_not_after", issuer->not_after},
                 {"_what", role_words(subject)}});
  const Certificate* first = subject.first_to_end;
  if (first != nullptr && first->not_after < certificate.not_after && !is_expired(*first, policy))
    sink.report(kEffectiveExpiry, subject,
                {{"not_after", certificate.not_after},
                 {"effective_not_after", first->not_after},
                 {"ends_first", title_of(*first)}});
}

}  // namespace meshcert::checks
