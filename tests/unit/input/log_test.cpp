// Logs: the scan for many literals, times, groups and their course.
#include <doctest/doctest.h>

#include <fmt/format.h>

#include <algorithm>
#include <string>

#include "input/log_fields.hpp"
#include "input/log_file.hpp"
#include "input/log_scan.hpp"
#include "input/log_text.hpp"
#include "input/log_time.hpp"
#include "meshcert/log.hpp"
#include "tests/support/collector.hpp"

using namespace meshcert;
using namespace meshcert::input;
using meshcert::testing::Collector;

namespace {

constexpr std::string_view kRefused =
    "http: TLS handshake error from 10.0.0.1:1: remote error: tls: bad certificate";

std::string at(int minute, std::string_view text) {
  return fmt::format("2024-01-01T{:02}:{:02}:00.000000Z\tinfo\t{}\n", 6 + minute / 60, minute % 60, text);
}

ReadOptions as_log() {
  ReadOptions options;
  options.as = Format::log;
  return options;
}

std::shared_ptr<const Log> log_of(const std::string& text, const ReadOptions& options = as_log()) {
  Collector read = meshcert::testing::read("x.log", text, options);
  REQUIRE(read.artifacts.size() == 1);
  REQUIRE(read.artifacts[0].log != nullptr);
  return read.artifacts[0].log;
}

LogCourse only_course(const std::string& text) {
  const auto log = log_of(text);
  REQUIRE(log->groups.size() == 1);
  return course_of(*log, log->groups[0]);
}

}  // namespace

TEST_CASE("the scan finds every literal wherever it stands") {
  const std::vector<std::string_view> literals = {"needle", "another one", "needles", "xyzzy"};
  const LogScan scan(literals);
  for (std::size_t before = 0; before < 40; ++before) {
    for (const std::string_view literal : literals) {
      const std::string text = std::string(before, 'n') + std::string(literal) + std::string(before % 7, 'e');
      CAPTURE(text);
      CHECK(scan.find(text, 0) == text.find(literal));
      CHECK(scan.find(text, text.find(literal) + 1) == std::string::npos);
    }
  }
  CHECK(scan.find("needl", 0) == std::string::npos);
  CHECK(scan.find("", 0) == std::string::npos);
  CHECK(scan.all("many needles, xyzzy").to_string().ends_with("1101"));
}

TEST_CASE("a space of a literal stands for an underscore too, and nothing else does") {
  const std::vector<std::string_view> literals = {"SSL routines", " got a tls: ", "a_b c"};
  const LogScan scan(literals);
  for (std::size_t before = 0; before < 40; ++before) {
    const std::string pad(before, '_');
    CHECK(scan.find(pad + "SSL_routines", 0) == before);
    CHECK(scan.find(pad + "SSL routines", 0) == before);
    CHECK(scan.find(pad + "SSL-routines", 0) == std::string::npos);
    CHECK(scan.all(pad + "1_got_a tls:_").to_string().ends_with("010"));
    CHECK(scan.all(pad + "a_b_c").to_string().ends_with("100"));
    CHECK(scan.all(pad + "a b c").none());
  }
  CHECK(find_words("x_y z", "y z") == 2);
  CHECK(find_words("x_y", "x y z") == std::string_view::npos);
  CHECK(find_words("x", "") == 0);
}

TEST_CASE("the time of a line is read in every form") {
  struct Row {
    std::string_view line, expected;
  };
  const Row rows[] = {
      {"2024-01-01T06:00:00.123456Z\tinfo\tads\tx", "2024-01-01T06:00:00Z"},
      {"[2024-01-01T06:00:00.123Z] \"GET / HTTP/1.1\" 200", "2024-01-01T06:00:00Z"},
      {"[2024-01-01 06:00:00.123][17][debug][rbac] x", "2024-01-01T06:00:00Z"},
      {"2024/01/01 06:00:00 http: TLS handshake error", "2024-01-01T06:00:00Z"},
      {"2024-01-01T06:00:00+02:00 stdout F x", "2024-01-01T04:00:00Z"},
      {"[pod/istiod-7d/discovery] 2024-01-01T06:00:00Z info", "2024-01-01T06:00:00Z"},
      {R"({"level":"info","time":"2024-01-01T06:00:00.1Z","msg":"x"})", "2024-01-01T06:00:00Z"},
      {R"({"authority":"a","start_time": "2024-01-01T06:00:00.1Z"})", "2024-01-01T06:00:00Z"},
      {"W0229 06:00:00.123456       1 dispatcher.go:225] x", "1972-02-29T06:00:00Z"},
      {"2024-01-01T06:00:00.123+0200\tINFO\tx", "2024-01-01T04:00:00Z"},
      {R"({"level":"info","ts":"2024-01-01T06:00:00.123-0130","msg":"x"})", "2024-01-01T07:30:00Z"},
      {R"({"level":"info","ts":1704088800.123,"msg":"x"})", "2024-01-01T06:00:00Z"},
      {R"({"ts":1704088800123.456,"caller":"x.go:1","msg":"x"})", "2024-01-01T06:00:00Z"},
      {R"({"level":"info","ts":1704088800,"msg":"x"})", "2024-01-01T06:00:00Z"},
      {R"({"level":"info","time":"yesterday","ts":1704088800,"msg":"x"})", "2024-01-01T06:00:00Z"},
      {R"(istiod-7d discovery {"level":"info","time":"2024-01-01T06:00:00Z","msg":"x"})",
       "2024-01-01T06:00:00Z"},
      {R"(istiod-7d discovery {"level":"info","ts":1704088800,"msg":"x"})", "2024-01-01T06:00:00Z"},
      {R"({"timeUnixNano":"1704088800123456789","body":{"stringValue":"x"}})", "2024-01-01T06:00:00Z"},
      {R"({"level":"info","ts":1704088800123456,"msg":"x"})", "2024-01-01T06:00:00Z"},
      {R"(istiod-7d discovery { "level": "info", "ts": 1704088800, "msg": "x" })", "2024-01-01T06:00:00Z"},
      {R"({"level":"info","ts":12,"msg":"x"})", ""},
      {R"({"level":"info","ts":99999999999999999999,"msg":"x"})", ""},
      {"istiod-7d discovery \"time\":\"2024-01-01T06:00:00Z\"", ""},
      {"2024-01-01T06:00:00+02", "2024-01-01T06:00:00Z"},
      {"2024-13-01T06:00:00Z", ""},
      {"no time at all", ""},
      {"x2024-01-01T06:00:00Z", ""},
      {"", ""},
  };
  for (const Row& row : rows) {
    CAPTURE(row.line);
    const auto time = log_time(row.line);
    CHECK((time ? to_rfc3339(time->instant) : std::string()) == row.expected);
  }
}

TEST_CASE("a verdict of rbac gets the identity of the request before it") {
  const std::string check =
      "envoy rbac\tchecking request: requestedServerName: x, remoteIP: 10.0.0.3:1,ssl: uriSanPeerCertificate: ";
  const std::string denied = "envoy rbac\tenforced denied, matched policy none";
  const auto log = log_of(at(0, check + "spiffe://a/ns/b/sa/c, dnsSan: ") + at(1, denied) +
                          at(2, check + ", dns") + at(3, denied));
  REQUIRE(log->groups.size() == 1);
  const LogGroup& group = log->groups[0];
  CHECK(group.lines == 2);
  REQUIRE(group.identities.size() == 2);
  CHECK(group.identities[0].text == "spiffe://a/ns/b/sa/c");
  CHECK(group.identities[1].text == kNoIdentity);
  REQUIRE(group.peers.size() == 1);
  CHECK(group.peers[0].lines == 2);
}

TEST_CASE("transient and persistent") {
  const std::string refused(kRefused);
  const std::string other = "something else";
  CHECK(only_course(at(0, refused) + at(9, other)) == LogCourse::recent);
  CHECK(only_course(at(0, refused) + at(10, other)) == LogCourse::transient);
  CHECK(only_course(at(0, refused) + at(10, refused)) == LogCourse::persistent);
  // Every half hour: an hour of silence is no end, ninety minutes are.
  CHECK(only_course(at(0, refused) + at(30, refused) + at(119, other)) == LogCourse::persistent);
  CHECK(only_course(at(0, refused) + at(30, refused) + at(120, other)) == LogCourse::transient);
  CHECK(only_course(refused + "\n") == LogCourse::unknown);
}

TEST_CASE("klog has no year: it is the last one that fits, and winter is passed") {
  const auto log = log_of(
      "E1231 23:50:00.000000 1 d.go:1] failed calling webhook \"w\": x509: certificate has expired\n"
      "E0101 00:10:00.000000 1 d.go:1] failed calling webhook \"w\": x509: certificate has expired\n");
  REQUIRE(log->groups.size() == 1);
  CHECK(log->groups[0].longest_pause == std::chrono::minutes(20));
  const Instant now = *parse_rfc3339("2024-06-01T00:00:00Z");
  CHECK(to_rfc3339(in_year_of(*log, *log->first, now)) == "2023-12-31T23:50:00Z");
  CHECK(to_rfc3339(in_year_of(*log, *log->last, now)) == "2024-01-01T00:10:00Z");
  const Instant early = *parse_rfc3339("2023-12-01T00:00:00Z");
  CHECK(to_rfc3339(in_year_of(*log, *log->last, early)) == "2023-01-01T00:10:00Z");
}

TEST_CASE("a line without a year among lines that have one is of the year nearest to them") {
  const std::string klog = " 1 d.go:1] failed calling webhook \"w\": x509: certificate has expired\n";
  const auto log = log_of("2023-12-31T23:50:00Z info begin\nE1231 23:55:00.000000" + klog +
                          "E0101 00:10:00.000000" + klog + "2024-01-01T00:20:00Z info end\n");
  REQUIRE(log->groups.size() == 1);
  CHECK_FALSE(log->yearless);
  REQUIRE(log->groups[0].first);
  CHECK(to_rfc3339(*log->groups[0].first) == "2023-12-31T23:55:00Z");
  CHECK(to_rfc3339(*log->groups[0].last) == "2024-01-01T00:10:00Z");
  CHECK(to_rfc3339(*log->last) == "2024-01-01T00:20:00Z");
  // Where the first line has none, nor has the log; the others follow it.
  const auto other =
      log_of("E1231 23:55:00.000000" + klog + "2024-01-01T00:20:00Z " + std::string(kRefused) + "\n");
  CHECK(other->yearless);
  CHECK(*other->last - *other->first == std::chrono::minutes(25));
}

TEST_CASE("names are bounded, and counted beyond the bound") {
  std::string text;
  for (int i = 0; i < 200; ++i)
    text += at(
        0, fmt::format("http: TLS handshake error from 10.0.{}.1:1: remote error: tls: bad certificate", i));
  const auto log = log_of(text);
  REQUIRE(log->groups.size() == 1);
  CHECK(log->groups[0].lines == 200);
  CHECK(log->groups[0].peers.size() == Limits{}.log_names);
  CHECK(log->groups[0].more_peers);
}

TEST_CASE("lines across windows, a line that has no end, and NUL octets") {
  std::string text;
  for (int i = 0; i < 40'000; ++i) text += at(i % 60, "nothing to see here, but many octets of it");
  const std::string filler = text;
  text += at(59, kRefused);
  text += filler;
  const auto log = log_of(text);
  CHECK(log->lines == 80'001);
  REQUIRE(log->groups.size() == 1);
  CHECK(log->groups[0].first_line == 40'001);
  const auto endless = log_of(at(0, kRefused) + std::string(3U << 20U, 'x') + std::string(1, '\0'));
  CHECK(endless->groups.size() == 1);
}

TEST_CASE("what the example shows is cut, and holds no key material") {
  std::string key;
  for (int i = 0; i < 40; ++i) key += "aB3dE9";
  const auto log = log_of(at(0, std::string(kRefused) + " " + key));
  CHECK(log->groups[0].example.find("aB3dE9aB3dE9") == std::string::npos);
  CHECK(log_of(at(0, std::string(kRefused) + std::string(5000, '.')))->groups[0].example.size() < 320);
  // Of a token nothing is shown, be it whole or cut.
  const std::string token = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJtZSJ9." + key;
  const std::string refused(kRefused);
  for (const std::string& text : {token + " " + refused, refused + " \"" + token + "\"",
                                  std::string(150, '-') + "eyJhbGciOiJub25lIn0.e30.c2ln " + refused,
                                  refused + " eyJhbGciOiJub25lIn0.e30.c2ln"}) {
    const auto found = log_of(at(0, text));
    REQUIRE(found->groups.size() == 1);
    CHECK(found->groups[0].example.find("B3dE9aB") == std::string::npos);
    CHECK(found->groups[0].example.find("c2ln") == std::string::npos);
    CHECK(found->groups[0].example.find("bad certificate") != std::string::npos);
  }
}

TEST_CASE("a log is recognised, and other text is not") {
  const auto format = [](const std::string& text) { return detect(as_bytes(text)); };
  CHECK(format(at(0, kRefused)) == Format::log);
  CHECK(format(at(0, "ads\tPush debounce stable")) == Format::log);
  CHECK(format(std::string(kRefused) + "\n") == std::nullopt);  // no time: may be a page about it
  CHECK(format("2024-01-01T06:00:00Z a diary\n") == std::nullopt);
  CHECK(format("Error from server (NotFound): pods \"x\" not found\n") == std::nullopt);
  CHECK(looks_like_json_log(
      "{\"level\":\"info\",\"time\":\"2024-01-01T06:00:00Z\",\"msg\":\"x\"}\n{\"level\":"));
  CHECK(looks_like_json_log("{\"ts\":1704088800123.456,\"caller\":\"x.go:1\",\"msg\":\"x\",\"v\":0}\n"));
  CHECK_FALSE(looks_like_json_log("{\"ts\":1704088800123.456,\"msg\":\"x\"}\n"));
  CHECK_FALSE(looks_like_json_log("{\"dynamicActiveSecrets\":[]}\n"));
  // Evidence in a log is still evidence.
  CHECK(format(at(0, kRefused) + "-----BEGIN CERTIFICATE-----\n") == Format::pem);
}

TEST_CASE("a long log is not held, and a certificate in it is told") {
  std::string text;
  while (text.size() < (2U << 20U)) text += at(0, "ads\tPush debounce stable");
  const auto lines = static_cast<std::uint32_t>(std::ranges::count(text, '\n'));
  text += "-----BEGIN CERTIFICATE-----\n";
  ReadOptions options;
  options.limits.input_bytes = 1U << 20U;
  const Collector found = meshcert::testing::read("x", text, options);
  REQUIRE(found.artifacts.size() == 1);
  REQUIRE(found.artifacts[0].log != nullptr);
  CHECK(found.artifacts[0].log->lines == lines + 1);
  REQUIRE(found.artifacts[0].defects.size() == 1);
  CHECK(found.artifacts[0].defects[0].kind == DefectKind::unsupported_block);
  CHECK(found.artifacts[0].defects[0].where.line == lines + 1);
}

TEST_CASE("what is no log is said to be none") {
  for (const std::string& text : {std::string("just text\n"), std::string("\x1F\x8B\x08\0\0", 5)}) {
    const Collector read = meshcert::testing::read("x", text, as_log());
    CHECK(read.artifacts.empty());
    CHECK(read.has(text[0] == 'j' ? DefectKind::no_certificates : DefectKind::malformed));
    CHECK(read.lost());
  }
}

TEST_CASE("every row of the table can be reached, and needs what stands beside it") {
  for (const LogPattern& pattern : log_patterns()) {
    CAPTURE(pattern.literal);
    CAPTURE(pattern.also);
    CHECK(pattern.literal.size() >= 12);
    CHECK_FALSE(pattern.meaning.empty());
    CHECK_FALSE(pattern.next.empty());
    if (pattern.cause == LogCause::context) continue;
    std::string said = fmt::format("{} {}", pattern.literal, pattern.also);
    for (int written = 0; written < 2; ++written) {
      const auto log = log_of(at(0, said));
      REQUIRE(log->groups.size() == 1);
      CHECK(log->groups[0].pattern->cause == pattern.cause);
      CHECK(log->groups[0].pattern->literal == pattern.literal);
      std::ranges::replace(said, ' ', '_');
    }
  }
}
