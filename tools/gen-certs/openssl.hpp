#pragma once

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/x509.h>

#include <memory>
#include <stdexcept>
#include <string>

namespace gencerts {

/// Free makes a unique_ptr deleter of one of OpenSSL's free functions.
template <auto function>
struct Free {
  template <class T>
  void operator()(T* object) const {
    function(object);
  }
};

using EvpKey = std::unique_ptr<EVP_PKEY, Free<EVP_PKEY_free>>;
using EvpKeyContext = std::unique_ptr<EVP_PKEY_CTX, Free<EVP_PKEY_CTX_free>>;
using EvpDigestContext = std::unique_ptr<EVP_MD_CTX, Free<EVP_MD_CTX_free>>;
using Bio = std::unique_ptr<BIO, Free<BIO_free_all>>;
using X509Certificate = std::unique_ptr<X509, Free<X509_free>>;

/// require throws what went wrong: a generator that cannot go on has nothing to save.
inline void require(bool ok, const std::string& what) {
  if (!ok) throw std::runtime_error(what);
}

/// octets_of takes what was written to a memory BIO.
inline std::string octets_of(const Bio& bio) {
  char* data = nullptr;
  const long size = BIO_get_mem_data(bio.get(), &data);
  return {data, static_cast<std::size_t>(size)};
}

}  // namespace gencerts
