// cert-chain.pem in a directory is held against root-cert.pem with the CRLs of ca-crl.pem beside it.
#include <doctest/doctest.h>

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "meshcert/cli.hpp"
#include "tests/cli/blocks.hpp"
#include "tests/support/memory_env.hpp"

using namespace meshcert;
using meshcert::testing::blocks_of;
using meshcert::testing::MemoryEnv;
using Json = nlohmann::json;

namespace {

/// found is the codes of family chain for a directory with these files, and how it ended.
std::string found(const std::string& roots, const std::string& crls, const std::string& crl_file) {
  MemoryEnv env;
  const std::string chain = blocks_of("certs/workload/healthy-chain.pem");
  env.files = {{"etc/cert-chain.pem", chain.substr(0, chain.rfind("-----BEGIN")) +
                                          blocks_of("certs/chain/crl-plugin-intermediate.pem")},
               {"etc/root-cert.pem", roots},
               {crl_file, crls}};
  env.clock = *parse_rfc3339("2024-01-01T06:00:00Z");
  const std::vector<std::string> words{"inspect", "-o", "json", "--select", "chain", "etc"};
  std::string text = std::to_string(cli::run(words, env));
  const Json report = Json::parse(env.out);
  for (const Json& finding : report["findings"]) text += " " + finding["code"].get<std::string>();
  return text;
}

}  // namespace

TEST_CASE("a directory's chain is held against the CRLs beside its roots") {
  const std::string root = blocks_of("certs/chain/crl-plugin-root.pem");
  const std::string intermediate = blocks_of("certs/chain/crl-plugin-intermediate.pem");
  const std::string both = blocks_of("certs/chain/healthy-crl-chain.pem");
  const std::string crls = both.substr(both.find("-----BEGIN X509 CRL"));
  const std::string of_intermediate = crls.substr(0, crls.rfind("-----BEGIN X509 CRL"));
  CHECK(found(root, crls, "etc/ca-crl.pem") == "0");
  // Of the root, and of the certificate about which it should publish one.
  CHECK(found(root, of_intermediate, "etc/ca-crl.pem") == "1 chain.crl-missing chain.crl-missing");
  // An anchor that is no root and CRLs do not go together in Envoy.
  CHECK(found(intermediate, crls, "etc/ca-crl.pem") == "1 chain.crl-missing");
  CHECK(found(intermediate + root, crls, "etc/ca-crl.pem") == "0");
  // Elsewhere, or under another name, nothing reads it for this chain.
  CHECK(found(intermediate, crls, "other/ca-crl.pem") == "0");
  // What lists the intermediate is told once.
  CHECK(found(root, blocks_of("certs/chain/crl-lists-intermediate.pem"), "etc/ca-crl.pem") ==
        "1 chain.revoked");
}
