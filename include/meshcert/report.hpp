#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "meshcert/chain_report.hpp"
#include "meshcert/finding.hpp"
#include "meshcert/inspect.hpp"
#include "meshcert/result.hpp"

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
  std::vector<Finding> findings;    ///< sorted; what the selection let through
  std::vector<ChainReport> chains;  ///< where the verb is `chain`
  std::uint64_t unread = 0;         ///< places where octets of the input could not be used, or errors

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

/// RenderFormat is one row of the table of output formats.
struct RenderFormat {
  std::string_view name;
  std::string (*render)(const Report&, const RenderOptions&);
};
[[nodiscard]] std::span<const RenderFormat> render_formats();

}  // namespace meshcert
