// Which findings of a long run are listed: the worst, in their order.
#include <doctest/doctest.h>

#include <cstddef>
#include <cstdint>
#include <vector>

#include "meshcert/batch.hpp"

using namespace meshcert;
using meshcert::cli::Batch;

namespace {

Finding finding(Severity severity, std::size_t line) {
  static constexpr FindingSpec kSpec{"test.one", Severity::info, Severity::info, "", "", ""};
  Finding one;
  one.spec = &kSpec;
  one.severity = severity;
  one.where.line = static_cast<std::uint32_t>(line);
  return one;
}

struct Kept {
  std::vector<Finding> findings;
  std::uint64_t left_out = 0;
  void add(Severity severity, std::size_t line) {
    cli::keep_finding(finding(severity, line), findings, left_out);
  }
};

}  // namespace

TEST_CASE("the worst of too many findings are kept, in their order") {
  Kept kept;
  for (std::size_t line = 1; line <= 3 * Batch::kKept; ++line) kept.add(Severity::warning, line);
  kept.add(Severity::error, 3 * Batch::kKept + 1);
  for (std::size_t line = 1; line <= Batch::kKept; ++line) kept.add(Severity::info, 4 * Batch::kKept + line);
  cli::keep_worst(kept.findings, kept.left_out);
  REQUIRE(kept.findings.size() == Batch::kKept);
  CHECK(kept.left_out == 3 * Batch::kKept + 1);
  CHECK(kept.findings.front().where.line == 1);
  CHECK(kept.findings.back().severity == Severity::error);
  CHECK(kept.findings[Batch::kKept - 2].where.line == Batch::kKept - 1);
}

TEST_CASE("as many as there is room for all stay") {
  Kept kept;
  for (std::size_t line = 1; line < Batch::kKept; ++line) kept.add(Severity::info, line);
  kept.add(Severity::error, Batch::kKept);
  cli::keep_worst(kept.findings, kept.left_out);
  CHECK(kept.findings.size() == Batch::kKept);
  CHECK(kept.left_out == 0);
}
