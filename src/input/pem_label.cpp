#include "input/pem_label.hpp"

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

namespace meshcert::input {
namespace {

// The labels of RFC 7468 and of OpenSSL that name a certificate, or a kind of
// block that is no certificate but known.
struct LabelRow {
  std::string_view label;
  PemContent content;
};
constexpr std::array kLabels = {
    LabelRow{"CERTIFICATE", PemContent::certificate},
    LabelRow{"X509 CERTIFICATE", PemContent::certificate},
    LabelRow{"TRUSTED CERTIFICATE", PemContent::trusted_certificate},
    LabelRow{"EC PARAMETERS", PemContent::parameters},
    LabelRow{"CERTIFICATE REQUEST", PemContent::other},
    LabelRow{"NEW CERTIFICATE REQUEST", PemContent::other},
    LabelRow{"ATTRIBUTE CERTIFICATE", PemContent::other},
    LabelRow{"X509 CRL", PemContent::other},
    LabelRow{"PKCS7", PemContent::other},
    LabelRow{"CMS", PemContent::other},
    LabelRow{"DH PARAMETERS", PemContent::other},
    LabelRow{"PUBLIC KEY", PemContent::other},
};

std::string upper(std::string_view text) {
  std::string result(text);
  std::ranges::transform(result, result.begin(),
                         [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; });
  return result;
}

// Levenshtein distance; labels are short.
std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = std::exchange(row[0], i);
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t replaced = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({replaced, row[j] + 1, row[j - 1] + 1});
    }
  }
  return row.back();
}

bool is_nearly(std::string_view label, std::string_view word) {
  constexpr std::size_t kEdits = 4;
  const bool close = label.size() <= word.size() + kEdits && label.size() + kEdits >= word.size();
  return close && edit_distance(upper(label), word) <= kEdits;
}

}  // namespace

PemContent content_of(std::string_view label) {
  const auto row = std::ranges::find(kLabels, label, &LabelRow::label);
  if (row != kLabels.end()) return row->content;
  if (label.ends_with("PRIVATE KEY")) return PemContent::key;
  return label.empty() || is_nearly(label, "CERTIFICATE") ? PemContent::misspelt : PemContent::other;
}

// A label is shown only if it can be nothing else: a key whose line breaks were
// lost could stand where a label is expected.
std::string shown_label(std::string_view label) {
  const std::size_t key = label.find("PRIVATE KEY");
  if (key != std::string_view::npos) label = label.substr(0, key + 11);
  return std::string(label.substr(0, 40));
}

}  // namespace meshcert::input
