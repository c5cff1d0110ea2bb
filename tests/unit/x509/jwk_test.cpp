// JWK to SubjectPublicKeyInfo, against what OpenSSL encodes of the same key.
#include <doctest/doctest.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

#include <memory>
#include <string>
#include <vector>

#include "base/base64.hpp"
#include "x509/jwk.hpp"
#include "x509/key_crypto.hpp"
#include "x509/private_key.hpp"

using namespace meshcert;
using namespace meshcert::x509;
using base::encode_base64url;

namespace {

struct Free {
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
};
using Key = std::unique_ptr<EVP_PKEY, Free>;
using Octets = std::vector<std::uint8_t>;

Octets spki(EVP_PKEY* key) {
  std::uint8_t* data = nullptr;
  const int size = i2d_PUBKEY(key, &data);
  REQUIRE(size > 0);
  Octets octets(data, data + size);
  OPENSSL_free(data);
  return octets;
}

std::string number(EVP_PKEY* key, const char* name, std::size_t size) {
  BIGNUM* value = nullptr;
  REQUIRE(EVP_PKEY_get_bn_param(key, name, &value) == 1);
  Octets octets(size == 0 ? static_cast<std::size_t>(BN_num_bytes(value)) : size);
  BN_bn2binpad(value, octets.data(), static_cast<int>(octets.size()));
  BN_free(value);
  return encode_base64url(octets);
}

}  // namespace

TEST_CASE("RSA") {
  const Key key(EVP_RSA_gen(1024));
  const auto n = number(key.get(), OSSL_PKEY_PARAM_RSA_N, 0), e = number(key.get(), OSSL_PKEY_PARAM_RSA_E, 0);
  JwkParameters jwk{"RSA", {}, n, e, {}, {}};
  CHECK(jwk_to_spki(jwk) == spki(key.get()));
  const auto encoded = spki(key.get());
  CHECK(spki_to_jwk(*public_key_of(encoded)).n == n);
  CHECK(spki_to_jwk(*public_key_of(encoded)).e == e);
  jwk.e.reset();
  CHECK(jwk_to_spki(jwk).error() == "RSA without e");
  jwk.e = "AQAB=";
  CHECK_FALSE(jwk_to_spki(jwk));
  jwk.e = "AA";
  CHECK(jwk_to_spki(jwk).error() == "n or e is zero");
}

TEST_CASE("EC") {
  struct Row {
    const char* curve;
    std::size_t size;
  };
  for (const Row& row : {Row{"P-256", 32}, Row{"P-384", 48}, Row{"P-521", 66}, Row{"secp256k1", 32}}) {
    CAPTURE(row.curve);
    const Key key(EVP_EC_gen(row.curve));
    const auto x = number(key.get(), OSSL_PKEY_PARAM_EC_PUB_X, row.size);
    const auto y = number(key.get(), OSSL_PKEY_PARAM_EC_PUB_Y, row.size);
    JwkParameters jwk{"EC", row.curve, {}, {}, x, y};
    const auto encoded = jwk_to_spki(jwk);
    CHECK(encoded == spki(key.get()));
    CHECK(is_usable_key(*encoded));
    const JwkText text = spki_to_jwk(*public_key_of(*encoded));
    CHECK(text.kty == "EC");
    CHECK(text.crv == row.curve);
    CHECK(text.x == x);
    CHECK(text.y == y);
    std::swap(jwk.x, jwk.y);
    CHECK_FALSE(is_usable_key(*jwk_to_spki(jwk)));
    jwk.y = jwk.y->substr(4);
    CHECK(jwk_to_spki(jwk).error() == "x or y has another length than the curve's");
  }
}

TEST_CASE("OKP") {
  for (const char* curve : {"ED25519", "ED448"}) {
    const Key key(EVP_PKEY_Q_keygen(nullptr, nullptr, curve));
    Octets raw(64);
    std::size_t size = raw.size();
    REQUIRE(EVP_PKEY_get_raw_public_key(key.get(), raw.data(), &size) == 1);
    raw.resize(size);
    const auto x = encode_base64url(raw);
    const std::string_view crv = curve == std::string_view("ED25519") ? "Ed25519" : "Ed448";
    CHECK(jwk_to_spki({"OKP", crv, {}, {}, x, {}}) == spki(key.get()));
    CHECK_FALSE(jwk_to_spki({"EC", crv, {}, {}, x, x}));
  }
}

TEST_CASE("what is no key says why") {
  CHECK(jwk_to_spki({"oct", {}, {}, {}, {}, {}}).error() == "its kty is none of RSA, EC and OKP");
  CHECK(jwk_to_spki({"EC", {}, {}, {}, "AA", "AA"}).error() == "without crv");
  CHECK(jwk_to_spki({"EC", "P-256", {}, {}, {}, "AA"}).error() == "EC without x");
}

TEST_CASE("base64url has no padding, no white space and one spelling") {
  CHECK(base::decode_base64url("-_8") == Octets{0xFB, 0xFF});
  CHECK(encode_base64url(Octets{0xFB, 0xFF}) == "-_8");
  for (const char* text : {"+/8", "-_8=", "-_ 8", "-_9", "A"}) CHECK_FALSE(base::decode_base64url(text));
}
