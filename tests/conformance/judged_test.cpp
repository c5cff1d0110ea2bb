// What the path verifier refuses, `chain` never passes: over the cases of suite `chain`, the verdict
// of the report against the path that it shows.
#include <doctest/doctest.h>

#include <algorithm>
#include <iterator>
#include <memory>
#include <string>

#include "meshcert/chain_report.hpp"
#include "meshcert/inspect.hpp"
#include "meshcert/verification.hpp"
#include "tests/conformance/compare.hpp"
#include "tests/conformance/pem_case.hpp"
#include "tests/support/collector.hpp"
#include "tests/support/source_tree.hpp"

using namespace meshcert;
using namespace meshcert::conformance;

namespace {

std::vector<Artifact> read_all(const Json& row, const char* member) {
  std::vector<Artifact> artifacts;
  const auto pems = text_list(row, member);
  REQUIRE(pems.has_value());
  for (const std::string& pem : *pems) {
    const std::string name = std::string(member) + std::to_string(artifacts.size()) + ".pem";
    auto found = testing::read(name, pem);
    std::ranges::move(found.artifacts, std::back_inserter(artifacts));
  }
  return artifacts;
}

std::shared_ptr<Verification> verification_of(const Json& row) {
  auto told = std::make_shared<Verification>();
  told->asked = true;
  told->trusted = read_all(row, "trusted_pems");
  told->untrusted = read_all(row, "untrusted_pems");
  told->crls = read_all(row, "crl_pems");
  return told;
}

struct Judged {
  bool shown = false, holds = false;
  std::vector<Finding> findings;
  std::string text;  ///< the faults of the path, then the findings
  [[nodiscard]] bool is_error() const {
    return std::ranges::find(findings, Severity::error, &Finding::severity) != findings.end();
  }
  [[nodiscard]] bool has(std::string_view code) const {
    return std::ranges::any_of(findings, [&](const Finding& finding) { return finding.spec->code == code; });
  }
};

Judged judge_row(const Json& row) {
  Inventory inventory;
  inventory.artifacts = testing::read("peer.pem", row["peer_pem"].get<std::string>()).artifacts;
  Policy policy;
  policy.at = *instant_of(row);
  policy.verification = verification_of(row);
  Selection selection{{"chain", "validity", "input", "secret-state"}, {}};
  selection.losses = true;
  Judged judged;
  judged.findings = judge(inventory, policy, selection);
  const auto reports = report_chains(inventory, policy);
  judged.shown = !reports.empty();
  if (!judged.shown) return judged;
  const ChainReport::Path& path = reports.front().paths.front();
  judged.holds = path.holds;
  for (const PathFault& fault : path.faults) judged.text += "\n  path: " + fault.code + " " + fault.message;
  for (const Finding& finding : judged.findings)
    judged.text += "\n  finding: " + std::string(finding.spec->code) + " " + message_of(finding);
  return judged;
}

std::vector<Expectation> all_rows() {
  auto rows = read_expectations(testing::source_root() + "/tests/conformance/chain.jsonl");
  if (const auto more = vectors_directory())
    std::ranges::copy(read_expectations((*more / "chain.jsonl").string()), std::back_inserter(rows));
  return rows;
}

}  // namespace

TEST_CASE("a path that does not hold is told as an error") {
  std::size_t refused = 0;
  for (const Expectation& row : all_rows()) {
    const Judged judged = judge_row(row.row);
    if (!judged.shown || judged.holds) continue;
    ++refused;
    CHECK_MESSAGE(judged.is_error(), row.row["id"].dump() << judged.text);
  }
  CHECK(refused > 10);
}

TEST_CASE("what CRLs say of a path is told by its own code, and of one that holds nothing is") {
  std::size_t with_crls = 0;
  for (const Expectation& row :
       read_expectations(testing::source_root() + "/tests/conformance/chain.jsonl")) {
    if (!row.row.contains("crl_pems")) continue;
    ++with_crls;
    const Judged judged = judge_row(row.row);
    CAPTURE(row.row["id"].dump());
    CAPTURE(judged.text);
    CHECK(judged.holds == (row.expected["actual"] == "SUCCESS"));
    // Good by RFC 5280, and not for peers that use no such CRL, or look for its signer on the path alone.
    CHECK((judged.is_error() != judged.holds || judged.has("chain.crl-unused-by-peers") ||
           row.row["id"] == "crl-of-second-key"));
    if (row.expected.contains("codes"))
      for (const Json& code : row.expected["codes"]) CHECK(judged.has(code.get<std::string>()));
  }
  CHECK(with_crls > 8);
}
