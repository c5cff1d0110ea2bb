// What is left of material whose first part is lost, or was never meant to be there.
#include "tests/unit/input/envoy_fixture.hpp"

using namespace meshcert;
using namespace meshcert::testing;
using enum ArtifactKind;

TEST_CASE("dumps: CAs behind a first block that is broken are no workload's chain") {
  const std::string broken = "-----BEGIN CERTIFICATE-----\nMII!\n-----END CERTIFICATE-----\n";
  const auto chain = [](const std::string& pem) {
    return read("f",
                active(R"("name":"default","secret":{"tlsCertificate":{"certificateChain":{"inlineBytes":")" +
                       base::encode_base64(as_bytes(pem)) + "\"}}}"));
  };
  const std::string leaf = pem_of("workload/healthy.pem"), body = leaf.substr(leaf.find('\n') + 1);
  for (const std::string& lost :
       {broken, "-----BEGN CERTIFICATE-----\n" + body, body, leaf.substr(0, leaf.find("-----END"))}) {
    CAPTURE(lost.substr(0, 30));
    const Collector found = chain(lost + pem_of("pki/intermediate.pem"));
    check(found,
          {{workload_chain, "default", kActive, 0, kChain0}, {ca_bundle, "default", kActive, 1, kChain0}});
    CHECK(found.lost());
  }
  check(chain(broken + pem_of("workload/healthy.pem")), {{workload_chain, "default", kActive, 1, kChain0}});
  check(chain(pem_of("pki/intermediate.pem")), {{workload_chain, "default", kActive, 1, kChain0}});
}

TEST_CASE("dumps: a peer may be known by the digest of its key alone") {
  const auto context = [](const std::string& members) {
    return read("f", active(R"("name":"ROOTCA","secret":{"validationContext":{)" + members + "}}"));
  };
  CHECK(context(R"("verifyCertificateSpki":["NvqYIYSbgK2vCJpQhObf77vv+bQWtc5ek5RIOwPiC9A="])")
            .defects()
            .empty());
  CHECK(context(R"("verifyCertificateSpki":[])").lost());
  CHECK(context("").lost());
}

TEST_CASE("a key whose leaf is lost is not held against the CA behind it") {
  const std::string key = pem_of("keys/workload.pem"), ca = pem_of("pki/intermediate.pem");
  const auto matches = [](const std::string& text) {
    const Collector found = read("f.pem", text);
    REQUIRE(found.artifacts.size() == 1);
    REQUIRE(found.artifacts[0].key);
    return found.artifacts[0].key->matches_leaf;
  };
  CHECK(matches(key + "-----BEGIN CERTIFICATE-----\nMII!\n-----END CERTIFICATE-----\n" + ca) == std::nullopt);
  CHECK(matches(key + ca) == false);
}
