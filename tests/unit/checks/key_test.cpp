// Envoy's rules for keys, at their exact limits (envoy source/common/tls/context_impl.cc).
#include <doctest/doctest.h>

#include "meshcert/inspect.hpp"

using namespace meshcert;

namespace {

std::string verdict(const PublicKey& key, bool is_ca) {
  Inventory inventory;
  Artifact& artifact = inventory.artifacts.emplace_back();
  artifact.kind = is_ca ? ArtifactKind::trust_bundle : ArtifactKind::certificate_chain;
  artifact.certificates.emplace_back().key = key;
  std::string codes;
  for (const Finding& finding : judge(inventory, Policy{}, Selection{{"key"}, {}}))
    codes += finding.spec->code;
  return codes;
}

PublicKey rsa(std::uint32_t bits, std::uint64_t exponent = 65537) {
  PublicKey key;
  key.algorithm = KeyAlgorithm::rsa;
  key.bits = bits;
  key.rsa_exponent = exponent;
  return key;
}

PublicKey ec(Curve curve) {
  PublicKey key;
  key.algorithm = KeyAlgorithm::ec;
  key.curve = curve;
  return key;
}

PublicKey of(KeyAlgorithm algorithm) {
  PublicKey key = rsa(2048);
  key.algorithm = algorithm;
  return key;
}

}  // namespace

TEST_CASE("keys are judged by what Envoy loads and verifies with") {
  constexpr auto kRefused = "key.refused-by-envoy";
  constexpr auto kUnproven = "key.unproven-with-envoy";
  constexpr auto kWeak = "key.weak";
  constexpr std::uint64_t kMostExponent = (1ULL << 33U) - 1;
  struct Row {
    PublicKey key;
    std::string leaf, ca;
  };
  const Row rows[] = {
      {rsa(2047), kRefused, kWeak},
      {rsa(2048), "", ""},
      {rsa(8192), "", ""},
      {rsa(8193), kUnproven, ""},
      {rsa(16384), kUnproven, ""},
      {rsa(16385), kRefused, kRefused},
      {rsa(2048, 3), "", ""},
      {rsa(2048, 1), kRefused, kWeak},
      {rsa(2048, 65536), kRefused, kWeak},
      {rsa(2048, kMostExponent), "", ""},
      {rsa(2048, kMostExponent + 2), kRefused, kWeak},
      {ec(Curve::p224), kRefused, kWeak},
      {ec(Curve::p256), "", ""},
      {ec(Curve::p384), "", ""},
      {ec(Curve::p521), "", ""},
      {ec(Curve::secp256k1), kRefused, kRefused},
      {ec(Curve::other_named), kRefused, kRefused},
      {ec(Curve::explicit_parameters), kRefused, kRefused},
      {of(KeyAlgorithm::rsa_pss), kRefused, kRefused},
      {of(KeyAlgorithm::ed25519), kUnproven, ""},
      {of(KeyAlgorithm::ed448), kRefused, kRefused},
      {of(KeyAlgorithm::unknown), kUnproven, kRefused},
      {of(KeyAlgorithm::dsa), kRefused, kRefused},
      {of(KeyAlgorithm::x25519), kRefused, kRefused},
  };
  for (const Row& row : rows) {
    CAPTURE(to_string(row.key));
    CAPTURE(row.key.rsa_exponent);
    CHECK(verdict(row.key, false) == row.leaf);
    CHECK(verdict(row.key, true) == row.ca);
  }
}
