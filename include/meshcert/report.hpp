#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "meshcert/chain_report.hpp"
#include "meshcert/finding.hpp"
#include "meshcert/inspect.hpp"
#include "meshcert/result.hpp"
#include "meshcert/server_report.hpp"

namespace meshcert {

/// FailOn is the least severity that makes a run fail (--fail-on).
enum class FailOn : std::uint8_t { error, warning, info, never };

/// Report is everything a renderer or the exit status may look at. It keeps the
/// inventory, because artifacts own the octets that everything else views.
struct Report {
  std::string verb;
  Policy policy;
  FailOn fail_on = FailOn::error;
  Inventory inventory;
  std::vector<Finding> findings;      ///< sorted; what the selection let through
  std::vector<ChainReport> chains;    ///< where the verb is `chain`
  std::vector<ServerReport> servers;  ///< where the verb is `gateway`
  std::uint64_t unread = 0;           ///< places where octets of the input could not be used, or errors

  [[nodiscard]] std::uint64_t count(Severity severity) const;
  [[nodiscard]] std::uint64_t certificates() const;
};

/// make_report judges the inventory. `unread` is counted from the inventory,
/// whatever the selection hides.
[[nodiscard]] Report make_report(std::string verb, Inventory&& inventory, Policy policy,
                                 const Selection& selection, FailOn fail_on);

/// The exit statuses, as README.md lists them.
enum class ExitStatus : int { pass = 0, findings = 1, usage = 2, incomplete = 3, internal = 70 };
[[nodiscard]] ExitStatus exit_status(const Report& report);
[[nodiscard]] int status_number(const Report& report);
/// fails answers whether the finding is one that --fail-on speaks of.
[[nodiscard]] bool fails(const Finding& finding, FailOn fail_on);
/// verdict is "pass", "fail" or "incomplete" (status 0, 1, 3).
[[nodiscard]] std::string_view verdict(const Report& report);

/// RenderOptions is what a renderer may know of where its text goes.
struct RenderOptions {
  std::size_t width = 0;  ///< columns; 0 is unlimited (a pipe)
  bool color = false;
  bool verbose = false;
  bool quiet = false;
};

/// Renderers turn a report into the octets for stdout. None filters or judges;
/// all escape what came from an input.
[[nodiscard]] std::string render_table(const Report& report, const RenderOptions& options);
[[nodiscard]] std::string render_text(const Report& report, const RenderOptions& options);
[[nodiscard]] std::string render_json(const Report& report, const RenderOptions& options);
/// render_pem gives the certificates alone; what was wrong with them is not in it.
[[nodiscard]] std::string render_pem(const Report& report, const RenderOptions& options);

/// For code scanning: SARIF 2.1.0 (OASIS), ASCII only.
[[nodiscard]] std::string render_sarif(const Report& report, const RenderOptions& options);
/// For CI: a test case for each resource of an input, a test suite for each input.
[[nodiscard]] std::string render_junit(const Report& report, const RenderOptions& options);
/// For pull requests and job summaries; GitHub's Markdown.
[[nodiscard]] std::string render_markdown(const Report& report, const RenderOptions& options);
/// For monitoring: one line, numbers behind "|", then the findings.
[[nodiscard]] std::string render_nagios(const Report& report, const RenderOptions& options);
/// For a browser: one page that needs no network and no other file.
[[nodiscard]] std::string render_html(const Report& report, const RenderOptions& options);
/// nagios_status is what plugins end with: 0 OK, 1 WARNING, 2 CRITICAL, 3 UNKNOWN.
/// Critical wins over unknown over warning.
[[nodiscard]] int nagios_status(const Report& report);

/// RenderFormat is one row of the table of output formats.
struct RenderFormat {
  std::string_view name;
  std::string (*render)(const Report&, const RenderOptions&);
  bool shows_signatures = false;                  ///< it shows whether a certificate signed itself
  int (*status)(const Report&) = &status_number;  ///< what the program ends with
};
[[nodiscard]] std::span<const RenderFormat> render_formats();

}  // namespace meshcert
