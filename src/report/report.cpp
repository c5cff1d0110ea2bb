#include "meshcert/report.hpp"

#include "meshcert/probe.hpp"

#include <algorithm>
#include <array>
#include <iterator>
#include <utility>

#include "meshcert/alone.hpp"
#include "meshcert/kubernetes.hpp"
#include "meshcert/row.hpp"
#include "report/row_formats.hpp"

namespace meshcert {
namespace {

std::uint64_t lost(const std::vector<Defect>& defects) {
  return static_cast<std::uint64_t>(std::ranges::count_if(defects, &Defect::lost));
}

// "No findings" must never mean "nothing was looked at".
bool holds_nothing(const Inventory& inventory) {
  return inventory.artifacts.empty() &&
         std::ranges::none_of(inventory.objects, [](const auto& object) { return object->is_judged(); });
}

std::uint64_t count_unread(const Inventory& inventory) {
  std::uint64_t unread = inventory.errors.size() + lost(inventory.defects);
  for (const Artifact& artifact : inventory.artifacts) {
    unread += lost(artifact.defects);
    unread += artifact.probe && !artifact.probe->looked() ? 1 : 0;  // a server that could not be asked
  }
  if (unread == 0 && holds_nothing(inventory)) return std::max<std::uint64_t>(inventory.inputs, 1);
  return unread;
}

/// render_rows is a format with a row for each certificate as one of the others.
template <const RowWriter& (*writer)()>
std::string render_rows(const Report& report, const RenderOptions&) {
  return write_rows(report, writer());
}

}  // namespace

bool fails(const Finding& finding, FailOn fail_on) {
  switch (fail_on) {
    case FailOn::error:
      return finding.severity >= Severity::error;
    case FailOn::warning:
      return finding.severity >= Severity::warning;
    case FailOn::info:
      return true;
    case FailOn::never:
      return false;
  }
  return false;
}

std::uint64_t Report::count(Severity severity) const {
  return static_cast<std::uint64_t>(std::ranges::count(findings, severity, &Finding::severity));
}

std::uint64_t Report::certificates() const {
  std::uint64_t number = 0;
  for (const Artifact& artifact : inventory.artifacts) number += artifact.certificates.size();
  return number;
}

namespace {

// How many there would be is not known.
void tell_of_more(Report& report, const Selection& selection) {
  report.findings.resize(selection.most);
  std::vector<Defect> defects;
  defects.push_back(
      {DefectKind::limit_reached, report.findings.back().where,
       std::to_string(selection.most) + " findings are kept (--max-findings), and there are more", true});
  std::ranges::move(judge_defects(std::move(defects), report.policy, selection),
                    std::back_inserter(report.findings));
  ++report.unread;
}

}  // namespace

Report make_report(std::string verb, Inventory&& inventory, Policy policy, const Selection& selection,
                   FailOn fail_on) {
  Report report;
  report.verb = std::move(verb);
  report.policy = std::move(policy);
  report.fail_on = fail_on;
  report.inventory = std::move(inventory);
  report.unread = count_unread(report.inventory);
  report.findings = judge(report.inventory, report.policy, selection);
  if (report.findings.size() > selection.most) tell_of_more(report, selection);
  if (report.policy.asks_for_path()) report.chains = report_chains(report.inventory, report.policy);
  if (report.policy.serving.asked)
    report.servers = report_servers(report.inventory, report.policy, report.findings);
  return report;
}

ExitStatus exit_status(const Report& report) {
  if (report.unread > 0 || holds_nothing(report.inventory)) return ExitStatus::incomplete;
  const bool failed = std::ranges::any_of(
      report.findings, [&](const Finding& finding) { return fails(finding, report.fail_on); });
  return failed ? ExitStatus::findings : ExitStatus::pass;
}

int status_number(const Report& report) {
  return static_cast<int>(exit_status(report));
}

std::string_view verdict(const Report& report) {
  switch (exit_status(report)) {
    case ExitStatus::pass:
      return "pass";
    case ExitStatus::findings:
      return "fail";
    default:
      return "incomplete";
  }
}

std::span<const RenderFormat> render_formats() {
  static constexpr std::array<RenderFormat, 12> kFormats{{
      {"table", render_table},
      {"text", render_text, true},
      {"json", render_json, true},
      {"ndjson", render_rows<report::ndjson_writer>, true},
      {"csv", render_rows<report::csv_writer>},
      {"sarif", render_sarif},
      {"junit", render_junit},
      {"markdown", render_markdown},
      {"nagios", render_nagios, false, nagios_status},
      {"openmetrics", render_rows<report::openmetrics_writer>},
      {"html", render_html},
      {"pem", render_pem},
  }};
  return kFormats;
}

}  // namespace meshcert
