// SARIF: what code scanning needs of it.
#include <doctest/doctest.h>

#include <nlohmann/json.hpp>
#include <set>

#include "tests/unit/report/hand_made.hpp"

using namespace meshcert;
using namespace meshcert::testing;
using Json = nlohmann::json;

namespace {

Json run_of(const Report& report) {
  return Json::parse(render_sarif(report, {})).at("runs").at(0);
}

}  // namespace

TEST_CASE("sarif: a result leads to its rule, which says what to do") {
  const Json run = run_of(healthy_and_expired());
  const Json& result = run["results"][1];
  CHECK(result["ruleId"] == "validity.expired");
  CHECK(result["level"] == "error");
  CHECK(result["message"]["text"] == "default, certificate 0: expired 2h ago\nFix: restart the pod");
  const Json& rule = run["tool"]["driver"]["rules"][result["ruleIndex"].get<std::size_t>()];
  CHECK(rule["id"] == "validity.expired");
  CHECK(rule["defaultConfiguration"]["level"] == "error");
  for (const char* key : {"shortDescription", "fullDescription", "help"})
    CHECK(rule[key]["text"].get<std::string>().size() > 20);
  CHECK(rule["help"]["markdown"].get<std::string>().find("**How to fix.**") != std::string::npos);
}

TEST_CASE("sarif: the place is a file and a line, a resource and a pointer") {
  const Json location = run_of(healthy_and_expired())["results"][1]["locations"][0];
  CHECK(location["physicalLocation"]["artifactLocation"]["uri"] == "dump.json");
  CHECK(location["physicalLocation"]["region"]["startLine"] == 12);
  CHECK(location["logicalLocations"][0]["name"] == "default");
  CHECK(location["logicalLocations"][1]["fullyQualifiedName"] == "/a/0");
}

TEST_CASE("sarif: names of files become URIs") {
  Report report = healthy_and_expired();
  const auto uri = [&](const std::string& file) {
    report.findings[0].where.file = file;
    return run_of(report)["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"];
  };
  CHECK(uri("certs/a b.pem") == "certs/a%20b.pem");
  CHECK(uri("/etc/certs/x.pem") == "file:///etc/certs/x.pem");
  CHECK(uri("c:/x") == "c%3A/x");
  CHECK(uri("\xff#?%") == "%FF%23%3F%25");
  CHECK(uri("-") == "-");
}

TEST_CASE("sarif: fingerprints stay when lines, times and certificates change, and tell places apart") {
  const auto fingerprint = [](const Report& report, std::size_t at) {
    return run_of(report)["results"][at]["partialFingerprints"]["primaryLocationLineHash"].get<std::string>();
  };
  Report report = healthy_and_expired();
  const std::string before = fingerprint(report, 1);
  report.findings[1].where.line = 99;
  report.findings[1].facts[0].value = Seconds(9999);
  CHECK(fingerprint(report, 1) == before);
  report.findings[1].where.certificate = 1;
  CHECK(fingerprint(report, 1) != before);
  report.findings.push_back(report.findings[1]);
  CHECK(fingerprint(report, 2) != fingerprint(report, 1));
}

TEST_CASE("sarif: what could not be read is a notification of a run that did not succeed") {
  Report report = healthy_and_expired();
  const Json invocation = run_of(report)["invocations"][0];
  CHECK(invocation["executionSuccessful"] == false);
  CHECK(invocation["exitCode"] == 3);
  CHECK(invocation["toolExecutionNotifications"][0]["message"]["text"] == "Permission denied");
  report.inventory.errors.clear();
  report.unread = 0;
  CHECK(run_of(report)["invocations"][0]["executionSuccessful"] == true);
  CHECK(run_of(report)["invocations"][0]["exitCode"] == 1);
}

TEST_CASE("sarif: a text is neither a link nor a placeholder") {
  Report report = healthy_and_expired();
  report.findings[0].resource = "[here](https://example.org) {0}";
  const std::string text = run_of(report)["results"][0]["message"]["text"];
  CHECK(text.starts_with("[here\\x5d(https://example.org) {{0}}, certificate 1: "));
}

TEST_CASE("sarif: levels") {
  Report report = healthy_and_expired();
  report.findings[0].severity = Severity::info;
  report.findings.push_back(report.findings[0]);
  report.findings[2].severity = Severity::warning;
  std::set<std::string> levels;
  const Json run = run_of(report);
  for (const Json& result : run["results"]) levels.insert(result["level"]);
  CHECK(levels == std::set<std::string>{"error", "note", "warning"});
}
