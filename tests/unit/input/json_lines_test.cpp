// A file of JSON lines is one input: what is said of nothing is said of all its lines.
#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <utility>

#include "tests/support/collector.hpp"
#include "tests/support/source_tree.hpp"

using namespace meshcert;
using meshcert::testing::Collector;
using meshcert::testing::read;
using meshcert::testing::read_source;

namespace {

const std::string kOpaque =
    R"({"apiVersion": "v1", "kind": "Secret", "type": "Opaque", "metadata": {"name": "o"}, "data": {"a": "YQ=="}})";
const std::string kMap =
    R"({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "m"}, "data": {"a": "b"}})";
const std::string kEvent = R"({"level": "info", "ts": 1.5, "msg": "started"})";
const std::string kWindowful = std::string(R"({"msg": ")") + std::string(300'000, 'x') + "\"}\n";

std::string secret() {
  std::string pem;
  for (const char c : read_source("certs/workload/healthy.pem"))
    pem += c == '\n' ? std::string("\\n") : std::string(1, c);
  return R"({"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "s"}, "stringData": {"ca.crt": ")" +
         pem + "\"}}";
}

// What a walk makes of a file.
struct Walked final : ArtifactSink {
  explicit Walked(const std::string& text) {
    MemorySource source(as_bytes(text));
    const auto read = read_found("f", source, ReadOptions{}, *this);
    taken = read && *read;
  }
  void artifact(Artifact&& artifact) override { found.artifact(std::move(artifact)); }
  void defect(Defect&& defect) override { found.defect(std::move(defect)); }
  void passed_over(const std::string&, const std::string& reason) override { why += reason; }
  void later(Piece piece) override {
    ++pieces;
    piece(*this);
  }

  Collector found;
  bool taken = false;
  std::string why;
  int pieces = 0;
};

}  // namespace

TEST_CASE("objects on lines are judged as the elements of a list are") {
  const Collector lines = read("f", secret() + "\n" + kOpaque + "\n" + kMap + "\n");
  CHECK(lines.certificates() == 1);
  CHECK(lines.defects().empty());
}

TEST_CASE("lines of objects without anything of ours are told once") {
  const Collector lines = read("f", kOpaque + "\n" + kMap + "\n" + kMap + "\n");
  REQUIRE(lines.defects().size() == 1);
  CHECK(lines.defects()[0].kind == DefectKind::no_certificates);
  CHECK(lines.defects()[0].lost);
  const Collector list = read(
      "f", R"({"apiVersion": "v1", "kind": "List", "items": [)" + kOpaque + "," + kMap + "," + kMap + "]}");
  CHECK(lines.defects()[0].detail == list.defects().at(0).detail);
}

TEST_CASE("a broken line among objects is told with its line") {
  const Collector lines =
      read("f", secret() + "\n" + kOpaque + "\n{\"a\": \n" + kMap + "\n" + secret() + "\n");
  CHECK(lines.certificates() == 2);
  REQUIRE(lines.defects().size() == 1);
  CHECK(lines.defects()[0].kind == DefectKind::malformed);
  CHECK(lines.defects()[0].where.line == 3);
  CHECK(lines.lost());
}

TEST_CASE("a broken line is told alone where nothing else is there") {
  const Collector lines = read("f", kMap + "\n" + kMap + "\n{\"a\": \n");
  REQUIRE(lines.defects().size() == 1);
  CHECK(lines.defects()[0].where.line == 3);
  CHECK(Walked(kEvent + "\n" + kEvent + "\n{\"a\": \n").found.lost());
}

TEST_CASE("lines of no known format are told once, and passed over in a walk") {
  const std::string text = kEvent + "\n" + kEvent + "\n" + kEvent + "\n";
  const Collector named = read("f", text);
  REQUIRE(named.defects().size() == 1);
  CHECK(named.defects()[0].kind == DefectKind::no_certificates);
  CHECK(named.defects()[0].where.line == 1);
  CHECK(named.defects()[0].detail.find("level") != std::string::npos);
  const Walked walked(text);
  CHECK_FALSE(walked.taken);
  CHECK(walked.found.defects().empty());
  CHECK(walked.why == named.defects()[0].detail);
  CHECK_FALSE(Walked(kEvent + "\n" + kWindowful + kWindowful + text).taken);
}

TEST_CASE("a Secret among lines of no known format gives its certificates, and the lines are noted") {
  const Walked walked(kEvent + "\n" + kEvent + "\n" + secret() + "\n" + kEvent + "\n");
  CHECK(walked.taken);
  CHECK(walked.found.certificates() == 1);
  REQUIRE(walked.found.defects().size() == 1);
  CHECK(walked.found.defects()[0].kind == DefectKind::unsupported_block);
  CHECK_FALSE(walked.found.defects()[0].lost);
  CHECK(walked.found.defects()[0].where.line == 1);
  CHECK(walked.found.defects()[0].detail.starts_with("3 lines"));
}

TEST_CASE("what comes behind the first that is ours may be read by another thread") {
  const Walked walked(kEvent + "\n" + kEvent + "\n" + kWindowful + secret() + "\n" + kWindowful + kOpaque +
                      "\n" + kWindowful + secret() + "\n{\n");
  CHECK(walked.pieces > 0);
  CHECK(walked.taken);
  CHECK(walked.found.certificates() == 2);
  REQUIRE(walked.found.has(DefectKind::malformed));
  CHECK(std::ranges::find(walked.found.loose, DefectKind::malformed, &Defect::kind)->where.line == 9);
}

TEST_CASE("a dump without secrets is told among others that hold some") {
  const std::string dump =
      R"({"configs": [{"@type": "type.googleapis.com/envoy.admin.v3.SecretsConfigDump"}]})";
  const Collector lines = read("f", secret() + "\n" + dump + "\n" + kOpaque + "\n");
  REQUIRE(lines.defects().size() == 1);
  CHECK(lines.defects()[0].kind == DefectKind::no_certificates);
  CHECK(lines.defects()[0].where.line == 2);
}

namespace {

const std::string kState = R"({"at":"2026-11-27T00:00:00Z","schema":"meshcert/state/v1"})"
                           "\n";
const std::string kSeen = R"({"due":false,"name":"x","not_after":"2027-01-01T00:00:00Z",)"
                          R"("not_before":"2026-01-01T00:00:00Z","place":"e.pem 0","sha256":"4f"})"
                          "\n";
const std::string kRow =
    R"({"index":0,"role":"leaf","version":3,"subject":"CN=x","issuer":"CN=y",)"
    R"("remaining_seconds":64800,"sha256":"4f","source":{"file":"e.pem"},"kind":"tls-secret"})"
    "\n";
const std::string kSummary = R"({"summary":{"at":"2026-11-27T00:00:00Z","inputs":1}})"
                             "\n";

}  // namespace

TEST_CASE("what this program wrote is passed over in a walk, and named what it is") {
  for (const std::string& text : {kState, kState + kSeen, kState + kSeen + kSeen}) {
    CHECK_FALSE(Walked(text).taken);
    CHECK(Walked(text).why.find("--state") != std::string::npos);
    const Collector named = read("f", text);
    REQUIRE(named.defects().size() == 1);
    CHECK(named.defects()[0].lost);
    CHECK(named.defects()[0].detail == Walked(text).why);
  }
  for (const std::string& text : {kSummary, kRow + kSummary, kRow + kRow + kSummary}) {
    CHECK_FALSE(Walked(text).taken);
    CHECK(Walked(text).why.find("-o ndjson") != std::string::npos);
    const Collector named = read("f", text);
    REQUIRE(named.defects().size() == 1);
    CHECK(named.defects()[0].fix.find("sweep --merge") != std::string::npos);
  }
}

TEST_CASE("a report that is being written is passed over, and a Secret behind it is not") {
  const std::string half = kRow.substr(0, 80);
  CHECK_FALSE(Walked(kRow + kRow + half).taken);
  CHECK(Walked(kRow + kRow + half + "\n").found.lost());
  CHECK(Walked(kEvent + "\n" + kEvent + "\n" + half).found.lost());
  CHECK(Walked(kRow + kSummary + secret() + "\n").found.certificates() == 1);
  CHECK(Walked(kState + secret()).found.certificates() == 1);
}

TEST_CASE("a log whose last line is half written is passed over, and what may be ours there is lost") {
  const std::string log = kEvent + "\n" + kEvent + "\n";
  for (const std::string& half : {kEvent.substr(0, 4), kEvent.substr(0, 20), kEvent.substr(0, 30)}) {
    CAPTURE(half);
    const Walked walked(log + half);
    CHECK_FALSE(walked.taken);
    CHECK(walked.found.defects().empty());
    const Collector named = read("f", log + half);
    REQUIRE(named.defects().size() == 1);
    CHECK(named.defects()[0].detail.starts_with("2 lines of no known format"));
    // In the middle nobody is still writing.
    CHECK(Walked(kEvent + "\n" + half + "\n" + kEvent + "\n").found.lost());
    CHECK(Walked(secret() + "\n" + half).found.lost());
  }
  CHECK(Walked(log + secret().substr(0, 80)).found.lost());
  CHECK(Walked(kMap + "\n" + kMap.substr(0, 40)).found.lost());
  CHECK(Walked(log + kMap + "\n" + kEvent.substr(0, 20)).found.lost());
}
