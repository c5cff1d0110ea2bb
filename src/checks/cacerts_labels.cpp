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

// Of files, the key may be that of another file.
bool holds_key(const Artifact& part) {
  const auto own = [&part](const PublicHalf& half) {
    return half.where.file == part.source.file && half.where.pointer == part.source.pointer;
  };
  return std::ranges::find(part.defects, DefectKind::private_key_in_dump, &Defect::kind) !=
             part.defects.end() ||
         (part.key && std::ranges::any_of(part.key->halves, own));
}

// What of a part is none of what it is for; "" where nothing is.
std::string stray_block_in(const Artifact& part, bool of_crls) {
  if (holds_key(part)) return "a private key";
  if (of_crls && !part.certificates.empty()) return "a certificate";
  if (!of_crls && !part.crls.empty()) return "a CRL";
  const auto stray = std::ranges::find(part.defects, DefectKind::unsupported_block, &Defect::kind);
  return stray == part.defects.end() ? "" : "another block: " + stray->detail + ",";
}

constexpr std::string_view kCleanCertificates = "meshcert inspect -o pem FILE > new.pem";

}  // namespace

void check_stray_blocks(const SigningCa& ca, FindingSink& sink) {
  const struct {
    const Artifact* part;
    std::string_view name, kind, error, clean;
  } rows[] = {{ca.root, ca.layout->root, "certificates",
               "add root CAs into peerCertVerifier failed: parse certificate from rootPEM got error",
               kCleanCertificates},
              {ca.crls == nullptr ? nullptr : ca.chain, ca.layout->chain, "certificates",
               "failed to parse cert chain", kCleanCertificates},
              {ca.crls, ca.layout->crl, "CRLs", "failed to parse CRL PEM",
               "openssl crl -in EACH.crl, one behind the other"}};
  for (const auto& row : rows) {
    std::string stray = row.part == nullptr ? "" : stray_block_in(*row.part, row.part == ca.crls);
    if (stray.empty() || (row.part->certificates.empty() && row.part->crls.empty())) continue;
    sink.report(kStrayBlock, *row.part,
                {{"ca", ca.title},
                 {"part", row.name},
                 {"found", std::move(stray)},
                 {"kind", row.kind},
                 {"error", row.error},
                 {"_clean", row.clean}});
  }
}

// x509.CertPool.AppendCertsFromPEM takes the label CERTIFICATE alone.
bool report_root_label(const SigningCa& ca, FindingSink& sink) {
  if (!std::ranges::all_of(ca.root->certificates, &Certificate::odd_label)) return false;
  report_of_ca(
      kRootDoesNotAnchor, ca, *ca.certificate, 0,
      {{"root", ca.layout->root},
       {"chain", ca.layout->chain},
       {"fault", "Go takes no root from a block whose label is not CERTIFICATE, and there is no other"},
       {"error", "x509: certificate signed by unknown authority"},
       {"_fix", "write what is there with the label CERTIFICATE: " + std::string(kCleanCertificates)}},
      sink);
  return true;
}

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
