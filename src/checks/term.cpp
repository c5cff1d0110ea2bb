#include "meshcert/term.hpp"

#include "checks/validity_judge.hpp"
#include "meshcert/jwt.hpp"
#include "x509/period.hpp"

namespace meshcert {

std::string Term::shown_name() const {
  const std::string serial = listed == nullptr || listed->serial.empty() ? "" : ", serial " + listed->serial;
  return artifact.shown_name() + serial;
}

std::vector<Term> terms_of(const Artifact& artifact) {
  std::vector<Term> terms;
  const auto add = [&](Term term) {
    if (term.not_before || term.not_after || term.issued_at) terms.push_back(term);
  };
  for (const Listed& listed : artifact.listed)
    if (!listed.certificate)
      add({artifact, listed.where, listed.not_before, listed.not_after, std::nullopt, &listed});
  if (artifact.jwt)
    add({artifact, artifact.source, artifact.jwt->not_before, artifact.jwt->expires,
         artifact.jwt->issued_at});
  return terms;
}

ValidityStatus validity_status(const Term& term, const Policy& policy) {
  if (term.not_after && x509::has_ended(*term.not_after, policy.at, policy.skew))
    return ValidityStatus::expired;
  if (term.not_before && !x509::has_begun(*term.not_before, policy.at, policy.skew))
    return ValidityStatus::not_yet_valid;
  if (!term.not_before || !term.not_after) return ValidityStatus::ok;
  const checks::Ends ends = checks::ends_of(term.is_ca(), *term.not_after - *term.not_before, policy);
  const Seconds remaining = *term.not_after - policy.at;
  if (remaining < ends.critical) return ValidityStatus::critical;
  return remaining < ends.warn ? ValidityStatus::warning : ValidityStatus::ok;
}

}  // namespace meshcert
