#pragma once

#include <openssl/evp.h>

#include <memory>

#include "tests/unit/x509/crl_builder.hpp"

/// Certificates and CRLs that are really signed: Ed25519, by keys made of one octet.
namespace meshcert::testing {

/// SigningKey is the Ed25519 key whose 32 octets are all `seed`.
class SigningKey {
 public:
  explicit SigningKey(std::uint8_t seed)
      : key_(EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nullptr, Bytes(32, seed).data(), 32),
             EVP_PKEY_free) {}

  [[nodiscard]] Bytes public_key_info() const {
    Bytes octets_(33, 0);
    std::size_t size = 32;
    EVP_PKEY_get_raw_public_key(key_.get(), octets_.data() + 1, &size);
    return seq(algorithm(), tlv(0x03, octets_));
  }
  [[nodiscard]] Bytes signature(const Bytes& tbs) const {
    const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(), EVP_MD_CTX_free);
    EVP_DigestSignInit(context.get(), nullptr, nullptr, nullptr, key_.get());
    Bytes octets_(65, 0);
    std::size_t size = 64;
    EVP_DigestSign(context.get(), octets_.data() + 1, &size, tbs.data(), tbs.size());
    return tlv(0x03, octets_);
  }
  [[nodiscard]] static Bytes algorithm() { return seq(oid("2b6570")); }

 private:
  std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key_;
};

/// A certificate of `subject`'s key, signed with `issuer`'s.
inline Bytes signed_certificate(Parts parts, std::uint8_t subject, std::uint8_t issuer) {
  parts.inner_algorithm = parts.outer_algorithm = SigningKey::algorithm();
  parts.key = SigningKey(subject).public_key_info();
  const Bytes tbs = seq(parts.tbs_contents());
  return seq(tbs, parts.outer_algorithm, SigningKey(issuer).signature(tbs));
}

inline Bytes signed_crl(CrlParts parts, std::uint8_t issuer) {
  parts.inner_algorithm = parts.outer_algorithm = SigningKey::algorithm();
  const Bytes tbs = parts.tbs();
  return seq(tbs, parts.outer_algorithm, SigningKey(issuer).signature(tbs));
}

/// basicConstraints cA TRUE and keyUsage keyCertSign, cRLSign.
inline Bytes ca_extensions() {
  return join(critical("551d13", seq(hex("0101ff"))), critical("551d0f", bits("0106")));
}

}  // namespace meshcert::testing
