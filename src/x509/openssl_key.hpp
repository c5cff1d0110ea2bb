#pragma once

#include <memory>

#include "meshcert/bytes.hpp"

struct evp_pkey_st;  // OpenSSL's EVP_PKEY

namespace meshcert::x509 {

/// initialise_openssl comes before any other call of libcrypto: without its configuration file, the words
/// of its errors, which nobody is shown, and a clean-up of what ends with the process.
void initialise_openssl();

struct FreeOpensslKey {
  void operator()(evp_pkey_st* key) const;
};
using OpensslKey = std::unique_ptr<evp_pkey_st, FreeOpensslKey>;

/// openssl_key is the key of a SubjectPublicKeyInfo; null where OpenSSL can make none of it. The usual ones
/// are handed over taken apart: OpenSSL's decoders take 70 us to find out which of them it is.
[[nodiscard]] OpensslKey openssl_key(ByteView spki);

}  // namespace meshcert::x509
