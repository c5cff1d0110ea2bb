#include "meshcert/row_artifact.hpp"

#include <algorithm>
#include <memory>
#include <string>
#include <string_view>

#include "meshcert/kubernetes.hpp"

namespace meshcert::cli {
namespace {

ByteView keep(Artifact& artifact, std::vector<std::uint8_t> octets) {
  artifact.storage.push_back(std::make_shared<const std::vector<std::uint8_t>>(std::move(octets)));
  return *artifact.storage.back();
}

ByteView keep(Artifact& artifact, std::string_view text) {
  return keep(artifact, std::vector<std::uint8_t>(text.begin(), text.end()));
}

// One element in DER (X.690 8.1.3): its length in as few octets as will do.
void append(std::vector<std::uint8_t>& der, std::uint8_t tag, std::string_view value) {
  der.push_back(tag);
  std::size_t octets = 0;
  while (value.size() >> (8 * octets) != 0) ++octets;
  if (value.size() < 0x80)
    octets = 1;
  else
    der.push_back(static_cast<std::uint8_t>(0x80U | octets));
  for (; octets != 0; --octets) der.push_back(static_cast<std::uint8_t>(value.size() >> (8 * (octets - 1))));
  der.insert(der.end(), value.begin(), value.end());
}

// RFC 5280 4.2.1.6: dNSName [2], uniformResourceIdentifier [6].
SubjectAltName names_of(const CertificateRow& row, Artifact& artifact) {
  constexpr std::uint8_t kDns = 0x82, kUri = 0x86;
  SubjectAltName names;
  std::vector<std::uint8_t> der;
  for (const CertificateRow::Name& name : row.san) {
    const bool uri = name.type == "URI";
    if (!uri && name.type != "DNS") continue;
    append(der, uri ? kUri : kDns, name.value);
    ++names.count;
    names.uri_count += uri ? 1 : 0;
    names.has_spiffe_uri = names.has_spiffe_uri || (uri && name.value.starts_with("spiffe:"));
  }
  names.names = GeneralNames(keep(artifact, std::move(der)));
  return names;
}

// Other octets for each form: no text has a NUL that is not escaped.
std::string octets_of(std::string_view name, std::uint32_t form) {
  std::string octets(name);
  if (form != 0) (octets += '\0') += std::to_string(form);
  return octets;
}

// A line has no key; its identifier tells keys apart as well.
Certificate certificate_of(const CertificateRow& row, Artifact& artifact) {
  Certificate certificate;
  certificate.version = row.version;
  certificate.subject.rdns = keep(artifact, octets_of(row.subject, row.subject_form));
  certificate.issuer.rdns = keep(artifact, octets_of(row.issuer, row.issuer_form));
  certificate.key.spki = keep(artifact, row.subject_key_id.value_or(row.sha256));
  certificate.not_before = row.not_before;
  certificate.not_after = row.not_after;
  certificate.line = row.source.line;
  certificate.extensions.basic_constraints.set(true, BasicConstraints{row.is_ca, row.path_length});
  if (!row.san.empty())
    certificate.extensions.subject_alt_name.set(row.san_critical, names_of(row, artifact));
  return certificate;
}

// Of all that nobody presents: what a request was answered with.
std::shared_ptr<const KubernetesObject> unused_object() {
  auto object = std::make_shared<KubernetesObject>();
  object->kind = "CertificateRequest";
  return object;
}

}  // namespace

Artifact artifact_of(std::span<const CertificateRow> rows) {
  Artifact artifact;
  const CertificateRow& front = rows.front();
  artifact.kind = front.kind;
  artifact.name = front.name;
  artifact.resource = front.resource;
  artifact.source = front.source;
  artifact.source.certificate.reset();
  artifact.first = front.index;
  artifact.last_updated = front.last_updated;
  const auto leaf = std::ranges::find(rows, Role::leaf, &CertificateRow::role);
  artifact.leaf = static_cast<std::size_t>(leaf - rows.begin());  // behind the last: there is none
  if (!front.goes_by_dates) artifact.object = unused_object();
  for (const CertificateRow& row : rows) artifact.certificates.push_back(certificate_of(row, artifact));
  return artifact;
}

}  // namespace meshcert::cli
