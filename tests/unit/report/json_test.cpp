// The shape of the JSON report, and the schema that says so.
#include <doctest/doctest.h>

#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "tests/support/json_schema.hpp"
#include "tests/unit/report/hand_made.hpp"

using namespace meshcert;
using namespace meshcert::testing;

namespace {

nlohmann::json report_schema() {
  std::ifstream file(MESHCERT_SOURCE_DIR "/docs/report.schema.json");
  REQUIRE(file);
  return nlohmann::json::parse(file);
}

std::vector<std::string> keys_of(const nlohmann::ordered_json& object) {
  std::vector<std::string> keys;
  for (const auto& [key, value] : object.items()) keys.push_back(key);
  return keys;
}

using Keys = std::vector<std::string>;

}  // namespace

TEST_CASE("keys stand in the order of the contract") {
  const auto document = nlohmann::ordered_json::parse(render_json(healthy_and_expired(), {}));
  CHECK(keys_of(document) == Keys{"schema", "tool", "at", "verb", "profile", "verdict", "summary",
                                  "artifacts", "findings", "errors"});
  CHECK(keys_of(document["summary"]) ==
        Keys{"inputs", "skipped", "artifacts", "certificates", "findings", "unread"});
  CHECK(keys_of(document["artifacts"][0]) ==
        Keys{"kind", "name", "resource", "source", "state", "trust_domain", "certificates", "key"});
  CHECK(keys_of(document["artifacts"][0]["certificates"][0]) == Keys{"index",
                                                                     "role",
                                                                     "version",
                                                                     "subject",
                                                                     "issuer",
                                                                     "serial",
                                                                     "not_before",
                                                                     "not_after",
                                                                     "remaining_seconds",
                                                                     "lifetime_seconds",
                                                                     "is_ca",
                                                                     "path_length",
                                                                     "self_signed",
                                                                     "key",
                                                                     "signature_algorithm",
                                                                     "key_usage",
                                                                     "key_usage_critical",
                                                                     "extended_key_usage",
                                                                     "san",
                                                                     "san_critical",
                                                                     "malformed",
                                                                     "spiffe_id",
                                                                     "subject_key_id",
                                                                     "authority_key_id",
                                                                     "sha256"});
  CHECK(keys_of(document["findings"][0]) ==
        Keys{"code", "severity", "message", "source", "resource", "facts", "fix", "reference"});
}

TEST_CASE("values are those of the report") {
  const auto document = nlohmann::json::parse(render_json(healthy_and_expired(), {}));
  CHECK(document["schema"] == "meshcert/report/v1");
  CHECK(document["at"] == "2024-01-02T02:00:00Z");
  CHECK(document["verdict"] == "incomplete");
  CHECK(document["summary"] ==
        nlohmann::json::parse(R"({"inputs": 1, "skipped": 0, "artifacts": 3, "certificates": 3,
                                  "findings": {"error": 1, "warning": 1, "info": 0}, "unread": 1})"));
  const auto& leaf = document["artifacts"][0]["certificates"][0];
  CHECK(leaf["serial"] == "6fbe");
  CHECK(leaf["remaining_seconds"] == -7200);
  CHECK(leaf["lifetime_seconds"] == 86400);
  CHECK(leaf["key_usage"].is_null());
  CHECK(leaf["key_usage_critical"] == false);
  CHECK(leaf["san"] ==
        nlohmann::json::parse(R"([{"type": "URI", "value": "spiffe://cluster.local/ns/shop/sa/cart"}])"));
  CHECK(leaf["spiffe_id"] == nlohmann::json::parse(R"({"id": "spiffe://cluster.local/ns/shop/sa/cart",
      "trust_domain": "cluster.local", "path": "/ns/shop/sa/cart", "namespace": "shop", "service_account": "cart"})"));
  CHECK(document["artifacts"][1]["certificates"][1]["spiffe_id"].is_null());
  CHECK(document["artifacts"][2]["state"] == "uninitialized");
  CHECK(document["errors"] ==
        nlohmann::json::parse(R"([{"source": {"file": "other.pem", "line": 0, "pointer": null,
      "certificate": null}, "message": "Permission denied"}])"));
}

TEST_CASE("facts keep their types, and turns of phrase stay out") {
  Report report = healthy_and_expired();
  report.findings[1].facts = {{"text", "a"},
                              {"number", -3},
                              {"truth", true},
                              {"instant", instant("2024-01-01T00:00:00Z")},
                              {"length", Seconds(60)},
                              {"_phrase", "b"},
                              {"expired_seconds", Seconds(1)},
                              {"who", "c"}};
  const auto document = nlohmann::json::parse(render_json(report, {}));
  CHECK(document["findings"][1]["facts"] ==
        nlohmann::json::parse(
            R"({"text": "a", "number": -3, "truth": true, "instant": "2024-01-01T00:00:00Z", "length": 60,
                                  "expired_seconds": 1, "who": "c"})"));
}

TEST_CASE("two URI names are no SPIFFE ID, one is") {
  for (const auto& [uris, is_null] :
       std::vector<std::pair<std::vector<std::string>, bool>>{{{"spiffe://a/b"}, false},
                                                              {{"spiffe://a/b", "spiffe://a/c"}, true},
                                                              {{"https://a/b"}, true},
                                                              {{}, true}}) {
    Report report;
    report.inventory.artifacts.emplace_back();
    add_certificate(report.inventory.artifacts.back(), {"a", uris, {"dns.example"}});
    const auto document = nlohmann::json::parse(render_json(report, {}));
    CHECK(document["artifacts"][0]["certificates"][0]["spiffe_id"].is_null() == is_null);
  }
}

TEST_CASE("reports keep to the schema, hostile ones too") {
  const auto schema = report_schema();
  CHECK(schema_faults(schema, nlohmann::json::parse(render_json(healthy_and_expired(), {}))) == Keys{});
  CHECK(schema_faults(schema, nlohmann::json::parse(render_json(hostile_report("\xff\x1b"), {}))) == Keys{});
}

TEST_CASE("the schema refuses what the contract does not have") {
  const auto schema = report_schema();
  const auto right = nlohmann::json::parse(render_json(healthy_and_expired(), {}));
  const std::vector<std::pair<std::string, nlohmann::json>> wrong{
      {"/verdict", "maybe"},          {"/summary/inputs", -1},
      {"/at", "2024-01-02"},          {"/artifacts/0/certificates/0/serial", "0F"},
      {"/artifacts/0/state", "lost"}, {"/artifacts/0/unknown", 1},
      {"/findings/0/facts/x", 1.5},   {"/artifacts/0/certificates/0/subject_key_id", "abc"}};
  for (const auto& change : wrong) {
    CAPTURE(change.first);
    auto document = right;
    document[nlohmann::json::json_pointer(change.first)] = change.second;
    CHECK(schema_faults(schema, document).size() == 1);
  }
  auto lacking = right;
  lacking["artifacts"][0]["certificates"][0].erase("malformed");
  CHECK(schema_faults(schema, lacking).size() == 1);
}
