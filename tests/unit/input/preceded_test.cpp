// A dump below a log line, a warning or a prompt is not read, but never passed over.
#include <doctest/doctest.h>

#include <string>

#include "base/base64.hpp"
#include "tests/support/collector.hpp"
#include "tests/support/sample.hpp"
#include "tests/support/source_tree.hpp"

using namespace meshcert;
using meshcert::testing::Collector;
using meshcert::testing::pem_of;
using meshcert::testing::read_source;

namespace {

struct Outcome {
  std::optional<Format> format;
  Collector found;
};

Outcome read_text(const std::string& text) {
  Outcome outcome;
  outcome.format = read_input("f", as_bytes(text), {}, outcome.found);
  return outcome;
}

}  // namespace

TEST_CASE("preceded: a dump below other text is found, and the line given") {
  const std::string json = read_source("certs/dumps/healthy.json");
  const std::string commented = read_source("certs/dumps/healthy-yaml.yaml");
  const std::string yaml = commented.substr(commented.find("\ndynamic") + 1);
  const std::string encoded = base::encode_base64(as_bytes(pem_of("pki/root.pem")));
  const std::string object =
      "apiVersion: v1\nkind: Secret\nmetadata: {name: a}\ndata:\n  ca.crt: " + encoded + "\n";
  const std::string bundle = read_source("certs/bundle/healthy-spiffe.json");
  const std::string line = R"({"apiVersion":"v1","kind":"Secret","data":{"ca.crt":")" + encoded + "\"}}\n";
  struct Row {
    std::string text;
    Format format;
    std::uint32_t line;
  };
  const Row rows[] = {
      {"2026-11-22T10:00:00Z\tinfo\tklog\tfoo\n" + json, Format::envoy_secrets, 2},
      {"[2026-11-22] hello\n\n" + json, Format::envoy_secrets, 3},
      {"Defaulted container x out of: x, y\n" + yaml, Format::yaml, 2},
      {"# a comment\nDefaulted container x out of: x, y\n" + yaml, Format::yaml, 3},
      {"$ istioctl pc secret pod -o json\n" + json, Format::envoy_secrets, 2},
      {"// a comment\n" + json, Format::envoy_secrets, 2},
      {"# a comment\n" + json, Format::envoy_secrets, 2},
      {"E1127 04:20:22.998393   16145 memcache.go:265] \"Unhandled Error\"\n" + object, Format::yaml, 2},
      {"some text\n" + object, Format::yaml, 2},
      {"{bad\n---\n" + object, Format::yaml, 2},
      {"{bad\n" + line, Format::envoy_secrets, 2},
      {"* west.local\n" + bundle, Format::envoy_secrets, 2},
  };
  for (const Row& row : rows) {
    CAPTURE(row.text.substr(0, 40));
    const Outcome outcome = read_text(row.text);
    CHECK(outcome.format == row.format);
    REQUIRE(outcome.found.defects().size() == 1);
    const Defect defect = outcome.found.defects()[0];
    CHECK(defect.kind == DefectKind::malformed);
    CHECK(defect.lost);
    CHECK(defect.where.line == row.line);
    CHECK(defect.fix.find("tail -n +" + std::to_string(row.line) + " FILE") != std::string::npos);
    const auto lines = testing::split_lines(row.text);
    std::string rest;
    for (std::size_t i = row.line - 1; i < lines.size(); ++i) rest += std::string(lines[i]) + "\n";
    CHECK(read_text(rest).found.defects().empty());
  }
}

TEST_CASE("preceded: a lone BEGIN line that is nearly right") {
  const std::string pem = read_source("certs/pki/root.pem");
  const std::string body = pem.substr(pem.find("-----BEGIN") + 28);
  const Outcome outcome =
      read_text("---- BEGIN CERTIFICATE ----\n" + body.substr(0, body.find("-----END")) + "---- END ----\n");
  CHECK(outcome.format == Format::pem);
  REQUIRE(outcome.found.defects().size() == 1);
  CHECK(outcome.found.defects()[0].kind == DefectKind::broken_pem_block);
  CHECK(outcome.found.defects()[0].where.line == 1);
}

TEST_CASE("preceded: other text holds no dump, nor does an example") {
  const std::string object =
      "apiVersion: v1\nkind: Secret\nmetadata: {name: a}\ndata:\n  ca.crt: LS0tLS1CRUdJTiBDRVJU\n";
  std::string far;
  for (int i = 0; i < 60; ++i) far += "a line\n";
  for (const std::string& text :
       {std::string("some words\n{\"a\": 1}\n"), std::string("some words\n{broken\n"),
        std::string("some words\nconfigs: none\n"), "# How to\n\nApply this:\n\n```yaml\n" + object + "```\n",
        "set -e\nkubectl apply -f - <<EOF\n" + object + "EOF\n",
        std::string("some words\napiVersion: v1\nkind: Secret\ndata: {a: b}\n"),
        std::string("[section]\nkey = 1\n"), far + read_source("certs/dumps/healthy.json")}) {
    CAPTURE(text.substr(0, 40));
    const Outcome outcome = read_text(text);
    CHECK_FALSE(outcome.format);
    REQUIRE(outcome.found.defects().size() == 1);
    CHECK(outcome.found.defects()[0].kind == DefectKind::no_certificates);
  }
}

TEST_CASE("preceded: of SPIRE's list of bundles, each is to be asked for by itself") {
  const std::string rule(40, '*'), bundle = read_source("certs/bundle/healthy-spiffe.json");
  const auto fix_of = [](const std::string& text) { return read_text(text).found.defects().at(0).fix; };
  CHECK(fix_of(rule + "\n* west.local\n" + rule + "\n" + bundle).find("spire-server bundle list -id") !=
        std::string::npos);
  CHECK(fix_of("* west.local\n" + bundle).find("tail -n +2") != std::string::npos);
}
