// How documents of JSON and YAML are told apart and read, whatever their shape.
#include <doctest/doctest.h>

#include <algorithm>
#include <string>

#include "input/shape.hpp"
#include "tests/support/collector.hpp"
#include "tests/support/source_tree.hpp"

using namespace meshcert;
using namespace meshcert::input;
using namespace meshcert::testing;

TEST_CASE("YAML is told by its keys, and PEM stays PEM") {
  struct Row {
    std::string_view text;
    bool yaml;
  };
  const Row rows[] = {
      {"dynamicActiveSecrets:\n- name: default\n", true},
      {"# dumped\n---\nstatic_secrets: []\n", true},
      {"\xEF\xBB\xBF"
       "certificates:\r\n- identity: x\r\n",
       true},
      {"- certChain: []\n  identity: x\n  state: Available\n", true},
      {"- '@type': type.googleapis.com/envoy.admin.v3.X\nconfigs: []\n", true},
      {"staticSecrets:\n- a\n- b\nmore", true},  // cut off in a key
      {"version: 1\ncertificates:\n- ca_cert: []\n", true},
      {"apiVersion: v1\nkind: Secret\n---\nmetadata:\n\tname: x\n", true},
      {"apiVersion:\tv1\nkind: Secret\n", true},
      {"apiVersion:/v1\nkind: Secret\n", false},
      {"\tapiVersion: v1\n---\napiVersion: v1\nkind: Secret\n", true},
      {"\tthe tab is all\n\tthat is indented:\n", false},
      {"kind: x\napiVersion: y\n\tz\n-----BEGIN CERTIFICATE-----\n", false},
      {"certificates:\n  web: example.org\n", false},
      {"configs:\n  nginx:\n    file: x\n", false},
      {"name: x\nnamespace: y\n", false},
      {"the secrets: are below\nstaticSecrets:\n", false},
      {"staticSecrets:\nand so on\nthey are:\n", false},
      {"staticSecrets: of the mesh\n-----BEGIN CERTIFICATE-----\nMIIC\n-----END CERTIFICATE-----\n", false},
      {"staticSecrets: x\n\n-----BEGIN CERTIFICATE-----", false},
      {"-----BEGIN CERTIFICATE-----\nMIIC\n-----END CERTIFICATE-----\nstaticSecrets:\n", false},
      {"staticSecrets:nothing\n", false},
      // A slip in an object is told; a template is none of ours.
      {"apiVersion: v1\nkind: Secret\nwhat is this\nmetadata:\n  name: x\n", true},
      {"apiVersion: v1\nitems:\n- kind: Secret\n<<<<<<< HEAD\nkind: List\n", true},
      {"apiVersion: v1\nkind: Secret\n{{- with .Values.x }}\nmetadata:\n  name: x\n", false},
      {"what is this\napiVersion: v1\nkind: Secret\n", false},
      {"apiVersion: v1\nwhat is this\nkind: Secret\n", false},
      {"", false},
  };
  for (const Row& row : rows) {
    CAPTURE(row.text);
    CHECK(looks_like_yaml(row.text) == row.yaml);
  }
  for (const char* path : {"certs/workload/healthy.pem", "certs/input/healthy-text-around.pem"}) {
    CHECK(detect(as_bytes(read_source(path))) == Format::pem);
    CHECK(detect(as_bytes("staticSecrets: two\n\n" + read_source(path))) == Format::pem);
  }
  CHECK(detect(as_bytes(read_source("certs/dumps/healthy-yaml.yaml"))) == Format::yaml);
  CHECK(detect(as_bytes(read_source("certs/dumps/healthy.json"))) == Format::envoy_secrets);
}

TEST_CASE("a dump in YAML gives what it gives in JSON") {
  const std::string text = read_source("certs/dumps/healthy-yaml.yaml");
  const Collector yaml = read("f", text);
  const Collector json = read("f", read_source("certs/dumps/healthy.json"));
  CHECK(yaml.defects().empty());
  REQUIRE(yaml.artifacts.size() == json.artifacts.size());
  for (std::size_t i = 0; i < json.artifacts.size(); ++i) {
    CHECK(yaml.artifacts[i].name == json.artifacts[i].name);
    CHECK(yaml.artifacts[i].kind == json.artifacts[i].kind);
    CHECK(yaml.artifacts[i].state == json.artifacts[i].state);
    CHECK(yaml.artifacts[i].last_updated == json.artifacts[i].last_updated);
    CHECK(yaml.artifacts[i].source.pointer == json.artifacts[i].source.pointer);
    REQUIRE(yaml.artifacts[i].certificates.size() == 1);
    CHECK(as_text(yaml.artifacts[i].certificates[0].der) == as_text(json.artifacts[i].certificates[0].der));
  }
  const auto upto = text.begin() + static_cast<std::ptrdiff_t>(text.rfind("inlineBytes"));
  CHECK(yaml.artifacts[1].source.line == 1 + std::count(text.begin(), upto, '\n'));
}

TEST_CASE("YAML without a document of ours says what it is") {
  ReadOptions options;
  options.as = Format::yaml;
  struct Row {
    std::string_view text, detail;
  };
  const Row rows[] = {
      {"# nothing\n", "YAML without documents"},           {"---\n---\n", "YAML without documents"},
      {"kind: Secret\n", "an object with kind"},           {"just text\n", "a string"},
      {"configs: []\n", "a config dump without sections"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.text);
    const Collector found = read("f", row.text, options);
    REQUIRE(found.loose.size() == 1);
    CHECK(found.loose[0].kind == DefectKind::no_certificates);
    CHECK(found.loose[0].lost);
    CHECK_MESSAGE(found.loose[0].detail.find(row.detail) != std::string::npos, found.loose[0].detail);
  }
}

TEST_CASE("a document of many wrong elements is told in a few lines") {
  std::string list;
  for (int i = 0; i < 5000; ++i) list += i == 0 ? "7" : ",7";
  for (const std::string& text : {R"({"dynamicActiveSecrets":[)" + list + "]}",
                                  R"({"certificates":[)" + list + "]}", "staticSecrets: [" + list + "]\n"}) {
    const Collector found = read("f", text);
    REQUIRE(found.loose.size() == Limits{}.defects + 1);
    CHECK(found.loose.back().detail == "4000 more places are of no use; this is the last");
    CHECK(found.loose.back().lost);
    CHECK(found.loose.back().where.pointer.ends_with("/4999"));
  }
  std::string stream;
  for (int i = 0; i < 5000; ++i) stream += "---\nstaticSecrets: [7]\n";
  CHECK(read("f", stream).loose.size() == Limits{}.defects + 1);
}
