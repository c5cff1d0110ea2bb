#include "meshcert/report.hpp"

#include <doctest/doctest.h>

#include "tests/unit/report/hand_made.hpp"

using namespace meshcert;
using namespace meshcert::testing;

namespace {

constexpr FindingSpec kSpec{"validity.expired", Severity::error, Severity::error, "m", "f", ""};

Report report_with(std::vector<Severity> severities, std::uint64_t unread, FailOn fail_on) {
  Report report;
  report.inventory.artifacts.emplace_back();
  report.unread = unread;
  report.fail_on = fail_on;
  for (const Severity severity : severities) report.findings.push_back({&kSpec, severity, {}, "", {}});
  return report;
}

}  // namespace

TEST_CASE("the exit status follows contract 2") {
  struct Row {
    std::vector<Severity> severities;
    std::uint64_t unread;
    FailOn fail_on;
    ExitStatus status;
    std::string_view verdict;
  };
  using enum Severity;
  const std::vector<Row> rows{
      {{}, 0, FailOn::error, ExitStatus::pass, "pass"},
      {{warning, info}, 0, FailOn::error, ExitStatus::pass, "pass"},
      {{info, error}, 0, FailOn::error, ExitStatus::findings, "fail"},
      {{warning}, 0, FailOn::warning, ExitStatus::findings, "fail"},
      {{info}, 0, FailOn::warning, ExitStatus::pass, "pass"},
      {{info}, 0, FailOn::info, ExitStatus::findings, "fail"},
      {{error}, 0, FailOn::never, ExitStatus::pass, "pass"},
      {{}, 1, FailOn::error, ExitStatus::incomplete, "incomplete"},
      {{error}, 1, FailOn::error, ExitStatus::incomplete, "incomplete"},
      {{error}, 1, FailOn::never, ExitStatus::incomplete, "incomplete"},
  };
  for (const Row& row : rows) {
    const Report report = report_with(row.severities, row.unread, row.fail_on);
    CHECK(exit_status(report) == row.status);
    CHECK(verdict(report) == row.verdict);
  }
}

TEST_CASE("nothing looked at is never a pass") {
  CHECK(exit_status(Report{}) == ExitStatus::incomplete);
}

TEST_CASE("make_report counts what is lost, whatever the selection hides") {
  Inventory inventory;
  inventory.artifacts.emplace_back();
  inventory.artifacts[0].defects.push_back({DefectKind::malformed, {}, "cut off", true});
  inventory.artifacts[0].defects.push_back({DefectKind::double_base64, {}, "", false});
  inventory.defects.push_back({DefectKind::empty, {}, "", true});
  inventory.errors.push_back({{}, "Permission denied"});
  const Report report =
      make_report("inspect", std::move(inventory), {}, Selection{{"validity"}, {}}, FailOn::error);
  CHECK(report.unread == 3);
  CHECK(report.findings.empty());
  CHECK(exit_status(report) == ExitStatus::incomplete);
}
