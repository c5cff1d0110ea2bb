#pragma once

#include <cstdint>
#include <string_view>

namespace meshcert {

/// KeyForm is how a private key is written.
enum class KeyForm : std::uint8_t {
  unknown,
  pkcs1,            ///< RSAPrivateKey (RFC 8017 A.1.2): "RSA PRIVATE KEY"
  sec1,             ///< ECPrivateKey (RFC 5915 3): "EC PRIVATE KEY"
  dsa,              ///< OpenSSL's own for DSA: "DSA PRIVATE KEY"
  pkcs8,            ///< PrivateKeyInfo (RFC 5208 5) or OneAsymmetricKey (RFC 5958 2): "PRIVATE KEY"
  encrypted_pkcs8,  ///< EncryptedPrivateKeyInfo (RFC 5208 6): "ENCRYPTED PRIVATE KEY"
  encrypted_pem,    ///< RFC 1421 headers over PKCS#1, SEC1 or DSA: "Proc-Type: 4,ENCRYPTED"
  openssh,          ///< OpenSSH's own: "OPENSSH PRIVATE KEY"
};
[[nodiscard]] std::string_view to_string(KeyForm form);  ///< "PKCS#1"; "" when unknown

}  // namespace meshcert
