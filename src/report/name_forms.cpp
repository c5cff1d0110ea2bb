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
  row.issuer_form = form_of(certificate.issuer, row.issuer);
}

std::uint32_t NameForms::form_of(const DistinguishedName& name, const std::string& text) {
  const auto [form, is_new] = by_octets_.try_emplace(as_text(name.rdns));
  if (is_new) form->second = number_of_text_[text]++;
  return form->second;
}

}  // namespace meshcert::report
