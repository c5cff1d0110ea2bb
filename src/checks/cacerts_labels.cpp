// What istiod makes of the labels of PEM (istio security/pkg/pki/util/crypto.go), which crypto/tls reads once
// more.

#include <algorithm>

#include "checks/cacerts_judge.hpp"

namespace meshcert::checks {
namespace {

// What istiod takes a key for by its label, and what it calls that.
struct KeyLabel {
  std::string_view label;
  KeyForm form;
  std::string_view go;
};
constexpr KeyLabel kKeyLabels[] = {
    {"PRIVATE KEY", KeyForm::pkcs8, "PKCS8"},
    {"RSA PRIVATE KEY", KeyForm::pkcs1, "RSA"},
    {"EC PRIVATE KEY", KeyForm::sec1, "ECDSA"},
};

void report_key_label(const SigningCa& ca, std::string found, std::string required, const std::string& error,
                      FindingSink& sink) {
  report_of_ca(kWrongLabels, ca, *ca.certificate, 0,
               {{"part", ca.layout->key},
                {"found", std::move(found)},
                {"required", std::move(required)},
                {"error", "failed to parse private key PEM: " + error},
                {"_fix_label",
                 "write the key alone, without a password, into the file: openssl "
                 "pkey -in OLD -out ca-key.pem"}},
               sink);
}

void check_key_label(const SigningCa& ca, FindingSink& sink) {
  if (ca.key_label.empty()) return;
  const auto* row = std::ranges::find(kKeyLabels, ca.key_label, &KeyLabel::label);
  if (row == std::end(kKeyLabels)) {
    std::string taken;
    for (const KeyLabel& label : kKeyLabels) taken += (taken.empty() ? "" : ", ") + std::string(label.label);
    return report_key_label(ca, ca.key_label, std::move(taken),
                            "unsupported PEM block type for a private key: " + ca.key_label, sink);
  }
  if (ca.key_form == KeyForm::unknown || ca.key_form == row->form) return;
  report_key_label(ca, ca.key_label + " with " + std::string(to_string(ca.key_form)) + " in it",
                   std::string(to_string(row->form)) + " under that label",
                   "failed to parse the " + std::string(row->go) + " private key", sink);
}

}  // namespace

void check_labels(const SigningCa& ca, FindingSink& sink) {
  check_key_label(ca, sink);
  if (ca.certificate_label.empty() || ca.certificate_label == "CERTIFICATE") return;
  // The older label is no obstacle to the parser, but to tls.X509KeyPair behind it, unless
  // the same certificate follows.
  const bool parses = ca.certificate_label == "X509 CERTIFICATE";
  const auto& certificates = ca.certificate->certificates;
  const auto is_signer = [signer = as_text(certificates.front().der)](const Certificate& certificate) {
    return as_text(certificate.der) == signer;
  };
  if (parses && std::ranges::count_if(certificates, is_signer) > 1) return;
  report_of_ca(kWrongLabels, ca, *ca.certificate, 0,
               {{"part", ca.layout->certificate},
                {"found", ca.certificate_label},
                {"required", "CERTIFICATE"},
                {"error", parses ? "the cert does not match the key: tls: failed to find "
                                   "\"CERTIFICATE\" PEM block in certificate input"
                                 : "failed to parse cert PEM: failed to parse X.509 certificate"},
                {"_fix_label",
                 "write the certificate alone into the file: openssl x509 -in OLD -out "
                 "ca-cert.pem"}},
               sink);
}

}  // namespace meshcert::checks
