#include "report/rows.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <utility>

#include "base/ascii.hpp"
#include "base/escape.hpp"
#include "meshcert/probe.hpp"
#include "meshcert/row.hpp"
#include "report/crls.hpp"
#include "report/jwt_rules.hpp"
#include "x509/period.hpp"

namespace meshcert::report {
namespace {

/// Worst is the worst validity finding about each certificate.
using Worst = std::map<SourceRef, Severity>;

Worst worst_validity(const std::vector<Finding>& findings) {
  Worst worst;
  for (const Finding& finding : findings) {
    if (finding.spec->family() != "validity") continue;
    auto [entry, added] = worst.emplace(finding.where, finding.severity);
    if (!added) entry->second = std::max(entry->second, finding.severity);
  }
  return worst;
}

Paint paint_of(Severity severity) {
  if (severity == Severity::info) return Paint::green;
  return severity == Severity::error ? Paint::red : Paint::yellow;
}

Paint validity_paint(const Certificate& certificate, const SourceRef& where, const Policy& policy,
                     const Worst& worst) {
  if (!is_valid_at(certificate, policy)) return Paint::red;
  const auto found = worst.find(where);
  return found == worst.end() ? Paint::green : paint_of(found->second);
}

void fill(Row& row, const Artifact& artifact, const Certificate& certificate, const Policy& policy) {
  const bool early = validity_status(certificate, policy) == ValidityStatus::not_yet_valid;
  row[Column::identity] = identity_of(certificate);
  // As istioctl's column TRUST DOMAIN: two bundles of one name differ in it alone.
  const std::string domain = base::escape_for_terminal(artifact.trust_domain);
  if (!domain.empty() && !row[Column::identity].starts_with("spiffe://" + domain))
    row[Column::identity] += " (trust domain " + domain + ")";
  row[Column::type] = certificate.is_ca() ? "CA" : "Cert Chain";
  row[Column::valid] = is_valid_at(certificate, policy) ? "true" : "false";
  row[Column::expires] = early ? "begins " + relative_time(certificate.not_before, policy.at)
                               : relative_time(certificate.not_after, policy.at);
  row[Column::serial] = serial_hex(certificate);
  row[Column::not_after] = to_rfc3339(certificate.not_after);
  row[Column::not_before] = to_rfc3339(certificate.not_before);
  row[Column::issuer] = base::escape_for_terminal(to_rfc4514(certificate.issuer));
}

void fill(Row& row, const Listed& listed, const Policy& policy) {
  const std::size_t others = listed.uris.empty() ? 0 : listed.uris.size() - 1;
  if (!listed.uris.empty()) row[Column::identity] = base::escape_for_terminal(listed.uris.front());
  if (others != 0) row[Column::identity] += " (+" + std::to_string(others) + " more)";
  row[Column::type] = listed.is_ca ? "CA" : "Cert Chain";
  row[Column::serial] = listed.serial;
  if (listed.not_before) row[Column::not_before] = to_rfc3339(*listed.not_before);
  if (!listed.not_after) return;
  row[Column::not_after] = to_rfc3339(*listed.not_after);
  row[Column::expires] = relative_time(*listed.not_after, policy.at);
  const bool begun = !listed.not_before || x509::has_begun(*listed.not_before, policy.at, policy.skew);
  row[Column::valid] =
      begun && !x509::has_ended(*listed.not_after, policy.at, policy.skew) ? "true" : "false";
}

// Within Kubernetes: the object, then what of it.
std::string title_of(const Artifact& artifact) {
  if (artifact.name.empty() || artifact.resource.empty()) return artifact.resource + artifact.name;
  return artifact.resource + ' ' + artifact.name;
}

void fill(Row& row, const Crl& crl, const Policy& policy) {
  row[Column::identity] = base::escape_for_terminal(revoked_count(crl));
  row[Column::type] = crl.is_delta() ? "Delta CRL" : "CRL";
  row[Column::valid] = is_valid_at(crl, policy) ? "true" : "false";
  row[Column::serial] = crl_number_text(crl).value_or("");
  row[Column::not_before] = to_rfc3339(crl.this_update);
  row[Column::issuer] = base::escape_for_terminal(to_rfc4514(crl.issuer));
  if (!crl.next_update) return;
  row[Column::not_after] = to_rfc3339(*crl.next_update);
  row[Column::expires] = relative_time(*crl.next_update, policy.at);
}

Row artifact_row(const Artifact& artifact, std::size_t number) {
  Row row;
  row.artifact = number;
  row[Column::resource] = base::escape_for_terminal(title_of(artifact));
  row[Column::status] = base::uppered(to_string(artifact.state));
  if (artifact.log) row[Column::type] = "Log";
  if (artifact.jwt_rule != nullptr) {
    row[Column::type] = "JWT Rule";
    row[Column::identity] = base::escape_for_terminal(rule_issuer(*artifact.jwt_rule));
  }
  if (artifact.probe) row[Column::status] = base::uppered(to_string(artifact.probe->outcome));
  return row;
}

/// add_listed_rows adds what is listed without octets.
bool add_listed_rows(const Artifact& artifact, std::size_t number, const Policy& policy, const Worst& worst,
                     std::vector<Row>& rows) {
  bool first = artifact.certificates.empty();
  const std::size_t before = rows.size();
  for (const Listed& listed : artifact.listed) {
    if (listed.certificate) continue;
    Row row = artifact_row(artifact, number);
    fill(row, listed, policy);
    const auto found = worst.find(listed.where);
    row.validity = found == worst.end() ? Paint::plain : paint_of(found->second);
    row.first = std::exchange(first, false);
    rows.push_back(std::move(row));
  }
  return rows.size() != before;
}

void add_crl_rows(const Artifact& artifact, std::size_t number, const Policy& policy,
                  std::vector<Row>& rows) {
  for (std::size_t index = 0; index < artifact.crls.size(); ++index) {
    Row row = artifact_row(artifact, number);
    fill(row, artifact.crls[index], policy);
    row.validity = is_valid_at(artifact.crls[index], policy) ? Paint::green : Paint::red;
    row.first = index == 0 && artifact.certificates.empty();
    if (artifact.crls.size() > 1) row.index = fmt::format("[{}]", index);
    rows.push_back(std::move(row));
  }
}

void add_rows(const Artifact& artifact, std::size_t number, const Policy& policy, const Worst& worst,
              std::vector<Row>& rows) {
  const std::size_t total = artifact.certificates.size();
  const bool any_listed = add_listed_rows(artifact, number, policy, worst, rows);
  const bool shown_otherwise = artifact.xfcc != nullptr || artifact.jwt != nullptr || !artifact.crls.empty();
  if (total == 0 && !any_listed && !shown_otherwise) rows.push_back(artifact_row(artifact, number));
  for (std::size_t index = 0; index < total; ++index) {
    Row row = artifact_row(artifact, number);
    const Certificate& certificate = artifact.certificates[index];
    fill(row, artifact, certificate, policy);
    row.validity = validity_paint(certificate, source_of(artifact, index), policy, worst);
    row.first = index == 0;
    if (total > 1) row.index = fmt::format("[{}]", index);
    rows.push_back(std::move(row));
  }
  add_crl_rows(artifact, number, policy, rows);
}

}  // namespace

std::string_view heading(Column column) {
  static constexpr std::array<std::string_view, kColumns> kHeadings{
      "RESOURCE NAME", "IDENTITY",      "TYPE",      "STATUS",     "VALID CERT",
      "EXPIRES",       "SERIAL NUMBER", "NOT AFTER", "NOT BEFORE", "ISSUER"};
  return kHeadings[static_cast<std::size_t>(column)];
}

std::vector<Row> rows_of(const Report& report) {
  const Worst worst = worst_validity(report.findings);
  std::vector<Row> rows;
  for (std::size_t number = 0; number < report.inventory.artifacts.size(); ++number)
    add_rows(report.inventory.artifacts[number], number, report.policy, worst, rows);
  return rows;
}

std::string identity_of(const Certificate& certificate) {
  const std::string name = shown_name_of(certificate);
  if (name.empty()) return "(no name)";
  const auto& names = certificate.extensions.subject_alt_name;
  const bool more = names && names->count > 1 && name != to_rfc4514(certificate.subject);
  return base::escape_for_terminal(name) + (more ? fmt::format(" (+{} more)", names->count - 1) : "");
}

std::string relative_time(Instant instant, Instant at) {
  return instant < at ? humanize(at - instant) + " ago" : "in " + humanize(instant - at);
}

bool is_valid_at(const Certificate& certificate, const Policy& policy) {
  const ValidityStatus status = validity_status(certificate, policy);
  return status != ValidityStatus::expired && status != ValidityStatus::not_yet_valid;
}

}  // namespace meshcert::report
