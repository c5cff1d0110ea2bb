#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/secret.hpp"
#include "meshcert/bytes.hpp"
#include "meshcert/result.hpp"
#include "tls/lean_library.hpp"

struct ssl_ctx_st;

namespace meshcert::tls {

enum class Version : std::uint8_t { tls10, tls11, tls12, tls13 };

/// ClientSettings is what every conversation of a run has in common.
struct ClientSettings {
  std::vector<std::string> alpn;               ///< offered, in order; each of 1 to 255 octets
  std::optional<Version> lowest, highest;      ///< absent: whatever OpenSSL can
  std::optional<std::string> certificate_pem;  ///< leaf first; with it a key
  std::string key_pem;
  std::shared_ptr<const base::SecretOctets> password;  ///< of the key; null: none was given
  std::size_t handshake_bytes = 1U << 20U;             ///< what one server may send
};

/// Client is a TLS client of a run: one SSL_CTX. It verifies nothing, on purpose: it
/// fetches what a server presents, whatever that is worth, and others judge it. It
/// offers what OpenSSL has at any security level, for the same reason.
class Client {
 public:
  /// make fails with a sentence when the certificate or the key cannot be used, or
  /// they do not belong together. No octet of the key is ever in it.
  [[nodiscard]] static Result<Client, std::string> make(ClientSettings settings);

  [[nodiscard]] const ClientSettings& settings() const { return settings_; }
  [[nodiscard]] ssl_ctx_st* context() const { return context_.get(); }

 private:
  struct Free {
    void operator()(ssl_ctx_st* context) const;
  };
  Client() = default;

  ClientSettings settings_;
  LeanLibrary library_;  // outlives the context
  std::unique_ptr<ssl_ctx_st, Free> context_;
};

}  // namespace meshcert::tls
