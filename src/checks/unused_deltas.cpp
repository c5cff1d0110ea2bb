#include "checks/unused_deltas.hpp"

#include <algorithm>

#include "checks/crl_reports.hpp"
#include "checks/revocation.hpp"
#include "path/crl_record.hpp"
#include "path/crl_scope.hpp"
#include "x509/name_match.hpp"
#include "x509/titles.hpp"

namespace meshcert::checks {

namespace {

/// Certificates that are looked up in delta CRLs which cannot be used (docs/limits.md).
constexpr std::size_t kDeltaLookups = 1000;

}  // namespace

void UnusedDeltas::check(const Artifact& holder, std::size_t index, FindingSink& sink) {
  const Crl& delta = holder.crls[index];
  if (!delta.is_delta() || is_of_use(delta)) return;
  const auto& base = delta.extensions.base_crl_number;
  report_crl(kDeltaCrlUnused, holder, index,
             {{"base", base ? crl_number_text(*base) : std::string("unreadable")},
              {"_have", complete_crls_of(delta)},
              {"_listed", listed_in(delta)}},
             sink);
}

/// A complete CRL of its issuer and scope is brought up to date by the delta, or holds as much.
bool UnusedDeltas::is_of_use(const Crl& delta) const {
  return std::ranges::any_of(crls_, [&](const Crl& crl) {
    if (crl.is_delta() || !x509::same_name(crl.issuer, delta.issuer)) return false;
    const auto& number = crl.extensions.crl_number;
    const auto& latest = delta.extensions.crl_number;
    return path::can_update(delta, crl) || (number && latest && !path::is_less(*number, *latest));
  });
}

std::string UnusedDeltas::complete_crls_of(const Crl& delta) const {
  const Crl* newest = nullptr;
  for (const Crl& crl : crls_)
    if (!crl.is_delta() && x509::same_name(crl.issuer, delta.issuer) &&
        (newest == nullptr || newest->this_update < crl.this_update))
      newest = &crl;
  if (newest == nullptr) return "no complete CRL of that issuer is here";
  const auto number = crl_number_text(*newest);
  return "the newest complete CRL of that issuer here " + (number ? "is number " + *number : "has no number");
}

std::string UnusedDeltas::listed_in(const Crl& delta) {
  path::CrlRecord record{&delta, path::scope_of(delta)};
  path::look_at(record);
  if (!record.fault->empty()) return "could not be: " + std::string(*record.fault);
  for (const Artifact& artifact : artifacts_)
    for (const Certificate& certificate : artifact.certificates) {
      if (!x509::same_name(certificate.issuer, delta.issuer)) continue;
      if (++lookups_ > kDeltaLookups)
        return "whether it lists one of the certificates here was not looked at";
      const auto entry = path::find_entry(record, certificate.serial, record.scope.issuer);
      if (entry && !path::is_removed(*entry))
        return "it lists " + title_of(certificate) + ", serial " + serial_hex(certificate);
    }
  return "it lists no certificate of the inputs";
}

}  // namespace meshcert::checks
