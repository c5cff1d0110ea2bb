// What a monitoring plugin prints: one line, performance data behind "|", then a
// line for each finding (Monitoring Plugins Development Guidelines). The agents in
// between cut output off, so lines and their number are bounded.

#include <fmt/format.h>

#include <algorithm>

#include "base/escape.hpp"
#include "meshcert/report.hpp"
#include "report/finding_text.hpp"
#include "report/findings_block.hpp"
#include "report/layout.hpp"

namespace meshcert {
namespace {

constexpr std::size_t kColumns = 300;  // of a line
constexpr std::size_t kLines = 20;     // below the first

enum class State : std::uint8_t { ok, warning, critical, unknown };  // the plugin's exit status

State state_of(const Report& report) {
  if (report.count(Severity::error) > 0) return State::critical;
  if (exit_status(report) == ExitStatus::incomplete) return State::unknown;
  return report.count(Severity::warning) > 0 ? State::warning : State::ok;
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

/// safe: "|" begins performance data, and web views take "<" for a tag.
std::string safe(std::string_view text) {
  std::string out;
  for (const char c : base::elide_end(base::escape_for_terminal(text), kColumns)) {
    if (c == '|' || c == '<' || c == '>' || c == '&')
      out += fmt::format("\\x{:02x}", static_cast<unsigned>(c));
    else
      out += c;
  }
  return out;
}

std::string sentence(const Finding& finding) {
  const std::string whose = report::whose(finding);
  return safe(
      fmt::format("{}{}{}: {}", finding.spec->code, whose.empty() ? "" : " ", whose, message_of(finding)));
}

std::string with_place(const Finding& finding) {
  return fmt::format("[{}] {} ({})", word_of(finding.severity), sentence(finding),
                     safe(report::place(finding.where)));
}

std::string sentence(const Error& error) {
  return safe(fmt::format("{}: {}", report::place(error.where), error.message));
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

/// performance_data: names are a contract (docs/outputs.md). An alert range ends at 0.
std::string performance_data(const Report& report) {
  std::string data =
      fmt::format("certificates={};;;0 errors={};;0;0 warnings={};0;;0 infos={};;;0 unread={};;;0",
                  report.certificates(), report.count(Severity::error), report.count(Severity::warning),
                  report.count(Severity::info), report.unread);
  if (const auto left = next_expiry(report)) data += fmt::format(" next_expiry={}s;;;0", left->count());
  return data;
}

std::string headline(const Report& report, const std::vector<const Finding*>& order) {
  const auto& errors = report.inventory.errors;
  const bool speaks = !order.empty() && order.front()->severity != Severity::info;
  switch (state_of(report)) {
    case State::ok:
      return "nothing is wrong";
    case State::unknown:
      if (!errors.empty()) return sentence(errors.front());
      return report.inventory.artifacts.empty() ? "nothing to inspect was found"
                                                : "not everything could be read";
    default:
      return speaks ? sentence(*order.front()) : "";
  }
}

/// details is a line for each, as many as agents carry.
std::string details(const std::vector<std::string>& lines) {
  std::string out;
  const std::size_t shown = std::min(lines.size(), kLines);
  for (std::size_t at = 0; at < shown; ++at) out += lines[at] + "\n";
  if (shown < lines.size())
    out += fmt::format("and {} more; -o table or json has them all\n", lines.size() - shown);
  return out;
}

}  // namespace

int nagios_status(const Report& report) {
  return static_cast<int>(state_of(report));
}

std::string render_nagios(const Report& report, const RenderOptions& /*options*/) {
  const auto order = report::reading_order(report.findings);
  std::string out =
      fmt::format("MESHCERT {} - {}; {}, {}, {} unread; {} | {}\n", word_of(state_of(report)),
                  headline(report, order), report::counted(report.count(Severity::error), "error"),
                  report::counted(report.count(Severity::warning), "warning"), report.unread,
                  report::coverage(report), performance_data(report));
  std::vector<std::string> lines;
  for (const Finding* finding : order) lines.push_back(with_place(*finding));
  for (const Error& error : report.inventory.errors) lines.push_back("[UNKNOWN] " + sentence(error));
  return out + details(lines);
}

}  // namespace meshcert
