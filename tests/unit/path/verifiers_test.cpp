#include "path/verifiers.hpp"

#include <doctest/doctest.h>

#include "x509/oids.hpp"

using namespace meshcert;
using namespace meshcert::path;
using x509::Oid;

namespace {

constexpr Oid kSha256Rsa{"1.2.840.113549.1.1.11"}, kSha224Rsa{"1.2.840.113549.1.1.14"},
    kSha1Rsa{"1.2.840.113549.1.1.5"}, kSha3Rsa{"2.16.840.1.101.3.4.3.14"}, kPss{"1.2.840.113549.1.1.10"},
    kSha256{"2.16.840.1.101.3.4.2.1"}, kSha384{"2.16.840.1.101.3.4.2.2"};

SignatureAlgorithm signature(const Oid& oid) {
  SignatureAlgorithm algorithm;
  algorithm.oid = oid.octets();
  return algorithm;
}

SignatureAlgorithm pss(const Oid& hash, const Oid& mask, std::uint32_t salt) {
  SignatureAlgorithm algorithm = signature(kPss);
  algorithm.pss = {hash.octets(), mask.octets(), salt};
  return algorithm;
}

PublicKey rsa(std::uint32_t bits, std::uint64_t exponent = 65537) {
  PublicKey key;
  key.algorithm = KeyAlgorithm::rsa;
  key.bits = bits;
  key.rsa_exponent = exponent;
  return key;
}

PublicKey key_of(KeyAlgorithm algorithm, Curve curve = Curve::none) {
  PublicKey key;
  key.algorithm = algorithm;
  key.curve = curve;
  key.bits = 256;
  return key;
}

}  // namespace

TEST_CASE("who verifies a signature goes by its algorithm") {
  CHECK(verifiers_of(signature(kSha256Rsa)) == kEveryVerifier);
  CHECK(verifiers_of(signature(kSha224Rsa)) == boringssl);
  CHECK(verifiers_of(signature(kSha3Rsa)) == kNoVerifier);
}

TEST_CASE("RSA-PSS is verified where mask and salt go with the hash") {
  CHECK(verifiers_of(pss(kSha256, kSha256, 32)) == kEveryVerifier);
  CHECK(verifiers_of(pss(kSha256, kSha256, 20)) == kNoVerifier);
  CHECK(verifiers_of(pss(kSha256, kSha384, 32)) == kNoVerifier);
  CHECK(signature_words(pss(kSha256, kSha256, 32)) == algorithm_name(signature(kPss)));
  CHECK(signature_words(pss(kSha256, kSha384, 20)) ==
        algorithm_name(signature(kPss)) + " with SHA-256, a mask of SHA-384 and a salt of 20 octets");
}

TEST_CASE("who verifies by a key goes by its kind and size") {
  for (const auto& [bits, by] : {std::pair{511U, +kNoVerifier},
                                 {512U, +boringssl},
                                 {1024U, go | boringssl},
                                 {2047U, go | boringssl},
                                 {2048U, +kEveryVerifier},
                                 {8192U, +kEveryVerifier},
                                 {8193U, +boringssl},
                                 {16385U, +kNoVerifier}})
    CHECK(verifiers_of(rsa(bits)) == by);
  CHECK(verifiers_of(rsa(2048, 4)) == kNoVerifier);
  CHECK(verifiers_of(rsa(2048, (1ULL << 32U) + 1)) == (boringssl | rustls));
  CHECK(verifiers_of(rsa(2048, (1ULL << 40U) + 1)) == kNoVerifier);
  CHECK(verifiers_of(key_of(KeyAlgorithm::ec, Curve::p521)) == kEveryVerifier);
  CHECK(verifiers_of(key_of(KeyAlgorithm::ec, Curve::p224)) == (go | boringssl));
  for (const Curve curve : {Curve::secp256k1, Curve::other_named, Curve::explicit_parameters})
    CHECK(verifiers_of(key_of(KeyAlgorithm::ec, curve)) == kNoVerifier);
  CHECK(verifiers_of(key_of(KeyAlgorithm::ed25519)) == kEveryVerifier);
  for (const KeyAlgorithm algorithm :
       {KeyAlgorithm::ed448, KeyAlgorithm::dsa, KeyAlgorithm::rsa_pss, KeyAlgorithm::unknown})
    CHECK(verifiers_of(key_of(algorithm)) == kNoVerifier);
}

TEST_CASE("of a link whose digest is told elsewhere, the key is asked") {
  Certificate certificate;
  certificate.signature_algorithm = signature(kSha1Rsa);
  CHECK(verifiers_of_link(certificate, rsa(2048)) == kEveryVerifier);
  CHECK(verifiers_of_link(certificate, rsa(512)) == boringssl);
  certificate.signature_algorithm = signature(kSha224Rsa);
  CHECK(verifiers_of_link(certificate, rsa(2048)) == boringssl);
}

TEST_CASE("verifiers are named with who links them") {
  CHECK(who_takes(boringssl) == "BoringSSL (Envoy) takes it, Go (istiod) and rustls (ztunnel) refuse it");
  CHECK(who_takes(go | boringssl) ==
        "Go (istiod) and BoringSSL (Envoy) take it, rustls (ztunnel) refuses it");
  CHECK(describe(kEveryVerifier) == "Go (istiod), BoringSSL (Envoy) and rustls (ztunnel)");
}
