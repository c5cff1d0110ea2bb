// What a bot puts under a pull request or into a job's summary: the verdict, the
// findings, the worst first, and the certificates to unfold. Comments are cut off
// at 65536 characters, so what is shown is bounded, and says so.

#include <fmt/format.h>

#include <algorithm>

#include "meshcert/report.hpp"
#include "report/finding_text.hpp"
#include "report/findings_block.hpp"
#include "report/layout.hpp"
#include "report/markdown_text.hpp"
#include "report/rows.hpp"

namespace meshcert {
namespace {

using namespace report;

constexpr std::size_t kFindings = 50;
constexpr std::size_t kCertificates = 100;

std::string left_out(std::size_t all, std::size_t shown, std::string_view what) {
  if (all <= shown) return {};
  return fmt::format("\n{} more {} are not shown here; `-o json` has them all.\n", all - shown, what);
}

std::string item(const Finding& finding) {
  const std::string whose = report::whose(finding);
  return fmt::format("- **{}** `{}`{}{}<br>\n  {}<br>\n  at {}<br>\n  **fix:** {}\n",
                     to_string(finding.severity), finding.spec->code, whose.empty() ? "" : " ",
                     markdown_code(whose), markdown_text(message_of(finding)),
                     markdown_code(place(finding.where)), markdown_prose(fix_of(finding)));
}

std::string item(const Error& error) {
  return fmt::format("- **unread** {}<br>\n  {}\n", markdown_code(place(error.where)),
                     markdown_text(error.message));
}

std::string findings(const Report& report) {
  std::vector<std::string> items;
  for (const Error& error : report.inventory.errors) items.push_back(item(error));
  for (const Finding* finding : reading_order(report.findings)) items.push_back(item(*finding));
  if (items.empty()) return {};
  const std::size_t shown = std::min(items.size(), kFindings);
  std::string out = "\n";
  for (std::size_t at = 0; at < shown; ++at) out += items[at];
  return out + left_out(items.size(), shown, "findings");
}

std::string line(const Row& row) {
  std::string out = "|";
  for (const Column column : {Column::resource, Column::identity, Column::type, Column::valid,
                              Column::expires, Column::not_after, Column::serial}) {
    const bool plain = column == Column::type || column == Column::valid || column == Column::expires;
    const std::string& text = row[column];
    out += fmt::format(" {} |", plain ? markdown_text(text) : markdown_cell(text));
  }
  return out + "\n";
}

std::string certificates(const Report& report) {
  const std::vector<Row> rows = rows_of(report);
  if (rows.empty()) return {};
  const std::size_t shown = std::min(rows.size(), kCertificates);
  std::string out = fmt::format(
      "\n<details><summary>{}</summary>\n\n"
      "| resource | identity | type | valid | expires | not after | serial number |\n"
      "|---|---|---|---|---|---|---|\n",
      counted(report.certificates(), "certificate"));
  for (std::size_t at = 0; at < shown; ++at) out += line(rows[at]);
  return out + left_out(rows.size(), shown, "certificates") + "\n</details>\n";
}

}  // namespace

std::string render_markdown(const Report& report, const RenderOptions& options) {
  std::string out = fmt::format(
      "### meshcert {}: {}\n\n{}: {}, {}, {} info{}, at {}\n", report.verb, verdict(report), coverage(report),
      counted(report.count(Severity::error), "error"), counted(report.count(Severity::warning), "warning"),
      report.count(Severity::info), report.unread == 0 ? "" : fmt::format(", **{} unread**", report.unread),
      to_rfc3339(report.policy.at));
  out += findings(report);
  return options.quiet ? out : out + certificates(report);
}

}  // namespace meshcert
