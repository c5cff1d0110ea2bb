// JUnit, Markdown and Nagios: what their readers count and rely on.
#include <doctest/doctest.h>

#include <algorithm>

#include "report/markdown_text.hpp"
#include "tests/unit/report/hand_made.hpp"

using namespace meshcert;
using namespace meshcert::testing;

namespace {

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

Report readable() {
  Report report = healthy_and_expired();
  report.inventory.errors.clear();
  report.unread = 0;
  return report;
}

}  // namespace

TEST_CASE("junit: a case for each resource, a suite for each input") {
  const std::string xml = render_junit(healthy_and_expired(), {});
  CHECK(has(
      xml,
      R"(name="dump.json" timestamp="2024-01-02T02:00:00" hostname="localhost" tests="3" failures="1" errors="0")"));
  CHECK(has(xml, R"(<testcase classname="dump.json" name="ROOTCA" time="0"/>)"));
  CHECK(has(xml, R"(<failure type="validity.expired" message="expired 2h ago">)"));
  CHECK(has(
      xml,
      R"(name="other.pem" timestamp="2024-01-02T02:00:00" hostname="localhost" tests="1" failures="0" errors="1")"));
  CHECK(has(xml, R"(<error type="unread" message="Permission denied">)"));
}

TEST_CASE("junit: --fail-on says what is a failure; the rest is output") {
  Report report = readable();
  const auto failures = [&](FailOn fail_on) {
    report.fail_on = fail_on;
    const std::string xml = render_junit(report, {});
    return has(xml, R"(failures="2")") ? 2 : has(xml, R"(failures="1")") ? 1 : 0;
  };
  CHECK(failures(FailOn::never) == 0);
  CHECK(has(render_junit(report, {}), "<system-out>warning root.twin-subject"));
  CHECK(failures(FailOn::error) == 1);
  CHECK(failures(FailOn::warning) == 2);
}

TEST_CASE("junit: lost octets are an error even where nothing fails the run") {
  Report report = readable();
  report.fail_on = FailOn::never;
  report.inventory.artifacts[1].defects.push_back(
      {DefectKind::malformed, {"dump.json", 21, "/a/1", {}}, "cut off", true});
  const std::string xml = render_junit(report, {});
  CHECK(has(xml, R"(tests="3" failures="0" errors="1")"));
  CHECK(has(xml, R"(message="dump.json:21 /a/1: cut off")"));
}

TEST_CASE("junit: nothing to inspect is an error, not an empty success") {
  CHECK(has(render_junit(Report{}, {}), R"(<error type="unread" message="nothing to inspect was found">)"));
}

TEST_CASE("markdown: the worst first, then the certificates to unfold") {
  const std::string text = render_markdown(healthy_and_expired(), {});
  CHECK(text.starts_with(
      "### meshcert inspect: incomplete\n\n3 certificates in 3 resources, 1 input: 1 error, 1 warning"));
  CHECK(text.find("`validity.expired`") < text.find("`root.twin-subject`"));
  CHECK(has(text, "| `default` | `spiffe://cluster.local/ns/shop/sa/cart` | Cert Chain | false | 2h ago |"));
  RenderOptions quiet;
  quiet.quiet = true;
  CHECK_FALSE(has(render_markdown(healthy_and_expired(), quiet), "<details>"));
}

TEST_CASE("markdown: what is left out is counted") {
  Report report = readable();
  for (int number = 0; number < 100; ++number) report.findings.push_back(report.findings[0]);
  const std::string text = render_markdown(report, {});
  CHECK(has(text, "52 more findings are not shown here"));
  CHECK(text.size() < 65536);
}

TEST_CASE("markdown: text, code and cells") {
  using namespace report;
  CHECK(markdown_text("a*b_c [d](e) <f>") == "a\\*b\\_c \\[d\\](e) \\<f\\>");
  CHECK(markdown_text("at: 12:30 https://x") == "at: 12:30 https\\://x");
  CHECK(markdown_text("@team #1") == "@<!-- -->team #<!-- -->1");
  CHECK(markdown_code("") == "");
  CHECK(markdown_code("a") == "`a`");
  CHECK(markdown_code("a`b") == "``a`b``");
  CHECK(markdown_code("`") == "`` ` ``");
  CHECK(markdown_cell("a|b") == "`a\\|b`");
  CHECK(markdown_prose("run `a | b` *now*") == "run `a | b` \\*now\\*");
  CHECK(markdown_prose("one ` only") == "one \\` only");
}

TEST_CASE("nagios: critical wins over unknown over warning") {
  struct Expected {
    std::vector<Severity> severities;
    std::uint64_t unread;
    int status;
    std::string_view word;
  };
  using enum Severity;
  const std::vector<Expected> table{{{}, 0, 0, "OK"},
                                    {{info}, 0, 0, "OK"},
                                    {{warning}, 0, 1, "WARNING"},
                                    {{warning, error}, 0, 2, "CRITICAL"},
                                    {{error}, 1, 2, "CRITICAL"},
                                    {{warning}, 1, 3, "UNKNOWN"}};
  for (const Expected& expected : table) {
    Report report = readable();
    const Finding any = report.findings[0];
    report.findings.clear();
    report.unread = expected.unread;
    for (const Severity severity : expected.severities) {
      report.findings.push_back(any);
      report.findings.back().severity = severity;
    }
    CHECK(nagios_status(report) == expected.status);
    CHECK(render_nagios(report, {}).starts_with("MESHCERT " + std::string(expected.word) + " - "));
  }
}

TEST_CASE("nagios: the numbers") {
  const std::string text = render_nagios(healthy_and_expired(), {});
  CHECK(has(
      text,
      " | certificates=3;;;0 errors=1;;0;0 warnings=1;0;;0 infos=0;;;0 unread=1;;;0 next_expiry=283989600s;;;0\n"));
  CHECK(has(text,
            "\n[CRITICAL] validity.expired default, certificate 0: expired 2h ago (dump.json:12 /a/0)\n"));
  CHECK(has(text, "\n[UNKNOWN] other.pem: Permission denied\n"));
}

TEST_CASE("nagios: lines and their number are bounded, and it says so") {
  Report report = readable();
  report.findings[0].resource = std::string(10000, 'x');
  for (int number = 0; number < 100; ++number) report.findings.push_back(report.findings[0]);
  const std::string text = render_nagios(report, {});
  CHECK(std::ranges::count(text, '\n') == 22);
  CHECK(has(text, "\nand 82 more; "));
  CHECK(text.size() < 16384);
}

TEST_CASE("a name is escaped once, whatever the format") {
  Report report = readable();
  report.findings[0].resource = "a\x1b[2Jb";
  report.findings[0].where.pointer = "/c\x1b";
  for (const auto render : {&render_nagios, &render_junit, &render_sarif, &render_html}) {
    const std::string text = render(report, {});
    CHECK(has(text, "a\\x1b[2Jb") != has(text, "a\\\\x1b[2Jb"));
    // In JSON, one backslash is two.
    if (render != &render_sarif) CHECK(!has(text, "\\\\x1b"));
    CHECK(!has(text, "\\\\\\\\x1b"));
  }
}
