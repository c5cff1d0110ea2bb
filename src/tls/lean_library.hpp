#pragma once

#include <memory>

struct ossl_lib_ctx_st;
struct ossl_provider_st;

namespace meshcert::tls {

/// LeanLibrary is a library context of OpenSSL with everything of the default provider but
/// most of its decoders: of those, the ones for public keys in certificates alone.
///
/// OpenSSL 3.0 walks all decoders for the key of each certificate that a server sends, and
/// compares each with all others: that was more than half of the instructions of a handshake.
class LeanLibrary {
 public:
  /// make gives one without a context, which stands for OpenSSL's default, where it cannot
  /// be had.
  [[nodiscard]] static LeanLibrary make();
  [[nodiscard]] ossl_lib_ctx_st* context() const { return context_.get(); }

 private:
  struct Free {
    void operator()(ossl_lib_ctx_st* context) const;
    void operator()(ossl_provider_st* provider) const;
  };
  std::unique_ptr<ossl_lib_ctx_st, Free> context_;
  std::unique_ptr<ossl_provider_st, Free> provider_;  // unloaded before its context is freed
};

}  // namespace meshcert::tls
