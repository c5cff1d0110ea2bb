#pragma once

#include <openssl/evp.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

#include <memory>

#include "tests/unit/x509/der_builder.hpp"

namespace meshcert::testing {

struct Free {
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
  void operator()(X509* certificate) const { X509_free(certificate); }
};
using Key = std::unique_ptr<EVP_PKEY, Free>;

/// How OpenSSL signs: a digest ("" for EdDSA), and RSA-PSS with this salt when >= 0.
struct Signing {
  const char* digest = "SHA256";
  int pss_salt = -1;
};

/// A self-issued certificate for `key`, signed by OpenSSL with `signer`.
inline Bytes make_certificate(EVP_PKEY* key, EVP_PKEY* signer, Signing signing = {}) {
  const std::unique_ptr<X509, Free> certificate(X509_new());
  X509_set_version(certificate.get(), 2);
  ASN1_INTEGER_set(X509_get_serialNumber(certificate.get()), 1);
  ASN1_TIME_set(X509_getm_notBefore(certificate.get()), 1'704'067'200);
  ASN1_TIME_set(X509_getm_notAfter(certificate.get()), 2'019'686'400);
  auto* subject = X509_get_subject_name(certificate.get());
  X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_ASC, reinterpret_cast<const unsigned char*>("self"), -1,
                             -1, 0);
  X509_set_issuer_name(certificate.get(), subject);
  X509_set_pubkey(certificate.get(), key);
  EVP_MD_CTX* context = EVP_MD_CTX_new();
  EVP_PKEY_CTX* key_context = nullptr;
  EVP_DigestSignInit_ex(context, &key_context, *signing.digest == 0 ? nullptr : signing.digest, nullptr,
                        nullptr, signer, nullptr);
  if (signing.pss_salt >= 0) {
    EVP_PKEY_CTX_set_rsa_padding(key_context, RSA_PKCS1_PSS_PADDING);
    EVP_PKEY_CTX_set_rsa_pss_saltlen(key_context, signing.pss_salt);
  }
  X509_sign_ctx(certificate.get(), context);
  EVP_MD_CTX_free(context);
  unsigned char* der = nullptr;
  const int size = i2d_X509(certificate.get(), &der);
  Bytes octets(der, der + size);
  OPENSSL_free(der);
  return octets;
}

inline Bytes make_certificate(const Key& key, Signing signing = {}) {
  return make_certificate(key.get(), key.get(), signing);
}

inline Key make_rsa_key() {
  return Key(EVP_RSA_gen(2048));
}
inline Key make_ec_key(const char* curve = "P-256") {
  return Key(EVP_EC_gen(curve));
}
inline Key make_key(const char* type) {
  return Key(EVP_PKEY_Q_keygen(nullptr, nullptr, type));
}

}  // namespace meshcert::testing
