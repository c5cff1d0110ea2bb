#pragma once

#include <string>
#include <string_view>

/// Commands that an operator can type.
namespace meshcert::base {

/// SecretPair is a Secret of Kubernetes, and the keys of it that hold a certificate chain and its private
/// key. It borrows its texts, which must be safe to paste into a shell.
struct SecretPair {
  std::string_view name;
  std::string_view space;  ///< its namespace
  std::string_view type;   ///< "kubernetes.io/tls"
  std::string_view certificates = "tls.crt";
  std::string_view key = "tls.key";
};

/// fill_secret_command writes chain.pem and key.pem into a Secret of that type, which the API server lets
/// nobody change (kubernetes pkg/apis/core/validation ValidateSecretUpdate).
[[nodiscard]] std::string fill_secret_command(const SecretPair& pair);

}  // namespace meshcert::base
