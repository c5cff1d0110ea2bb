// Formats with a row for each certificate. What writes JSON by hand is held against
// nlohmann, octet for octet.
#include <doctest/doctest.h>

#include <fstream>
#include <nlohmann/json.hpp>
#include <set>
#include <utility>

#include "meshcert/row.hpp"
#include "report/json_line.hpp"
#include "tests/support/json_schema.hpp"
#include "tests/unit/report/hand_made.hpp"

using namespace meshcert;
using namespace meshcert::testing;

namespace {

using Json = nlohmann::ordered_json;
using Texts = std::vector<std::string>;

Texts lines_of(const std::string& text) {
  Texts lines;
  std::size_t begin = 0;
  for (std::size_t end = 0; (end = text.find('\n', begin)) != std::string::npos; begin = end + 1)
    lines.push_back(text.substr(begin, end - begin));
  REQUIRE(begin == text.size());
  return lines;
}

std::string rows(const Report& report, std::string_view format) {
  const RowWriter* writer = find_row_writer(format);
  REQUIRE(writer != nullptr);
  return write_rows(report, *writer);
}

/// The samples of one family.
Texts samples(const std::string& text, const std::string& family) {
  Texts lines = lines_of(text);
  std::erase_if(lines, [&](const std::string& line) { return !line.starts_with(family + "{"); });
  return lines;
}

nlohmann::json schema() {
  std::ifstream file(MESHCERT_SOURCE_DIR "/docs/sweep-line.schema.json");
  REQUIRE(file);
  return nlohmann::json::parse(file);
}

/// The certificates of the JSON report, as lines begin.
Texts expected_certificates(const Report& report) {
  Texts texts;
  const Json document = Json::parse(render_json(report, {}));
  for (const Json& artifact : document["artifacts"]) {
    for (const Json& certificate : artifact["certificates"]) {
      const std::string text = certificate.dump(-1, ' ', true);
      texts.push_back(text.substr(0, text.size() - 1) + ",\"source\":");
    }
  }
  return texts;
}

}  // namespace

TEST_CASE("a text is written as nlohmann writes it, whatever its octets") {
  std::string all;
  for (int octet = 0; octet < 0x80; ++octet) all += static_cast<char>(octet);
  all += "\u00e9\u200b\u202e\ufffd\U0001f512\U0010ffff";
  for (const std::string& text : {std::string(), all, std::string("plain"), std::string(300, '"'),
                                  std::string(1999, 'x') + "\n" + std::string(5000, 'y')}) {
    std::string out;
    report::JsonLine(out).text(text);
    CHECK(out == nlohmann::json(text).dump(-1, ' ', true));
  }
}

TEST_CASE("an octet that needs an escape is found wherever it stands in a text of any length") {
  for (std::size_t size = 1; size <= 140; ++size) {
    for (std::size_t at = 0; at <= size; ++at) {
      std::string text(size, 'x');
      if (at < size) text[at] = "\"\\\n\x7f"[(size + at) % 4];
      std::string out;
      report::JsonLine(out).text(text);
      CHECK(out == nlohmann::json(text).dump(-1, ' ', true));
    }
  }
}

TEST_CASE("a line of many values is what nlohmann writes, commas and all") {
  Json expected = Json::object();
  std::string out;
  report::JsonLine line(out);
  line.open('{');
  for (int i = 0; i < 300; ++i) {
    const std::string key(static_cast<std::size_t>(i), 'k');
    line.key(key).open('[');
    line.number(std::int64_t{-i}), line.truth(i % 2 == 0), line.null(), line.text(key);
    line.open('{'), line.key("deep").plain(key), line.close('}');
    line.close(']');
    expected[key] = {-i, i % 2 == 0, nullptr, key, {{"deep", key}}};
  }
  line.close('}');
  CHECK(out == expected.dump());
}

TEST_CASE("what is not UTF-8 is replaced as nlohmann does, and carried in hex") {
  for (const std::string& text : {std::string("\xff"), std::string("a\xc3"), std::string("\xed\xa0\x80z"),
                                  std::string("\xf0\x9f\x98")}) {
    std::string out;
    report::JsonLine line(out);
    line.open('{');
    line.exact("key", text);
    line.close('}');
    const auto parsed = nlohmann::json::parse(out);
    CHECK(parsed["key"] == nlohmann::json::parse(nlohmann::json(text).dump(
                               -1, ' ', true, nlohmann::json::error_handler_t::replace)));
    CHECK(parsed["key_hex"].get<std::string>().size() == 2 * text.size());
  }
}

TEST_CASE("a line holds the certificate of the JSON report, octet for octet, and where it is") {
  for (const Report& report : {healthy_and_expired(), hostile_report("\xff\x1b\"\\\u202e,=")}) {
    const Texts expected = expected_certificates(report);
    const Texts lines = lines_of(rows(report, "ndjson"));
    REQUIRE(lines.size() > expected.size());
    for (std::size_t i = 0; i < expected.size(); ++i) CHECK(lines[i].starts_with(expected[i]));
  }
}

TEST_CASE("a row shows nothing of the one before it") {
  Report report;
  const std::vector<CertificateText> texts = {
      {.common_name = "all",
       .uris = {"spiffe://cluster.local/ns/a/sa/b"},
       .dns_names = {"a.example", "b.example"},
       .serial = "\x01\x02\x03\x04\x05\x06\x07\x08\x09\x0a\x0b\x0c\x0d\x0e\x0f\x10\x11"},
      {.common_name = "", .serial = "\x01"},
      {.common_name = "no workload of Istio", .uris = {"spiffe://cluster.local/other"}},
      {.common_name = "two", .uris = {"spiffe://a/b", "spiffe://c/d"}, .is_ca = true},
  };
  std::vector<Texts> alone;
  for (const CertificateText& text : texts) {
    Artifact artifact;
    add_certificate(artifact, text);
    report.inventory.artifacts.clear();
    report.inventory.artifacts.push_back(std::move(artifact));
    alone.push_back(lines_of(rows(report, "ndjson")));
  }
  for (const std::size_t first : {0U, 1U, 2U, 3U}) {
    for (const std::size_t second : {0U, 1U, 2U, 3U}) {
      report.inventory.artifacts.clear();
      for (const std::size_t which : {first, second})
        add_certificate(report.inventory.artifacts.emplace_back(), texts[which]);
      const Texts lines = lines_of(rows(report, "ndjson"));
      CHECK(lines[0] == alone[first][0]);
      CHECK(lines[1] == alone[second][0]);
    }
  }
}

TEST_CASE("a line says how the certificate fares, and what was found") {
  const Texts lines = lines_of(rows(healthy_and_expired(), "ndjson"));
  REQUIRE(lines.size() == 5);
  const auto leaf = nlohmann::json::parse(lines[0]);
  CHECK(leaf["status"] == "expired");
  CHECK(leaf["findings"] == nlohmann::json::parse(R"(["validity.expired"])"));
  CHECK(leaf["kind"] == "workload-chain");
  CHECK(leaf["name"] == "default");
  CHECK(leaf["resource"].is_null());
  CHECK(leaf["source"] ==
        nlohmann::json::parse(R"({"file": "dump.json", "line": 12, "pointer": "/a/0", "certificate": 0})"));
  const auto root = nlohmann::json::parse(lines[1]);
  CHECK(root["status"] == "ok");
  CHECK(root["findings"] == nlohmann::json::array());
  CHECK(nlohmann::json::parse(lines[3]) == nlohmann::json::parse(R"({"error": {"source":
      {"file": "other.pem", "line": 0, "pointer": null, "certificate": null}, "message": "Permission denied"}})"));
  CHECK(nlohmann::json::parse(lines[4]) == nlohmann::json::parse(R"({"summary": {"at": "2024-01-02T02:00:00Z",
      "inputs": 1, "skipped": 0, "artifacts": 3, "certificates": 3, "findings": {"error": 1, "warning": 1, "info": 0},
      "unread": 1, "status": {"ok": 2, "warning": 0, "critical": 0, "expired": 1, "not-yet-valid": 0},
      "kinds": {"trust-bundle": 2, "workload-chain": 1}, "lines": 4, "verdict": "incomplete"}})"));
}

TEST_CASE("lines keep to the schema, hostile ones too, and none carries a raw octet") {
  const auto rules = schema();
  for (const Report& report : {healthy_and_expired(), hostile_report("\xff\x1b\u202e")}) {
    for (const std::string& line : lines_of(rows(report, "ndjson"))) {
      CHECK(schema_faults(rules, nlohmann::json::parse(line)) == Texts{});
      CHECK(std::ranges::all_of(line, [](char c) { return c >= 0x20 && c < 0x7f; }));
    }
  }
  CHECK(schema_faults(rules, nlohmann::json::parse(R"({"certificate": 1})")).size() > 0);
}

TEST_CASE("CSV has a heading and a line for each certificate, every line of as many cells") {
  const Texts lines = lines_of(rows(healthy_and_expired(), "csv"));
  REQUIRE(lines.size() == 4);
  CHECK(lines[0].starts_with(
      "file,line,pointer,certificate,resource,kind,name,role,status,remaining_seconds,"));
  CHECK(lines[1].starts_with(
      "dump.json,12,/a/0,0,,workload-chain,default,leaf,expired,-7200,2024-01-01T00:00:00Z,"));
  CHECK(lines[1].ends_with(",validity.expired"));
  for (const std::string& line : lines) CHECK(std::ranges::count(line, ',') == 24);
}

TEST_CASE("no cell of CSV is a formula, breaks a line or ends its quotes") {
  for (const std::string start : {"=", "+", "-", "@", "\t", "\r"}) {
    const std::string text = rows(hostile_report(start + "cmd|'/c calc'!A1"), "csv");
    CHECK(text.find("," + start + "cmd") == std::string::npos);
    CHECK(lines_of(text).size() == 7);
  }
  CHECK(rows(hostile_report("=1+1"), "csv").find(",'=1+1,") != std::string::npos);
  CHECK(rows(hostile_report("a\"b,c"), "csv").find(",\"a\"\"b,c\",") != std::string::npos);
  CHECK(rows(hostile_report("a\nb"), "csv").find(",a\\x0ab,") != std::string::npos);
  // Numbers are numbers: what is left of an expired certificate.
  CHECK(rows(healthy_and_expired(), "csv").find(",-7200,") != std::string::npos);
}

TEST_CASE("OpenMetrics has the ends of validity, the codes and the counts, each family in one piece") {
  const std::string text = rows(healthy_and_expired(), "openmetrics");
  for (const std::string line :
       {"# TYPE meshcert_certificate_not_after_timestamp_seconds gauge",
        "# UNIT meshcert_certificate_not_after_timestamp_seconds seconds",
        "meshcert_run_timestamp_seconds 1704160800", "meshcert_verdict{verdict=\"incomplete\"} 1",
        "meshcert_verdict{verdict=\"pass\"} 0", "meshcert_inputs 1", "meshcert_unread 1",
        "meshcert_certificates{status=\"ok\"} 2", "meshcert_certificates{status=\"expired\"} 1",
        "meshcert_findings{severity=\"error\"} 1", "meshcert_findings{severity=\"warning\"} 1"})
    CHECK_MESSAGE(text.find(line + "\n") != std::string::npos, line);
  CHECK(text.ends_with("\n# EOF\n"));
  CHECK(samples(text, "meshcert_certificate_not_after_timestamp_seconds").size() == 3);
  CHECK(samples(text, "meshcert_certificate_status").front().ends_with("pointer=\"/a/0\",index=\"0\"} 3"));
  CHECK(samples(text, "meshcert_certificate_not_before_timestamp_seconds").front().ends_with("} 1704067200"));
  CHECK(samples(text, "meshcert_certificate_finding").size() == 2);
  CHECK(samples(text, "meshcert_certificate_finding").front().find("{code=\"validity.expired\",") !=
        std::string::npos);
  // A family that begins again is refused by its reader.
  std::set<std::string> ended;
  std::string family;
  for (const std::string& line : lines_of(text)) {
    if (line.starts_with('#')) continue;
    const std::string name = line.substr(0, line.find_first_of("{ "));
    if (name != family) ended.insert(std::exchange(family, name));
    CHECK_FALSE(ended.contains(name));
  }
}

TEST_CASE("OpenMetrics tells certificates of one name apart, and says none twice") {
  Report report = healthy_and_expired();
  report.inventory.artifacts.pop_back();
  Artifact& bundle = report.inventory.artifacts.back();
  add_certificate(bundle,
                  {"Root", {}, {}, instant("2023-01-01T00:00:00Z"), instant("2043-01-01T00:00:00Z"), true});
  const auto count = [&] { return samples(rows(report, "openmetrics"), "meshcert_certificate_info").size(); };
  CHECK(count() == 4);
  // The same place once more, as when a file is named twice.
  Artifact again;
  again.kind = bundle.kind;
  again.name = bundle.name;
  again.source = bundle.source;
  again.certificates = bundle.certificates;
  report.inventory.artifacts.push_back(std::move(again));
  CHECK(count() == 4);
  // Another place, even if it says of itself what a line of ours would.
  report.inventory.artifacts.back().source.pointer = "x\",index=\"0\"} 1";
  CHECK(count() == 7);
}

TEST_CASE("OpenMetrics cuts a name short in its middle, and spells out what it escapes") {
  const std::string text = rows(hostile_report(std::string(5000, 'x')), "openmetrics");
  for (const std::string& line : samples(text, "meshcert_certificate_status")) CHECK(line.size() < 2000);
  const std::string escaped = rows(hostile_report("a\"b\\c\nd\x1b"), "openmetrics");
  CHECK(escaped.find(R"(,resource="a\"b\\c\\x0ad\\x1b",)") != std::string::npos);
}
