#include "x509/jws_crypto.hpp"

#include <doctest/doctest.h>
#include <openssl/x509.h>

#include <string>
#include <vector>

#include "der_builder.hpp"
#include "openssl_certificate.hpp"

namespace {

using meshcert::testing::make_ec_key;
using meshcert::testing::make_key;
using meshcert::x509::JwsAnswer;
using meshcert::x509::verify_jws;

constexpr std::string_view kText = "eyJhbGciOiJFZERTQSJ9.e30";

std::vector<std::uint8_t> spki_of(EVP_PKEY* key) {
  std::uint8_t* octets = nullptr;
  const int size = i2d_PUBKEY(key, &octets);
  std::vector<std::uint8_t> spki(octets, octets + size);
  OPENSSL_free(octets);
  return spki;
}

std::vector<std::uint8_t> sign(EVP_PKEY* key, std::string_view text) {
  EVP_MD_CTX* context = EVP_MD_CTX_new();
  std::vector<std::uint8_t> signature(64);
  std::size_t size = signature.size();
  REQUIRE(EVP_DigestSignInit(context, nullptr, nullptr, nullptr, key) == 1);
  REQUIRE(EVP_DigestSign(context, signature.data(), &size, reinterpret_cast<const std::uint8_t*>(text.data()),
                         text.size()) == 1);
  EVP_MD_CTX_free(context);
  return signature;
}

}  // namespace

TEST_CASE("EdDSA is verified with Ed25519, and is no algorithm of JWT-SVIDs") {
  const auto key = make_key("ED25519");
  const auto other = make_key("ED25519");
  const auto ec = make_ec_key();
  const auto signature = sign(key.get(), kText);
  CHECK(verify_jws("EdDSA", spki_of(key.get()), kText, signature) == JwsAnswer::verified);
  CHECK(verify_jws("EdDSA", spki_of(other.get()), kText, signature) == JwsAnswer::failed);
  CHECK(verify_jws("EdDSA", spki_of(key.get()), "eyJhbGciOiJFZERTQSJ9.e31", signature) == JwsAnswer::failed);
  CHECK(verify_jws("EdDSA", spki_of(ec.get()), kText, signature) == JwsAnswer::wrong_key);
  CHECK(verify_jws("ES256", spki_of(key.get()), kText, signature) == JwsAnswer::wrong_key);
  CHECK(verify_jws("HS256", {}, kText, signature) == JwsAnswer::cannot_tell);
  CHECK_FALSE(meshcert::x509::is_jws_algorithm("EdDSA"));
  CHECK(meshcert::x509::is_jws_algorithm("ES256"));
}

TEST_CASE("a signature has a length of its algorithm, or that of a modulus") {
  using meshcert::x509::least_jws_signature;
  CHECK(least_jws_signature("ES256") == 64);
  CHECK(least_jws_signature("ES384") == 96);
  CHECK(least_jws_signature("ES512") == 132);
  CHECK(least_jws_signature("EdDSA") == 64);
  CHECK(least_jws_signature("RS256") == 128);
  CHECK(least_jws_signature("PS512") == 128);
  CHECK(least_jws_signature("HS256") == 0);
  CHECK(least_jws_signature("none") == 0);
}

TEST_CASE("a key of another type is the wrong one, however large it is") {
  const auto usual = meshcert::testing::rsa_key(), huge = meshcert::testing::rsa_key(2049);
  CHECK(verify_jws("ES256", usual, kText, usual) == JwsAnswer::wrong_key);
  CHECK(verify_jws("ES256", huge, kText, usual) == JwsAnswer::wrong_key);
  CHECK(verify_jws("RS256", usual, kText, usual) == JwsAnswer::failed);
  CHECK(verify_jws("RS256", huge, kText, usual) == JwsAnswer::cannot_tell);
}
