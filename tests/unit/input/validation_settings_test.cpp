// What stands beside anchors: of one context, and of default contexts that Envoy merges with what SDS sends.
#include <fmt/format.h>

#include "tests/unit/input/envoy_fixture.hpp"

using namespace meshcert;
using namespace meshcert::testing;

namespace {

constexpr const char* kUntrusted = R"("trust_chain_verification":"ACCEPT_UNTRUSTED")";
constexpr const char* kExpired = R"("allow_expired_certificate":true)";
constexpr const char* kLeaf = R"("only_verify_leaf_cert_crl":true)";

std::string combined(const std::string& settings, const std::string& name = "ROOTCA") {
  return fmt::format(
      R"({{"common_tls_context":{{"combined_validation_context":{{"default_validation_context":{{{}}},)"
      R"("validation_context_sds_secret_config":{{"name":"{}"}}}}}}}})",
      settings, name);
}

std::string own(const std::string& settings) {
  return fmt::format(
      R"({{"common_tls_context":{{"validation_context":{{"trusted_ca":{{"inline_bytes":"{}"}}{}{}}}}}}})",
      encoded("pki/root.pem"), settings.empty() ? "" : ",", settings);
}

/// dump_of has these contexts in a cluster, and ROOTCA.
Collector dump_of(const std::vector<std::string>& contexts) {
  std::string clusters;
  for (const std::string& context : contexts)
    clusters += fmt::format(R"({}{{"cluster":{{"name":"c","x":{}}}}})", clusters.empty() ? "" : ",", context);
  return read(
      "f",
      fmt::format(R"({{"configs":[{{"@type":"x.ClustersConfigDump","dynamic_active_clusters":[{}]}},)"
                  R"({{"@type":"x.SecretsConfigDump","dynamic_active_secrets":[{{"name":"ROOTCA",)"
                  R"("secret":{{"validation_context":{{"trusted_ca":{{"inline_bytes":"{}"}}}}}}}}]}}]}})",
                  clusters, encoded("pki/root.pem")));
}

const Artifact& roots_of(const Collector& found) {
  const auto roots = std::ranges::find(found.artifacts, std::string("ROOTCA"), &Artifact::name);
  REQUIRE(roots != found.artifacts.end());
  return *roots;
}

}  // namespace

TEST_CASE("listeners are told that were refused for certificates, by what is said and not by their names") {
  const auto is_told = [](const std::string& details) {
    return !read(
                "f",
                R"({"configs":[{"@type":"x.ListenersConfigDump","dynamic_listeners":[{"name":"l","error_state":{"details":")" +
                    details + R"("}}]}]})")
                .artifacts.empty();
  };
  for (const char* ours :
       {"Certificate configuration can't have both pkcs12 and private_key",
        "Failed to load CRL from <inline>", "No keys found in SPIFFE bundle for domain 'x'",
        "error adding listener 'a': KEY_VALUES_MISMATCH"})
    CHECK(is_told(ours));
  for (const char* other :
       {"error adding listener 'certificate': cannot bind", "can't bind 'the private key port'", ""})
    CHECK_FALSE(is_told(other));
}

TEST_CASE("of default contexts beside one bundle, what any of them lets in is told") {
  const Collector both = dump_of({combined(kExpired), combined(kUntrusted)});
  REQUIRE(roots_of(both).leniency != nullptr);
  CHECK(roots_of(both).leniency->untrusted);
  CHECK(roots_of(both).leniency->expired);
  CHECK(roots_of(dump_of({combined(kUntrusted, "other"), combined("")})).leniency == nullptr);
}

TEST_CASE("of default contexts beside one bundle, all have to look at leaves alone") {
  CHECK(roots_of(dump_of({combined(kLeaf), combined(kLeaf)})).leaf_crl_only);
  CHECK_FALSE(roots_of(dump_of({combined(kLeaf), combined("")})).leaf_crl_only);
  CHECK_FALSE(roots_of(dump_of({combined(""), combined(kLeaf)})).leaf_crl_only);
}

TEST_CASE("however many secrets are named before, default contexts are read") {
  std::vector<std::string> contexts;
  for (int i = 0; i < 20; ++i) contexts.push_back(combined("", fmt::format("kubernetes://c{}", i)));
  contexts.push_back(combined(kUntrusted));
  CHECK(roots_of(dump_of(contexts)).leniency != nullptr);
}

TEST_CASE("equal anchors with other settings beside them are others") {
  for (const bool first : {true, false}) {
    const Collector found = dump_of({own(first ? kUntrusted : ""), own(first ? "" : kUntrusted)});
    CHECK(std::ranges::count_if(found.artifacts,
                                [](const Artifact& artifact) { return artifact.leniency != nullptr; }) == 1);
  }
  CHECK(dump_of({own(""), own("")}).artifacts.size() == 2);
}
