// What an input states of a certificate: compared with it, or judged without it.
#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "checks/metadata.hpp"
#include "meshcert/input.hpp"
#include "meshcert/inspect.hpp"
#include "tests/support/collector.hpp"
#include "tests/support/source_tree.hpp"

using namespace meshcert;
using namespace meshcert::checks;
using namespace meshcert::testing;

namespace {

Instant at(std::string_view text) {
  return parse_rfc3339(text).value();
}

std::vector<std::string> codes_of(const Listed& listed, std::string_view when) {
  Inventory inventory;
  Artifact& artifact = inventory.artifacts.emplace_back();
  artifact.kind = ArtifactKind::workload_chain;
  artifact.source.file = "f";
  artifact.listed.push_back(listed);
  Policy policy;
  policy.at = at(when);
  std::vector<std::string> codes;
  for (const Finding& finding : judge(inventory, policy, Selection{{"validity"}, {}}))
    codes.emplace_back(finding.spec->code);
  return codes;
}

}  // namespace

TEST_CASE("what is stated is compared field by field, as numbers and whole seconds") {
  const Collector found = read("f.pem", read_source("certs/workload/healthy.pem"));
  REQUIRE(found.certificates() == 1);
  const Certificate& leaf = found.artifacts[0].certificates[0];
  const std::string serial = serial_hex(leaf);
  const std::string id = "spiffe://cluster.local/ns/my-ns/sa/my-sa";

  Listed same;
  CHECK(disagreements(same, leaf).empty());  // nothing stated, nothing to say
  same.serial = same.serial_text = serial;
  same.not_before = leaf.not_before;
  same.not_after = leaf.not_after;
  same.uris = {id};
  CHECK(disagreements(same, leaf).empty());

  struct Row {
    std::string_view field;
    void (*change)(Listed&);
    std::string stated, found;
  };
  const Row rows[] = {
      {"serial number", [](Listed& l) { l.serial = l.serial_text = "ff"; }, "ff", serial},
      {"serial number",
       [](Listed& l) {
         l.serial = "ff";
         l.serial_text = "255";
       },
       "255 (hex ff)", serial},
      {"notBefore", [](Listed& l) { *l.not_before += Seconds(1); }, "2023-12-31T23:58:01Z",
       "2023-12-31T23:58:00Z"},
      {"notAfter", [](Listed& l) { *l.not_after -= Seconds(1); }, "2024-01-01T23:59:59Z",
       "2024-01-02T00:00:00Z"},
      {"identity", [](Listed& l) { l.uris = {"spiffe://cluster.local/ns/my-ns/sa/other"}; },
       "spiffe://cluster.local/ns/my-ns/sa/other", id},
  };
  for (const Row& row : rows) {
    Listed changed = same;
    row.change(changed);
    const auto differences = disagreements(changed, leaf);
    REQUIRE(differences.size() == 1);
    CHECK(differences[0].field == row.field);
    CHECK(differences[0].stated == row.stated);
    CHECK(differences[0].found == row.found);
  }
}

TEST_CASE("a serial number agrees in decimal where hex was expected") {
  const Collector found = read("f.pem", read_source("certs/input/serial-zero.pem"));
  REQUIRE(found.certificates() == 1);
  Listed listed;
  listed.serial = listed.serial_text = "0";
  CHECK(disagreements(listed, found.artifacts[0].certificates[0]).empty());
  const Collector root = read("f.pem", read_source("certs/pki/root.pem"));
  const Certificate& certificate = root.artifacts.at(0).certificates.at(0);
  listed.serial = listed.serial_text = "84338409322084121998067585752940085259";
  CHECK(disagreements(listed, certificate).empty());
  listed.serial = listed.serial_text = "84338409322084121998067585752940085250";
  CHECK(disagreements(listed, certificate).size() == 1);
}

TEST_CASE("dates stated are judged by the rules of validity, as far as they go") {
  struct Row {
    std::string_view begin, end, when;
    std::vector<std::string> codes;
  };
  using Codes = std::vector<std::string>;
  const Row rows[] = {
      {"2024-01-01T00:00:00Z", "2024-01-02T00:00:00Z", "2024-01-01T06:00:00Z", {}},
      {"2024-01-01T00:00:00Z", "2024-01-02T00:00:00Z", "2024-01-02T00:00:00Z", {"validity.critical"}},
      {"2024-01-01T00:00:00Z", "2024-01-02T00:00:00Z", "2024-01-02T00:00:01Z", {"validity.expired"}},
      {"2024-01-01T00:00:00Z", "2024-01-02T00:00:00Z", "2023-12-31T23:00:00Z", {"validity.not-yet-valid"}},
      {"2024-01-03T00:00:00Z",
       "2024-01-02T00:00:00Z",
       "2024-01-02T12:00:00Z",
       {"validity.expired", "validity.inverted"}},
      {"2024-01-03T00:00:00Z", "2024-01-02T00:00:00Z", "2024-01-01T12:00:00Z", {"validity.inverted"}},
      {"", "2024-01-02T00:00:00Z", "2024-01-01T23:59:59Z", {}},
      {"", "2024-01-02T00:00:00Z", "2024-01-03T00:00:00Z", {"validity.expired"}},
      {"2024-01-01T00:00:00Z", "", "2024-01-03T00:00:00Z", {}},
      {"2024-01-01T00:00:00Z", "", "2023-01-03T00:00:00Z", {"validity.not-yet-valid"}},
      {"", "", "2024-01-03T00:00:00Z", {}},
  };
  for (const Row& row : rows) {
    CAPTURE(row.begin);
    CAPTURE(row.end);
    CAPTURE(row.when);
    Listed listed;
    listed.where = SourceRef{"f", 1, "/0"};
    if (!row.begin.empty()) listed.not_before = at(row.begin);
    if (!row.end.empty()) listed.not_after = at(row.end);
    CHECK(codes_of(listed, row.when) == row.codes);
    CHECK(codes_of(Listed{}, row.when) == Codes{});
  }
}

TEST_CASE("a warning comes at the threshold of a leaf or of a CA") {
  Listed listed;
  listed.not_before = at("2023-01-01T00:00:00Z");
  listed.not_after = at("2033-01-01T00:00:00Z");
  listed.is_ca = true;
  const auto ca = codes_of(listed, "2032-10-25T00:00:00Z");
  listed.is_ca = false;
  const auto leaf = codes_of(listed, "2032-10-25T00:00:00Z");
  CHECK(ca == std::vector<std::string>{"validity.expiring"});
  CHECK(leaf.empty());
}
