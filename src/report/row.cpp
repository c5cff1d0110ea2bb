// The flat row of one certificate, and the summary of all of them.

#include "meshcert/row.hpp"

#include <algorithm>
#include <iterator>

#include "base/hex.hpp"
#include "meshcert/alone.hpp"
#include "meshcert/spiffe_id.hpp"

namespace meshcert {
namespace {

std::optional<CertificateRow::Identity> identity_of(const Extension<SubjectAltName>& names) {
  if (!names || names->uri_count != 1) return std::nullopt;
  const auto id = SpiffeId::parse(names->first_uri);
  if (!id) return std::nullopt;
  CertificateRow::Identity identity{std::string(id->uri()), std::string(id->trust_domain().name()),
                                    std::string(id->path()), std::nullopt, std::nullopt};
  if (const auto istio = IstioIdentity::parse(id->uri())) {
    identity.namespace_name = istio->namespace_name;
    identity.service_account = istio->service_account;
  }
  return identity;
}

void fill_names(CertificateRow& row, const Extension<SubjectAltName>& names) {
  row.san.clear();
  row.san_critical = names.critical();
  row.spiffe_id = identity_of(names);
  if (!names) return;
  for (const GeneralName& name : names->names) row.san.push_back({type_name(name.type), to_string(name)});
}

template <class T, class Make>
auto decoded(const Extension<T>& extension, Make make) -> std::optional<decltype(make(*extension))> {
  return extension ? std::optional(make(*extension)) : std::nullopt;
}

void fill_extensions(CertificateRow& row, const Extensions& extensions) {
  const auto& constraints = extensions.basic_constraints;
  row.path_length = constraints ? constraints->path_length : std::nullopt;
  row.key_usage = decoded(extensions.key_usage, key_usage_names);
  row.key_usage_critical = extensions.key_usage.critical();
  row.extended_key_usage = decoded(extensions.extended_key_usage, extended_key_usage_names);
  fill_names(row, extensions.subject_alt_name);
  row.malformed = malformed_extensions(extensions);
  row.subject_key_id = decoded(extensions.subject_key_id, base::to_hex);
  const auto& authority = extensions.authority_key_id;
  const bool has_key_id = authority && !authority->key_id.empty();
  row.authority_key_id =
      has_key_id ? std::optional(base::to_hex(authority->key_id)) : std::optional<std::string>();
}

void fill_certificate(CertificateRow& row, const Certificate& certificate, const Policy& policy) {
  row.version = certificate.version;
  row.subject = to_rfc4514(certificate.subject);
  if (const std::string_view octets = as_text(certificate.issuer.rdns); octets != row.issuer_octets) {
    row.issuer = to_rfc4514(certificate.issuer);
    row.issuer_octets = octets;
  }
  row.serial = serial_hex(certificate);
  row.not_before = certificate.not_before;
  row.not_after = certificate.not_after;
  row.remaining = certificate.not_after - policy.at;
  row.lifetime = certificate.lifetime();
  row.is_ca = certificate.is_ca();
  row.self_signed = certificate.self_signed;
  row.key_algorithm = algorithm_name(certificate.key);
  row.key_bits = certificate.key.bits;
  row.key_curve = curve_name(certificate.key);
  row.signature_algorithm = algorithm_name(certificate.signature_algorithm);
  fill_extensions(row, certificate.extensions);
  row.sha256 = sha256_fingerprint(certificate);
  row.status = validity_status(certificate, policy);
}

void add_codes(std::vector<std::string_view>& codes, std::span<const Finding* const> findings) {
  for (const Finding* finding : findings)
    if (std::ranges::find(codes, finding->spec->code) == codes.end()) codes.push_back(finding->spec->code);
}

using Graded = CertificateRow::Graded;

void grade(std::vector<Graded>& graded, std::span<const Finding* const> findings) {
  for (const Finding* finding : findings) {
    const auto known = std::ranges::find_if(graded, [finding](const Graded& one) {
      return one.code == finding->spec->code && one.severity == finding->severity;
    });
    if (known != graded.end())
      ++known->count;
    else
      graded.push_back({finding->spec->code, finding->severity, 1});
  }
}

// A code alone stands for one finding of the severity that the catalogue gives it.
void keep_unusual(std::vector<Graded>& graded, const Policy& policy) {
  std::vector<std::string_view> unusual;
  for (const Graded& one : graded)
    if (one.count != 1 || one.severity != find_spec(one.code)->severity(policy.profile))
      unusual.push_back(one.code);
  std::erase_if(graded,
                [&](const Graded& one) { return std::ranges::find(unusual, one.code) == unusual.end(); });
}

}  // namespace

std::string_view CertificateRow::shown_name() const {
  if (spiffe_id) return spiffe_id->id;
  if (san.empty() || is_ca) return subject;
  const auto uri = std::ranges::find(san, "URI", &Name::type);
  return uri == san.end() ? san.front().value : uri->value;
}

std::string shown_name_of(const Certificate& certificate) {
  CertificateRow row;
  row.subject = to_rfc4514(certificate.subject);
  row.is_ca = certificate.is_ca();
  fill_names(row, certificate.extensions.subject_alt_name);
  return std::string(row.shown_name());
}

FindingsByPlace::FindingsByPlace(std::span<const Finding> findings) {
  sorted_.reserve(findings.size());
  for (const Finding& finding : findings) sorted_.push_back(&finding);
  const auto before = [](const Finding* a, const Finding* b) { return reads_before(*a, *b); };
  if (!std::ranges::is_sorted(sorted_, before)) std::ranges::stable_sort(sorted_, before);
}

std::span<const Finding* const> FindingsByPlace::at(const SourceRef& where) const {
  const auto place = [](const Finding* finding) -> const SourceRef& { return finding->where; };
  return std::ranges::equal_range(sorted_, where, {}, place);
}

std::vector<std::string_view> codes_of(const Artifact& artifact, std::size_t index,
                                       const FindingsByPlace& findings) {
  std::vector<std::string_view> codes;
  if (findings.empty()) return codes;
  add_codes(codes, findings.at(source_of(artifact, index)));
  if (index == 0) add_codes(codes, findings.at(artifact.source));
  return codes;
}

void fill_findings(CertificateRow& row, const Artifact& artifact, std::size_t index,
                   const FindingsByPlace& findings, const Policy& policy) {
  row.findings = codes_of(artifact, index, findings);
  row.graded.clear();
  row.lasting.clear();
  if (row.findings.empty()) return;
  const auto add = [&](std::span<const Finding* const> found) {
    grade(row.graded, found);
    std::ranges::copy_if(found, std::back_inserter(row.lasting),
                         [](const Finding* finding) { return !is_dated(finding->spec->code); });
  };
  add(findings.at(source_of(artifact, index)));
  if (index == 0) add(findings.at(artifact.source));
  keep_unusual(row.graded, policy);
}

void fill_row(CertificateRow& row, const Artifact& artifact, std::size_t index,
              const FindingsByPlace& findings, const Policy& policy) {
  row.kind = artifact.kind;
  row.name = artifact.name;
  row.resource = artifact.resource;
  row.source = source_of(artifact, index);
  row.index = artifact.first + index;
  row.first = artifact.first;
  row.goes_by_dates = goes_by_dates(artifact);
  row.long_lived = lives_too_long(artifact, index);
  row.last_updated = artifact.last_updated;
  row.role = role_of(artifact, index);
  fill_certificate(row, artifact.certificates[index], policy);
  fill_findings(row, artifact, index, findings, policy);
}

void RowSummary::count(const CertificateRow& row) {
  ++certificates;
  ++statuses[static_cast<std::size_t>(row.status)];
  const std::string_view kind = to_string(row.kind);
  if (const auto known = kinds.find(kind); known != kinds.end())
    ++known->second;
  else
    kinds.emplace(kind, 1);
}

}  // namespace meshcert
