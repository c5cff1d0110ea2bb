// Keys handed to OpenSSL taken apart: the same as its own decoders make of the same octets.
#include <doctest/doctest.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

#include <memory>
#include <vector>

#include "x509/openssl_key.hpp"

using namespace meshcert;
using namespace meshcert::x509;

namespace {

using Octets = std::vector<std::uint8_t>;

Octets spki(EVP_PKEY* key) {
  REQUIRE(key != nullptr);
  std::uint8_t* data = nullptr;
  const int size = i2d_PUBKEY(key, &data);
  REQUIRE(size > 0);
  Octets octets(data, data + size);
  OPENSSL_free(data);
  return octets;
}

OpensslKey decoded(const Octets& octets) {
  const std::uint8_t* at = octets.data();
  return OpensslKey(d2i_PUBKEY(nullptr, &at, static_cast<long>(octets.size())));
}

OpensslKey ec_key(const char* curve, const char* form) {
  OpensslKey key(EVP_EC_gen(curve));
  EVP_PKEY_set_utf8_string_param(key.get(), "point-format", form);
  return key;
}

std::vector<Octets> samples() {
  std::vector<Octets> all;
  all.push_back(spki(OpensslKey(EVP_RSA_gen(1024)).get()));
  for (const char* curve : {"P-256", "P-384", "P-521", "P-224", "secp256k1"})
    for (const char* form : {"uncompressed", "compressed"}) all.push_back(spki(ec_key(curve, form).get()));
  for (const char* type : {"ED25519", "ED448", "X25519"})
    all.push_back(spki(OpensslKey(EVP_PKEY_Q_keygen(nullptr, nullptr, type)).get()));
  return all;
}

}  // namespace

TEST_CASE("a key is the one that OpenSSL's decoders make") {
  for (const Octets& octets : samples()) {
    const OpensslKey ours = openssl_key(octets), theirs = decoded(octets);
    REQUIRE(ours);
    CHECK(EVP_PKEY_eq(ours.get(), theirs.get()) == 1);
  }
}

TEST_CASE("what OpenSSL's decoders make no key of is none") {
  for (const Octets& whole : samples()) {
    for (std::size_t at = 0; at < whole.size(); ++at) {
      CAPTURE(at);
      CHECK_FALSE(openssl_key(ByteView(whole).first(at)));
      Octets changed = whole;
      changed[at] ^= static_cast<std::uint8_t>(1U << ((at + 3) % 8));
      const OpensslKey ours = openssl_key(changed), theirs = decoded(changed);
      CHECK((ours == nullptr) == (theirs == nullptr));
      if (ours && theirs) CHECK(EVP_PKEY_eq(ours.get(), theirs.get()) == 1);
    }
  }
}
