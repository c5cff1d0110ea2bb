// Private keys: facts of every form, and nothing of any octets that are none.
#include <doctest/doctest.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

#include <algorithm>
#include <memory>
#include <vector>

#include "x509/key_crypto.hpp"
#include "x509/private_key.hpp"

using namespace meshcert;
using namespace meshcert::x509;

namespace {

struct Free {
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
  void operator()(PKCS8_PRIV_KEY_INFO* info) const { PKCS8_PRIV_KEY_INFO_free(info); }
};
using Key = std::unique_ptr<EVP_PKEY, Free>;
using Octets = std::vector<std::uint8_t>;

template <class Encode>
Octets encoded(Encode encode) {
  std::uint8_t* data = nullptr;
  const int size = encode(&data);
  REQUIRE(size > 0);
  Octets octets(data, data + size);
  OPENSSL_free(data);
  return octets;
}

Octets traditional(EVP_PKEY* key) {
  return encoded([key](std::uint8_t** out) { return i2d_PrivateKey(key, out); });
}
Octets pkcs8(EVP_PKEY* key) {
  const std::unique_ptr<PKCS8_PRIV_KEY_INFO, Free> info(EVP_PKEY2PKCS8(key));
  return encoded([&](std::uint8_t** out) { return i2d_PKCS8_PRIV_KEY_INFO(info.get(), out); });
}
Octets spki(EVP_PKEY* key) {
  return encoded([key](std::uint8_t** out) { return i2d_PUBKEY(key, out); });
}

constexpr std::uint8_t kRsaOid[] = {0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x01, 0x01};

void check_key(const Octets& octets, KeyForm form, EVP_PKEY* key) {
  const auto decoded = decode_private_key(octets);
  REQUIRE(decoded);
  CHECK(decoded->form == form);
  CHECK(decoded->has_public);
  CHECK(decoded->spki == spki(key));
}

}  // namespace

TEST_CASE("RSA: the public half is read from PKCS#1 and PKCS#8") {
  const Key key(EVP_RSA_gen(1024));
  check_key(traditional(key.get()), KeyForm::pkcs1, key.get());
  check_key(pkcs8(key.get()), KeyForm::pkcs8, key.get());
}

TEST_CASE("EC: the public half is read from SEC1 and PKCS#8, on every curve") {
  for (const char* curve : {"P-256", "P-384", "P-521", "secp256k1"}) {
    CAPTURE(curve);
    const Key key(EVP_EC_gen(curve));
    check_key(traditional(key.get()), KeyForm::sec1, key.get());
    check_key(pkcs8(key.get()), KeyForm::pkcs8, key.get());
  }
}

TEST_CASE("EC without publicKey, and RFC 8410 keys: OpenSSL computes what is left out") {
  const Key ed25519(EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519"));
  const Key ec(EVP_EC_gen("P-256"));
  EVP_PKEY_set_int_param(ec.get(), "include-public", 0);
  for (const Key* key : {&ed25519, &ec}) {
    const auto octets = pkcs8(key->get());
    const auto decoded = decode_private_key(octets);
    REQUIRE(decoded);
    CHECK_FALSE(decoded->has_public);
    REQUIRE(public_key_of(decoded->spki));
    CHECK(public_key_of(decoded->spki)->bits == 256);
    CHECK(derive_public(octets) == spki(key->get()));
  }
}

TEST_CASE("a key that is cut off anywhere, or has octets behind it, is none") {
  const Key rsa(EVP_RSA_gen(512)), ec(EVP_EC_gen("P-256")),
      ed(EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519"));
  for (const Octets& whole :
       {traditional(rsa.get()), pkcs8(rsa.get()), traditional(ec.get()), pkcs8(ec.get()), pkcs8(ed.get())}) {
    CHECK(decode_private_key(whole));
    for (std::size_t size = 0; size < whole.size(); ++size)
      CHECK_FALSE(decode_private_key(ByteView(whole).first(size)));
    Octets longer = whole;
    longer.push_back(0);
    CHECK_FALSE(decode_private_key(longer));
  }
}

TEST_CASE("encrypted PKCS#8 is recognised and not looked into") {
  const auto inner = der::element(der::kSequence, {der::element(der::kObjectIdentifier, {kRsaOid})});
  const auto octets = der::element(der::kSequence, {inner, der::element(der::kOctetString, {inner})});
  const auto decoded = decode_private_key(octets);
  REQUIRE(decoded);
  CHECK(decoded->form == KeyForm::encrypted_pkcs8);
  CHECK(decoded->spki.empty());
}

TEST_CASE("keys are the same by value, not by how they are written") {
  const Key one(EVP_EC_gen("P-256")), other(EVP_EC_gen("P-256"));
  const auto named = spki(one.get()), another = spki(other.get());
  EVP_PKEY_set_utf8_string_param(one.get(), "point-format", "compressed");
  const auto compressed = spki(one.get());
  CHECK(named != compressed);
  CHECK(is_same_key(*public_key_of(named), *public_key_of(compressed)));
  CHECK_FALSE(is_same_key(*public_key_of(another), *public_key_of(compressed)));
  CHECK_FALSE(is_same_key(*public_key_of(another), *public_key_of(named)));
}

TEST_CASE("what is written is DER: lengths of every size, and integers") {
  for (const std::size_t size : {0U, 1U, 127U, 128U, 255U, 256U, 65535U, 65536U}) {
    const Octets contents(size, 0x41);
    const auto encoded = der::element(der::kOctetString, {contents});
    der::Reader reader(encoded, nullptr);
    const auto element = reader.read(der::kOctetString);
    REQUIRE(element);
    CHECK(std::ranges::equal(element->contents, contents));
    CHECK(reader.at_end());
  }
  const Octets padded{0, 0, 0x80};
  CHECK(der::unsigned_integer(padded) == Octets{2, 2, 0, 0x80});
  CHECK(der::unsigned_integer({}) == Octets{2, 1, 0});
}
