// Formats of a sweep for CI and monitoring: what is there of a run of which nothing was kept.
#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "meshcert/sweep.hpp"
#include "report/page.hpp"
#include "tests/unit/report/hand_made.hpp"

using namespace meshcert;
using namespace meshcert::testing;

namespace {

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

/// Swept is what a sweep would have made of the report.
struct Swept {
  Soonest soonest{100, 10};
  SweepReport sweep;
  explicit Swept(const Report& report) : sweep(report::condense(report, soonest)) {
    for (const Artifact& artifact : report.inventory.artifacts)
      sweep.resources.push_back({artifact.source.file, artifact.name, nullptr});
    sweep.summary.verdict = verdict(sweep);
  }
};

}  // namespace

TEST_CASE("junit: a sweep has the cases of a report") {
  const Report report = healthy_and_expired();
  const Swept swept(report);
  CHECK(render_sweep_junit(swept.sweep, {}) == render_junit(report, {}));
}

TEST_CASE("junit: a case whose findings were too many to be kept still fails") {
  Swept swept(healthy_and_expired());
  swept.sweep.resources[0].failure = swept.sweep.report.findings[1].spec;
  swept.sweep.report.findings.clear();
  const std::string xml = render_sweep_junit(swept.sweep, {});
  CHECK(has(xml, R"(tests="3" failures="1" errors="0")"));
  CHECK(has(xml, R"(<failure type="validity.expired" message=")"));
  CHECK(has(xml, R"(name="ROOTCA" time="0"/>)"));
}

TEST_CASE("junit: resources that were too many to be named are counted") {
  Swept swept(healthy_and_expired());
  CHECK_FALSE(has(render_sweep_junit(swept.sweep, {}), "left_out"));
  swept.sweep.resources_left_out = 7;
  CHECK(has(render_sweep_junit(swept.sweep, {}), R"(<property name="resources_left_out" value="7"/>)"));
}

TEST_CASE("junit: octets that could not be used are an error of their resource") {
  Swept swept(healthy_and_expired());
  swept.sweep.lost.push_back(
      {{"dump.json", 21, "/a/1", {}}, "cut off", ArtifactKind::trust_bundle, "ROOTCA", ""});
  CHECK(has(render_sweep_junit(swept.sweep, {}), R"(message="dump.json:21 /a/1: cut off")"));
}

TEST_CASE("sarif: results, what could not be read, and what is not listed") {
  Swept swept(healthy_and_expired());
  swept.sweep.lost.push_back(
      {{"dump.json", 21, "/a/1", {}}, "cut off", ArtifactKind::trust_bundle, "ROOTCA", ""});
  swept.sweep.findings_left_out = 5;
  const auto run = nlohmann::json::parse(render_sweep_sarif(swept.sweep, {}))["runs"][0];
  CHECK(run["results"].size() == 2);
  const auto& invocation = run["invocations"][0];
  CHECK(invocation["executionSuccessful"] == false);
  CHECK(invocation["exitCode"] == 3);
  const auto& notifications = invocation["toolExecutionNotifications"];
  REQUIRE(notifications.size() == 3);
  CHECK(notifications[0]["message"]["text"] == "Permission denied");
  CHECK(notifications[1]["message"]["text"] == "dump.json:21 /a/1: cut off");
  CHECK(notifications[2]["message"]["text"] == "5 more findings are not listed here; -o ndjson has all");
}

TEST_CASE("nagios: numbers are of all, whatever is listed") {
  Swept swept(healthy_and_expired());
  swept.sweep.summary.findings = {0, 1, 30'000};
  swept.sweep.findings_left_out = 29'999;
  const std::string text = render_sweep_nagios(swept.sweep, {});
  CHECK(text.starts_with("MESHCERT CRITICAL - "));
  CHECK(has(text, "errors=30000;;0;0 warnings=1;0;;0"));
  CHECK(has(text, "next_expiry=283989600s"));
  CHECK(has(text, "\nand 29999 more; "));
}

TEST_CASE("nagios: critical wins over unknown over warning in a sweep, too") {
  Swept swept(healthy_and_expired());
  swept.sweep.summary.findings = {0, 0, 1};
  CHECK(nagios_status(swept.sweep) == 2);
  swept.sweep.summary.findings = {0, 1, 0};
  CHECK(nagios_status(swept.sweep) == 3);
  swept.sweep.summary.unread = 0;
  CHECK(nagios_status(swept.sweep) == 1);
  swept.sweep.interrupted = true;
  CHECK(nagios_status(swept.sweep) == 3);
  swept.sweep.interrupted = false;
  swept.sweep.summary.findings = {9, 0, 0};
  CHECK(nagios_status(swept.sweep) == 0);
}

TEST_CASE("markdown: what breaks next, the soonest, each code with an example and its fix") {
  Swept swept(healthy_and_expired());
  const std::string text = render_sweep_markdown(swept.sweep, {});
  CHECK(text.starts_with("### meshcert sweep: incomplete\n\n**1 certificate has expired; next: CN=R"));
  CHECK(has(text, "| 2h ago | 2024-01-02T00:00:00Z | expired | `spiffe://cluster.local/ns/shop/sa/cart` |"));
  CHECK(has(text, "- **error** `validity.expired`: 1 time<br>"));
  CHECK(has(text, "**fix:** restart the pod"));
  CHECK(has(text, "- **unread** `other.pem`<br>\n  Permission denied"));
}

TEST_CASE("markdown: a comment holds it, however much was found") {
  Report report = healthy_and_expired();
  for (int i = 0; i < 5000; ++i) {
    report.findings.push_back(report.findings[0]);
    report.inventory.errors.push_back(report.inventory.errors[0]);
  }
  const std::string text = render_sweep_markdown(Swept(report).sweep, {});
  CHECK(has(text, "4981 more could not be read"));
  CHECK(text.size() < 65536);
}
