#include "path/revocation.hpp"

#include <string>

namespace meshcert::path {

std::string name_of(const Crl& crl) {
  const auto number = crl_number_text(crl);
  return "the CRL of " + to_rfc4514(crl.issuer) + (number ? " number " + *number : "");
}

namespace {

std::string dates_of(const Crl& crl) {
  const auto end = crl.next_update ? to_rfc3339(*crl.next_update) : std::string("no end");
  return name_of(crl) + ", " + to_rfc3339(crl.this_update) + " to " + end;
}

}  // namespace

std::optional<Fault> fault_of(const Revocation& answer, const Certificate& certificate, std::size_t index,
                              Instant at) {
  switch (answer.status) {
    case RevocationStatus::not_checked:
    case RevocationStatus::good:
      return std::nullopt;
    case RevocationStatus::crl_missing:
      return Fault{FaultKind::crl_missing, index, to_rfc4514(certificate.issuer), ""};
    case RevocationStatus::crl_unusable:
      return Fault{FaultKind::crl_unusable, index, name_of(*answer.crl),
                   std::string(answer.why) + (answer.listed ? "; it lists the certificate" : "")};
    case RevocationStatus::crl_bad_signature:
      return Fault{FaultKind::crl_bad_signature, index, name_of(*answer.crl), std::string(answer.why)};
    case RevocationStatus::crl_expired:
      return Fault{FaultKind::crl_expired, index, dates_of(*answer.crl), to_rfc3339(at)};
    case RevocationStatus::revoked:
      break;
  }
  return Fault{FaultKind::revoked, index,
               std::string(to_string(answer.reason)) + " on " + to_rfc3339(answer.revoked_at),
               name_of(*answer.crl)};
}

}  // namespace meshcert::path
