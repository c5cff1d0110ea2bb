// The flat row of one certificate, and the summary of all of them.

#include "meshcert/row.hpp"

#include <algorithm>
#include <iterator>

#include "base/hex.hpp"
#include "base/refill.hpp"
#include "meshcert/alone.hpp"
#include "meshcert/spiffe_id.hpp"
#include "x509/crypto.hpp"

namespace meshcert {
namespace {

using base::kept;

// A row is filled for each certificate of a run: its texts are written where those of the last one stood.
template <class Append, class... Of>
void rewrite(std::string& text, Append append, const Of&... of) {
  text.clear();
  append(text, of...);
}

void rewrite(std::optional<std::string>& text, std::optional<std::string_view> value) {
  if (value)
    kept(text) = *value;
  else
    text.reset();
}

void fill_identity(std::optional<CertificateRow::Identity>& identity,
                   const Extension<SubjectAltName>& names) {
  if (!names || names->uri_count != 1) return identity.reset();
  const auto id = SpiffeId::parse(names->first_uri);
  if (!id) return identity.reset();
  const auto istio = IstioIdentity::parse(id->uri());
  auto& [uri, trust_domain, path, namespace_name, service_account] = kept(identity);
  uri = id->uri();
  trust_domain = id->trust_domain().name();
  path = id->path();
  rewrite(namespace_name, istio ? std::optional(istio->namespace_name) : std::nullopt);
  rewrite(service_account, istio ? std::optional(istio->service_account) : std::nullopt);
}

void fill_names(CertificateRow& row, const Extension<SubjectAltName>& names) {
  row.san_critical = names.critical();
  fill_identity(row.spiffe_id, names);
  base::Refill san(row.san);
  if (!names) return;
  for (const GeneralName& name : names->names) {
    CertificateRow::Name& shown = san.next();
    shown.type = type_name(name.type);
    rewrite(shown.value, append_text, name);
  }
}

template <class Name, class Usage>
void fill(std::optional<std::vector<Name>>& names, const Extension<Usage>& usage) {
  if (usage)
    assign_names(kept(names), *usage);
  else
    names.reset();
}

void fill_hex(std::optional<std::string>& text, std::optional<ByteView> octets) {
  if (octets)
    rewrite(kept(text), base::append_hex, *octets);
  else
    text.reset();
}

void fill_key_ids(CertificateRow& row, const Extensions& extensions) {
  const auto& subject = extensions.subject_key_id;
  const auto& authority = extensions.authority_key_id;
  const bool has_key_id = authority && !authority->key_id.empty();
  fill_hex(row.subject_key_id, subject ? std::optional(*subject) : std::nullopt);
  fill_hex(row.authority_key_id, has_key_id ? std::optional(authority->key_id) : std::nullopt);
}

void fill_extensions(CertificateRow& row, const Extensions& extensions) {
  const auto& constraints = extensions.basic_constraints;
  row.path_length = constraints ? constraints->path_length : std::nullopt;
  row.key_usage_critical = extensions.key_usage.critical();
  fill(row.key_usage, extensions.key_usage);
  fill(row.extended_key_usage, extensions.extended_key_usage);
  fill_names(row, extensions.subject_alt_name);
  row.malformed = malformed_extensions(extensions);
  fill_key_ids(row, extensions);
}

void fill_certificate(CertificateRow& row, const Certificate& certificate, const Policy& policy) {
  row.version = certificate.version;
  rewrite(row.subject, append_rfc4514, certificate.subject);
  rewrite(row.serial, append_serial_hex, certificate.serial);
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
  rewrite(row.sha256, base::append_hex, x509::sha256(certificate.der));
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

CertificateRow& RowFiller::fill(const Artifact& artifact, std::size_t index, const FindingsByPlace& findings,
                                const Policy& policy) {
  CertificateRow& row = row_;
  const Certificate& certificate = artifact.certificates[index];
  if (const std::string_view octets = as_text(certificate.issuer.rdns); octets != issuer_octets_) {
    rewrite(row.issuer, append_rfc4514, certificate.issuer);
    issuer_octets_ = octets;
  }
  row.kind = artifact.kind;
  row.name = artifact.name;
  row.resource = artifact.resource;
  assign_source(row.source, artifact, index);
  row.index = artifact.first + index;
  row.first = artifact.first;
  row.goes_by_dates = goes_by_dates(artifact);
  row.long_lived = lives_too_long(artifact, index);
  row.last_updated = artifact.last_updated;
  row.role = role_of(artifact, index);
  fill_certificate(row, certificate, policy);
  fill_findings(row, artifact, index, findings, policy);
  return row;
}

}  // namespace meshcert
