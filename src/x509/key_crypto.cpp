#include "x509/key_crypto.hpp"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/x509.h>

#include <algorithm>
#include <memory>

#include "x509/decode.hpp"
#include "x509/openssl_key.hpp"
#include "x509/ossl.hpp"

namespace meshcert::x509 {
namespace {

bool is_equal(ByteView one, ByteView other) {
  return std::ranges::equal(one, other);
}

bool is_same_by_openssl(const PublicKey& one, const PublicKey& other) {
  const OpensslKey a = openssl_key(one.spki), b = openssl_key(other.spki);
  const ErrorQueue errors;
  return a && b && EVP_PKEY_eq(a.get(), b.get()) == 1;
}

}  // namespace

std::optional<der::Octets> derive_public(ByteView private_key) {
  initialise_openssl();
  const ErrorQueue errors;
  const std::uint8_t* at = private_key.data();
  const OpensslKey key(d2i_AutoPrivateKey(nullptr, &at, static_cast<long>(private_key.size())));
  std::uint8_t* encoded = nullptr;
  const int size = key ? i2d_PUBKEY(key.get(), &encoded) : 0;
  if (size <= 0) return std::nullopt;
  der::Octets spki(encoded, encoded + size);
  OPENSSL_free(encoded);
  return spki;
}

bool is_usable_key(ByteView spki) {
  return openssl_key(spki) != nullptr;
}

bool is_same_key(const PublicKey& one, const PublicKey& other) {
  if (is_equal(one.spki, other.spki)) return true;
  if (one.value.empty() || other.value.empty()) return false;
  if (one.is_rsa() && other.is_rsa()) return is_equal(one.value, other.value);
  if (!is_equal(one.algorithm_oid, other.algorithm_oid)) return false;
  const bool alike = is_equal(one.parameters, other.parameters);
  if (alike && one.value.size() == other.value.size()) return is_equal(one.value, other.value);
  return one.algorithm == KeyAlgorithm::ec && is_same_by_openssl(one, other);
}

}  // namespace meshcert::x509
