#pragma once

#include <openssl/err.h>
#include <openssl/evp.h>

#include <memory>

namespace meshcert::x509 {

/// Deleter makes the deleter of a unique_ptr of one of OpenSSL's free functions.
template <auto F>
struct Deleter {
  template <class T>
  void operator()(T* object) const {
    F(object);
  }
};

using DigestContext = std::unique_ptr<EVP_MD_CTX, Deleter<EVP_MD_CTX_free>>;
using KeyContext = std::unique_ptr<EVP_PKEY_CTX, Deleter<EVP_PKEY_CTX_free>>;

/// ErrorQueue leaves OpenSSL's queue of this thread empty at the end of its scope, whichever way that is
/// left: what one call says stays out of what is read of the next. Not before initialise_openssl.
class ErrorQueue {
 public:
  ErrorQueue() = default;
  ~ErrorQueue() { ERR_clear_error(); }
  ErrorQueue(const ErrorQueue&) = delete;
  ErrorQueue& operator=(const ErrorQueue&) = delete;
};

}  // namespace meshcert::x509
