// cert-chain.pem, which istiod sends behind each leaf, and the CRLs of what stands in it.

#include <algorithm>

#include "base/words.hpp"
#include "checks/cacerts_judge.hpp"
#include "checks/crl_forms.hpp"
#include "x509/titles.hpp"

namespace meshcert::checks {
namespace {

bool is_same(const Certificate& a, const Certificate& b) {
  return std::ranges::equal(a.key.spki, b.key.spki) && a.subject == b.subject;
}

bool holds(const Artifact* part, const Certificate& wanted) {
  return part != nullptr &&
         std::ranges::any_of(part->certificates, [&wanted](const Certificate& certificate) {
           return is_same(certificate, wanted);
         });
}

void check_order(const SigningCa& ca, FindingSink& sink) {
  const Certificate& first = ca.chain->certificates.front();
  if (is_same(first, ca.certificate->certificates.front())) return;
  report_of_ca(kChainOutOfOrder, ca, *ca.chain, 0,
               {{"chain", ca.layout->chain},
                {"found", title_of(first)},
                {"required", title_of(ca.certificate->certificates.front())}},
               sink);
}

void check_chain(const SigningCa& ca, FindingSink& sink) {
  const Certificate& signer = ca.certificate->certificates.front();
  if (holds(ca.chain, signer)) return check_order(ca, sink);
  if (holds(ca.root, signer)) return;
  report_of_ca(kChainLacksSigner, ca, *ca.certificate, 0,
               {{"chain", ca.layout->chain}, {"subject", title_of(signer)}}, sink);
}

// Why Go's RevocationList.CheckSignatureFrom takes no CRL of it; "" where it does.
std::string_view why_barred(const Certificate& certificate) {
  const auto& usage = certificate.extensions.key_usage;
  const bool is_old = certificate.version < 3 && !certificate.extensions.basic_constraints;
  if (!is_old && !certificate.is_ca()) return "it is no CA";
  return usage && !usage->has(KeyUsage::crl_sign) ? "its keyUsage has no cRLSign" : "";
}

// istiod parses all before it asks who signed which.
bool report_refused_crl(const SigningCa& ca, FindingSink& sink) {
  for (const Crl& crl : ca.crls->crls) {
    const GoCrlFault fault = go_fault_of(crl);
    if (fault.error.empty()) continue;
    sink.report(kCaCrlRefused, *ca.crls,
                {{"ca", ca.title},
                 {"crl", ca.layout->crl},
                 {"issuer", name_of(crl.issuer)},
                 {"found", fault.found},
                 {"error", fault.error}});
    return true;
  }
  return false;
}

void check_crls(const SigningCa& ca, x509::SignatureVerifier& signatures, FindingSink& sink) {
  if (report_refused_crl(ca, sink)) return;
  std::vector<std::string> missing, barred;
  for (const Certificate& certificate : ca.chain->certificates) {
    const auto signed_by_it = [&](const Crl& crl) {
      return signatures.verify(crl, certificate.key).value_or(false);
    };
    const bool has_list = std::ranges::any_of(ca.crls->crls, signed_by_it);
    const std::string_view why = has_list ? why_barred(certificate) : "";
    if (has_list && why.empty()) continue;
    missing.push_back(title_of(certificate));
    if (!why.empty())
      barred.push_back("the list of " + missing.back() + " does not count: " + std::string(why));
  }
  if (missing.empty()) return;
  const std::string_view reissue =
      barred.empty() ? ""
                     : "reissue the CA whose list does not count, with basicConstraints=critical,CA:TRUE and "
                       "keyUsage=keyCertSign,cRLSign; ";
  sink.report(kCrlMissingFor, *ca.crls,
              {{"ca", ca.title},
               {"crl", ca.layout->crl},
               {"chain", ca.layout->chain},
               {"missing", base::join(missing)},
               {"_barred", barred.empty() ? "" : "; " + base::join_with(barred, "; ")},
               {"_reissue", reissue}});
}

}  // namespace

void check_sent_chain(const SigningCa& ca, x509::SignatureVerifier& signatures, FindingSink& sink) {
  if (ca.chain != nullptr || ca.empty.contains(ca.layout->chain)) check_chain(ca, sink);
  if (ca.chain != nullptr && ca.crls != nullptr && !ca.crls->crls.empty()) check_crls(ca, signatures, sink);
}

}  // namespace meshcert::checks
