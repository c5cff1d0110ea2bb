#include "input/pem_label.hpp"

#include <algorithm>
#include <array>

#include "base/ascii.hpp"
#include "base/utf8.hpp"
#include "base/words.hpp"
#include "input/withheld.hpp"

namespace meshcert::input {
namespace {

// The labels of RFC 7468 and of OpenSSL that name a certificate, or a kind of
// block that is no certificate but known.
struct LabelRow {
  std::string_view label;
  PemContent content;
  std::string_view what = "";
};
constexpr std::array kLabels = {
    LabelRow{"CERTIFICATE", PemContent::certificate},
    LabelRow{"X509 CERTIFICATE", PemContent::older_certificate},
    LabelRow{"TRUSTED CERTIFICATE", PemContent::trusted_certificate},
    LabelRow{"EC PARAMETERS", PemContent::parameters},
    LabelRow{"PKCS7", PemContent::certificate_set},
    LabelRow{"PKCS #7 SIGNED DATA", PemContent::certificate_set},
    LabelRow{"CMS", PemContent::certificate_set},
    LabelRow{"CERTIFICATE REQUEST", PemContent::other, "a request for a certificate"},
    LabelRow{"NEW CERTIFICATE REQUEST", PemContent::other, "a request for a certificate"},
    LabelRow{"ATTRIBUTE CERTIFICATE", PemContent::other, "attributes of somebody, without a key"},
    LabelRow{"X509 CRL", PemContent::revocation_list, "a list of revoked certificates"},
    LabelRow{"DH PARAMETERS", PemContent::other, "numbers for Diffie-Hellman"},
    LabelRow{"PUBLIC KEY", PemContent::other, "a public key"},
    LabelRow{"RSA PUBLIC KEY", PemContent::other, "a public key"},
};

constexpr std::array<std::string_view, 6> kKeyLabels = {
    "PRIVATE KEY",     "RSA PRIVATE KEY",       "EC PRIVATE KEY",
    "DSA PRIVATE KEY", "ENCRYPTED PRIVATE KEY", "OPENSSH PRIVATE KEY",
};

bool is_nearly(std::string_view label, std::string_view word, std::size_t edits) {
  const bool close = label.size() <= word.size() + edits && label.size() + edits >= word.size();
  return close && base::edit_distance(base::uppered(label), word) <= edits;
}

}  // namespace

PemContent content_of(std::string_view label) {
  const auto row = std::ranges::find(kLabels, label, &LabelRow::label);
  if (row != kLabels.end()) return row->content;
  if (label.ends_with("PRIVATE KEY")) return PemContent::key;
  const bool misspelt = label.empty() || is_nearly(label, "CERTIFICATE", 4) || is_nearly_key(label);
  return misspelt ? PemContent::misspelt : PemContent::other;
}

std::string explain_label(std::string_view label) {
  const auto row = std::ranges::find(kLabels, label, &LabelRow::label);
  return row == kLabels.end() || row->what.empty() ? "" : " (" + std::string(row->what) + ")";
}

bool is_nearly_key(std::string_view label) {
  return std::ranges::any_of(kKeyLabels,
                             [label](std::string_view word) { return is_nearly(label, word, 2); });
}

// A label is shown only if it can be nothing else: a key whose line breaks were
// lost could stand where a label is expected.
std::string shown_label(std::string_view label) {
  const std::size_t key = label.find("PRIVATE KEY");
  if (key != std::string_view::npos) label = label.substr(0, key + 11);
  const bool base64 = holds_key(label.substr(0, key));
  return base64 ? shown(label) : std::string(base::cut(label, 40));
}

}  // namespace meshcert::input
