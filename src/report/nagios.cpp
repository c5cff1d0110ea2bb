// What a monitoring plugin prints: one line, performance data behind "|", then a
// line for each finding (Monitoring Plugins Development Guidelines). The agents in
// between cut output off, so lines and their number are bounded.

#include <fmt/format.h>

#include <algorithm>

#include "base/escape.hpp"
#include "meshcert/report.hpp"
#include "meshcert/sweep.hpp"
#include "report/finding_text.hpp"
#include "report/findings_block.hpp"
#include "report/layout.hpp"
#include "report/sweep_text.hpp"

namespace meshcert {
namespace {

constexpr std::size_t kColumns = 300;  // of a line
constexpr std::size_t kLines = 20;     // below the first

enum class State : std::uint8_t { ok, warning, critical, unknown };  // the plugin's exit status

/// Numbers are what both a report and a sweep come to.
struct Numbers {
  std::uint64_t certificates, errors, warnings, infos, unread;
  bool incomplete;
  std::optional<Seconds> next_expiry;  ///< of the certificate with the least left; none: no valid one
  std::string coverage;
  std::string_view all;  ///< the format that lists every finding
  std::string nothing;   ///< what to say where not all could be read, and no error tells more
};

State state_of(const Numbers& numbers) {
  if (numbers.errors > 0) return State::critical;
  if (numbers.incomplete) return State::unknown;
  return numbers.warnings > 0 ? State::warning : State::ok;
}

std::string_view word_of(State state) {
  switch (state) {
    case State::ok:
      return "OK";
    case State::warning:
      return "WARNING";
    case State::critical:
      return "CRITICAL";
    case State::unknown:
      return "UNKNOWN";
  }
  return "";
}

std::string_view word_of(Severity severity) {
  if (severity == Severity::info) return "info";
  return word_of(severity == Severity::error ? State::critical : State::warning);
}

/// plain_line: of text that is escaped already; "|" begins performance data, and web views take
/// "<" for a tag.
std::string plain_line(std::string_view escaped) {
  std::string out;
  for (const char c : base::elide_end(escaped, kColumns)) {
    if (c == '|' || c == '<' || c == '>' || c == '&')
      out += fmt::format("\\x{:02x}", static_cast<unsigned>(c));
    else
      out += c;
  }
  return out;
}

std::string sentence(const Finding& finding) {
  const std::string whose = report::whose(finding);
  return plain_line(fmt::format("{}{}{}: {}", finding.spec->code, whose.empty() ? "" : " ", whose,
                                base::escape_for_terminal(message_of(finding))));
}

std::string with_place(const Finding& finding) {
  return fmt::format("[{}] {} ({})", word_of(finding.severity), sentence(finding),
                     plain_line(report::place(finding.where)));
}

std::string sentence(const Error& error) {
  return plain_line(
      fmt::format("{}: {}", report::place(error.where), base::escape_for_terminal(error.message)));
}

/// next_expiry is the time that the certificate with the least left has, of those
/// that are not expired; nullopt when there is none.
std::optional<Seconds> next_expiry(const Report& report) {
  std::optional<Seconds> least;
  for (const Artifact& artifact : report.inventory.artifacts) {
    for (const Certificate& certificate : artifact.certificates) {
      const Seconds left = certificate.not_after - report.policy.at;
      if (left.count() >= 0) least = std::min(least.value_or(left), left);
    }
  }
  return least;
}

Numbers numbers_of(const Report& report) {
  return {
      report.certificates(),
      report.count(Severity::error),
      report.count(Severity::warning),
      report.count(Severity::info),
      report.unread,
      exit_status(report) == ExitStatus::incomplete,
      next_expiry(report),
      report::coverage(report),
      "-o table or json",
      report.inventory.artifacts.empty() ? "nothing to inspect was found" : "not everything could be read"};
}

Numbers numbers_of(const SweepReport& sweep) {
  const RowSummary& summary = sweep.summary;
  const auto findings = [&](Severity severity) {
    return summary.findings[static_cast<std::size_t>(severity)];
  };
  std::optional<Seconds> next;
  if (sweep.next != nullptr) next = sweep.next->not_after - sweep.report.policy.at;
  return {summary.certificates,
          findings(Severity::error),
          findings(Severity::warning),
          findings(Severity::info),
          summary.unread,
          exit_status(sweep) == ExitStatus::incomplete,
          next,
          report::coverage(sweep),
          "-o ndjson",
          sweep.interrupted        ? "interrupted"
          : summary.artifacts == 0 ? "nothing to inspect was found"
                                   : "not everything could be read"};
}

/// performance_data: names are a contract (docs/outputs.md). An alert range ends at 0.
std::string performance_data(const Numbers& numbers) {
  std::string data =
      fmt::format("certificates={};;;0 errors={};;0;0 warnings={};0;;0 infos={};;;0 unread={};;;0",
                  numbers.certificates, numbers.errors, numbers.warnings, numbers.infos, numbers.unread);
  if (numbers.next_expiry) data += fmt::format(" next_expiry={}s;;;0", numbers.next_expiry->count());
  return data;
}

std::string headline(const Numbers& numbers, const Report& report, const std::vector<const Finding*>& order) {
  const auto& errors = report.inventory.errors;
  const bool speaks = !order.empty() && order.front()->severity != Severity::info;
  switch (state_of(numbers)) {
    case State::ok:
      return "nothing is wrong";
    case State::unknown:
      return errors.empty() ? numbers.nothing : sentence(errors.front());
    default:
      return speaks ? sentence(*order.front()) : "";
  }
}

/// details is a line for each, as many as agents carry; `more` are not among them.
std::string details(const std::vector<std::string>& lines, std::uint64_t more, std::string_view all) {
  std::string out;
  const std::size_t shown = std::min(lines.size(), kLines);
  for (std::size_t at = 0; at < shown; ++at) out += lines[at] + "\n";
  if (more += lines.size() - shown; more != 0)
    out += fmt::format("and {} more; {} has them all\n", more, all);
  return out;
}

std::string render(const Numbers& numbers, const Report& report, std::uint64_t more) {
  const auto order = report::reading_order(report.findings);
  std::string out = fmt::format("MESHCERT {} - {}; {}, {}, {} unread; {} | {}\n", word_of(state_of(numbers)),
                                headline(numbers, report, order), report::counted(numbers.errors, "error"),
                                report::counted(numbers.warnings, "warning"), numbers.unread,
                                numbers.coverage, performance_data(numbers));
  std::vector<std::string> lines;
  for (const Finding* finding : order) lines.push_back(with_place(*finding));
  for (const Error& error : report.inventory.errors) lines.push_back("[UNKNOWN] " + sentence(error));
  return out + details(lines, more, numbers.all);
}

}  // namespace

int nagios_status(const Report& report) {
  return static_cast<int>(state_of(numbers_of(report)));
}

int nagios_status(const SweepReport& sweep) {
  return static_cast<int>(state_of(numbers_of(sweep)));
}

std::string render_nagios(const Report& report, const RenderOptions& /*options*/) {
  return render(numbers_of(report), report, 0);
}

std::string render_sweep_nagios(const SweepReport& sweep, const RenderOptions& /*options*/) {
  return render(numbers_of(sweep), sweep.report, sweep.findings_left_out + sweep.errors_left_out);
}

}  // namespace meshcert
