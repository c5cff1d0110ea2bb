#include "report/name_forms.hpp"

namespace meshcert::report {

// Most certificates are alone in their artifact: their names are compared at once.
void NameForms::fill(CertificateRow& row, std::size_t index) {
  const Certificate& certificate = artifact_.certificates[index];
  if (artifact_.certificates.size() == 1) {
    row.subject_form = 0;
    row.issuer_form = row.subject == row.issuer && !certificate.is_self_issued() ? 1 : 0;
    return;
  }
  row.subject_form = form_of(certificate.subject, row.subject);
  if (const std::string_view issuer = as_text(certificate.issuer.rdns);
      index == 0 || issuer != last_issuer_.octets)
    last_issuer_ = {issuer, form_of(certificate.issuer, row.issuer)};
  row.issuer_form = last_issuer_.number;
}

std::uint32_t NameForms::form_of(const DistinguishedName& name, const std::string& text) {
  const std::string_view octets = as_text(name.rdns);
  const auto [known, is_new] = forms_.try_emplace(text, Forms{octets, {}});
  Forms& forms = known->second;
  if (is_new || forms.first == octets) return 0;
  const auto next = static_cast<std::uint32_t>(forms.others.size() + 1);
  return forms.others.try_emplace(octets, next).first->second;
}

}  // namespace meshcert::report
