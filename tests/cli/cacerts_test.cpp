// A directory of files that istiod is to be given: the first PEM block of each counts.
#include <doctest/doctest.h>

#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "meshcert/cli.hpp"
#include "tests/cli/blocks.hpp"
#include "tests/support/memory_env.hpp"

using namespace meshcert;
using meshcert::testing::blocks_of;
using meshcert::testing::MemoryEnv;
using Json = nlohmann::json;

namespace {

std::string relabelled(std::string text, const std::string& from, const std::string& to) {
  for (std::size_t at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size()))
    text.replace(at, from.size(), to);
  return text;
}

/// found is the codes of a directory, and what was found under the first.
std::string found(const std::string& certificate, const std::string& key) {
  MemoryEnv env;
  env.files = {{"ca/ca-cert.pem", certificate},
               {"ca/ca-key.pem", key},
               {"ca/root-cert.pem", blocks_of("certs/pki/root-ec.pem")}};
  env.clock = *parse_rfc3339("2024-01-01T06:00:00Z");
  const std::vector<std::string> words{"inspect", "-o", "json", "--select", "cacerts", "ca"};
  CHECK(cli::run(words, env) <= 1);
  std::string text;
  const Json report = Json::parse(env.out);
  for (const Json& finding : report["findings"])
    text += finding["code"].get<std::string>() + " " + finding["facts"].value("found", "") + ";";
  return text;
}

}  // namespace

TEST_CASE("cacerts: the first block of each file of a directory") {
  const std::string certificate = blocks_of("certs/pki/root-ec.pem");
  const std::string key = blocks_of("certs/keys/p256-root.pem");
  const std::string parameters =
      "-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----\n";
  CHECK(found(certificate, key).empty());
  CHECK(found(certificate, parameters + key) == "cacerts.wrong-labels EC PARAMETERS;");
  CHECK(found(certificate, key + parameters).empty());
  CHECK(found(certificate, relabelled(key, " PRIVATE", " EC PRIVATE")) ==
        "cacerts.wrong-labels EC PRIVATE KEY with PKCS#8 in it;");
  CHECK(found(relabelled(certificate, "CERTIFICATE", "X509 CERTIFICATE"), key) ==
        "cacerts.wrong-labels X509 CERTIFICATE;");
  CHECK(found(relabelled(certificate, "CERTIFICATE", "X509 CERTIFICATE") + certificate, key).empty());
  CHECK(found(key + certificate, key) == "cacerts.wrong-labels PRIVATE KEY;");
  CHECK(found(certificate + key, key).empty());
}

TEST_CASE("cacerts: what to type next names the control plane that it is about") {
  for (const std::string space : {"istio-system", "mesh-b"}) {
    for (const auto& [sample, status] : {std::pair("incomplete", 1), std::pair("unparsable-key", 3)}) {
      CAPTURE(std::string(sample));
      MemoryEnv env;
      const std::string path = "certs/cacerts/" + std::string(sample) + ".yaml";
      env.files = {{"c.yaml", relabelled(testing::read_source(path), "istio-system", space)}};
      env.clock = *parse_rfc3339("2024-01-01T06:00:00Z");
      const std::vector<std::string> words{"inspect", "-o", "json", "--select", "cacerts", "c.yaml"};
      CHECK(cli::run(words, env) == status);
      const Json finding = Json::parse(env.out)["findings"].at(0);
      const std::string fix = finding["fix"];
      CHECK(fix.find("generic cacerts -n " + space + " ") != std::string::npos);
    }
  }
}
