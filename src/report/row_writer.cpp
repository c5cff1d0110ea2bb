// The table of formats with a row for each certificate, and how a whole report
// goes through one.

#include <algorithm>
#include <set>

#include "meshcert/row.hpp"
#include "report/name_forms.hpp"
#include "report/row_formats.hpp"

namespace meshcert {
namespace {

RowSummary summary_of(const Report& report) {
  RowSummary summary;
  summary.inputs = report.inventory.inputs;
  summary.skipped = report.inventory.skipped;
  summary.artifacts = report.inventory.artifacts.size();
  for (const Severity severity : {Severity::info, Severity::warning, Severity::error})
    summary.findings[static_cast<std::size_t>(severity)] = report.count(severity);
  summary.unread = report.unread;
  summary.verdict = verdict(report);
  return summary;
}

// Places are those that rows show.
void write_artifact(const Artifact& artifact, const FindingsByPlace& findings, const Policy& policy,
                    const RowWriter& writer, RowFiller& rows, RowSummary& summary,
                    std::set<SourceRef>& places, std::span<std::string> parts) {
  if (!artifact.certificates.empty()) places.insert(artifact.source);
  report::NameForms forms(artifact);
  for (std::size_t index = 0; index < artifact.certificates.size(); ++index) {
    CertificateRow& row = rows.fill(artifact, index, findings, policy);
    forms.fill(row, index);
    places.insert(row.source);
    summary.count(row.kind, row.status);
    writer.row(row, parts);
  }
}

}  // namespace

void RowWriter::begin(const RowContext&, std::span<std::string>) const {}
void RowWriter::finding(const Finding&, std::optional<ArtifactKind>, std::span<std::string>) const {}
void RowWriter::artifact(const Artifact&, std::span<std::string>) const {}
void RowWriter::lost(const LostPart&, std::span<std::string>) const {}
void RowWriter::terms(const Artifact&, std::span<std::string>) const {}
void RowWriter::error(const Error&, std::span<std::string>) const {}
void RowWriter::end(const RowContext&, const RowSummary&, std::string&) const {}

std::span<const RowFormat> row_formats() {
  static const std::array<RowFormat, 3> kFormats{{{"ndjson", &report::ndjson_writer()},
                                                  {"csv", &report::csv_writer()},
                                                  {"openmetrics", &report::openmetrics_writer()}}};
  return kFormats;
}

const RowWriter* find_row_writer(std::string_view format) {
  const auto found = std::ranges::find(row_formats(), format, &RowFormat::name);
  return found == row_formats().end() ? nullptr : found->writer;
}

std::string write_rows(const Report& report, const RowWriter& writer) {
  const RowContext context{report.verb, report.policy};
  std::vector<std::string> parts(writer.parts());
  RowSummary summary = summary_of(report);
  writer.begin(context, parts);
  const FindingsByPlace findings(report.findings);
  std::set<SourceRef> places;
  RowFiller rows;
  for (const Artifact& artifact : report.inventory.artifacts)
    write_artifact(artifact, findings, report.policy, writer, rows, summary, places, parts);
  for (const Finding& finding : report.findings)
    if (!places.contains(finding.where)) writer.finding(finding, std::nullopt, parts);
  for (const Error& error : report.inventory.errors) writer.error(error, parts);
  std::string text = std::move(parts.front());
  summary.lines = static_cast<std::uint64_t>(std::ranges::count(text, '\n'));
  for (std::size_t part = 1; part < parts.size(); ++part) text += parts[part];
  writer.end(context, summary, text);
  return text;
}

}  // namespace meshcert
