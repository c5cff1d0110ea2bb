// Plugged-in CAs with more in a value than belongs there.
#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "meshcert/inspect.hpp"
#include "tests/support/collector.hpp"
#include "tests/support/source_tree.hpp"

using namespace meshcert;
using namespace meshcert::testing;

namespace {

// The text from a BEGIN line on, to its END.
std::string block(const std::string& text, const std::string& label) {
  const std::size_t begin = text.find("-----BEGIN " + label);
  const std::size_t end = text.find("-----END " + label, begin);
  return text.substr(begin, text.find('\n', end) + 1 - begin);
}

std::string value(const std::string& key, const std::string& text) {
  std::string out = "  " + key + ": |\n";
  for (const auto& line : split_lines(text)) out += "    " + std::string(line) + "\n";
  return out;
}

// What is said of labels, of a Secret with these two.
std::vector<std::string> labels(const std::string& certificate, const std::string& key) {
  InventorySink sink;
  const std::string root = block(read_source("certs/pki/root.pem"), "CERTIFICATE");
  REQUIRE(read_input(
      "f.yaml",
      as_bytes(
          "apiVersion: v1\nkind: Secret\nmetadata: {name: cacerts, namespace: istio-system}\nstringData:\n" +
          value("ca-cert.pem", certificate) + value("ca-key.pem", key) + value("root-cert.pem", root) +
          value("cert-chain.pem", root)),
      {}, sink));
  Policy policy;
  policy.at = *parse_rfc3339("2024-01-01T06:00:00Z");
  std::vector<std::string> all;
  for (const Finding& finding : judge(sink.inventory, policy, Selection{{"cacerts"}, {}}))
    if (finding.spec->code == "cacerts.wrong-labels") all.push_back(message_of(finding));
  return all;
}

}  // namespace

TEST_CASE("cacerts: a CA all of whose names are wrong is none to istiod") {
  const std::string root = block(read_source("certs/pki/root.pem"), "CERTIFICATE");
  const std::string key = block(read_source("certs/keys/root.pem"), "PRIVATE KEY");
  const auto said = [](const std::string& name, const std::string& values,
                       const std::string& space = "istio-system", const std::string& more = "") {
    InventorySink sink;
    REQUIRE(read_input("f.yaml",
                       as_bytes("apiVersion: v1\nkind: Secret\nmetadata: {name: " + name +
                                ", namespace: " + space + "}\nstringData:\n" + values + more),
                       {}, sink));
    const auto findings = judge(sink.inventory, Policy{}, Selection{{"cacerts"}, {}});
    return findings.empty() ? std::string() : message_of(findings.front());
  };
  const std::string message = said("cacerts", value("ca.crt", root) + value("ca.key", key));
  CHECK(message.find("has none of the keys that istiod reads a CA from") != std::string::npos);
  CHECK(message.find("but ca.crt, ca.key") != std::string::npos);
  CHECK_FALSE(said("cacerts", value("ca-cert", root) + value("ca-key", key)).empty());
  // One right name, and it is incomplete; roots alone, and another name, are somebody's own.
  CHECK(said("cacerts", value("ca-cert.pem", root) + value("ca.key", key)).find("lacks ca-key.pem") !=
        std::string::npos);
  CHECK(said("cacerts", value("ca.crt", root)).empty());
  CHECK(said("other", value("ca.crt", root) + value("ca.key", key)).empty());
  // Where no istiod is, it is a truststore of Java's name.
  const std::string store = value("ca.crt", root) + value("private.key", key);
  CHECK(said("cacerts", store, "jenkins").empty());
  CHECK(said("cacerts", value("ca.crt", root) + value("keystore.jks", "x")).empty());
  CHECK_FALSE(
      said(
          "cacerts", store, "mesh",
          "---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: istio-canary, namespace: mesh}\ndata: {mesh: 'trustDomain: td'}\n")
          .empty());
}

TEST_CASE("cacerts: a namesake with another key in cert-chain.pem is not the CA that signs") {
  const auto lacks_signer = [](const std::string& in_chain) {
    const auto file = [](const std::string& path) {
      return block(read_source("certs/" + path), "CERTIFICATE");
    };
    InventorySink sink;
    REQUIRE(read_input("f.yaml",
                       as_bytes("apiVersion: v1\nkind: Secret\nmetadata: {name: cacerts, namespace: "
                                "istio-system}\nstringData:\n" +
                                value("ca-cert.pem", file("pki/root.pem")) +
                                value("root-cert.pem", file("pki/plugin-root.pem")) +
                                value("cert-chain.pem", file(in_chain))),
                       {}, sink));
    Policy policy;
    policy.at = *parse_rfc3339("2024-01-01T06:00:00Z");
    return !judge(sink.inventory, policy, Selection{{"cacerts.chain-lacks-signer"}, {}}).empty();
  };
  CHECK_FALSE(lacks_signer("pki/root.pem"));
  CHECK_FALSE(lacks_signer("pki/root-renewed.pem"));
  CHECK(lacks_signer("pki/root-new.pem"));
}

TEST_CASE("cacerts: the form of a key is that of the key in ca-key.pem, whatever stands in ca-cert.pem") {
  const std::string pair = read_source("certs/key/healthy-pair-pkcs1.pem");
  const std::string certificate = block(pair, "CERTIFICATE"), pkcs1 = block(pair, "RSA PRIVATE KEY");
  const std::string pkcs8 = block(read_source("certs/keys/intermediate.pem"), "PRIVATE KEY");
  CHECK(labels(certificate, pkcs1).empty());
  const auto above = labels(pkcs8 + certificate, pkcs1);
  REQUIRE(above.size() == 1);
  CHECK(above[0].starts_with(
      "the first PEM block of ca-cert.pem of Secret istio-system/cacerts is PRIVATE KEY;"));
  // The other way round.
  std::string misnamed = pkcs8;
  for (std::size_t at = 0; (at = misnamed.find(" PRIVATE", at)) != std::string::npos; at += 12)
    misnamed.insert(at, " RSA");
  const auto wrong = labels(pkcs1 + certificate, misnamed);
  REQUIRE(wrong.size() == 2);
  CHECK(wrong[0].find("ca-key.pem of Secret istio-system/cacerts is RSA PRIVATE KEY with PKCS#8 in it") !=
        std::string::npos);
}
