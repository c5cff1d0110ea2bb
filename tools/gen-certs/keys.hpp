#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "der.hpp"
#include "openssl.hpp"

namespace gencerts {

/// Keys are the committed test keys, certs/keys/<name>.pem. Samples share
/// them, so that a sample changes only when its recipe does.
class Keys {
 public:
  /// load reads every key of the table; throws when one is missing.
  static Keys load(const std::filesystem::path& directory);

  /// make writes those keys of the table that have no file yet. A key that
  /// exists is never made anew.
  static void make(const std::filesystem::path& directory);

  /// file_names are the files that belong into the directory.
  static std::vector<std::string> file_names();

  [[nodiscard]] EVP_PKEY* operator[](std::string_view name) const;

 private:
  std::map<std::string, EvpKey, std::less<>> keys_;
};

/// spki_of encodes the SubjectPublicKeyInfo of a key.
[[nodiscard]] Octets spki_of(EVP_PKEY* key);
/// explicit_spki_of does so with the curve's parameters spelled out, not named.
[[nodiscard]] Octets explicit_spki_of(EVP_PKEY* key);
/// pkcs8_of encodes the private key, and encrypted_pkcs8_of does so under the
/// password "meshcert", with fixed salt and IV: test keys, reproducible octets.
[[nodiscard]] Octets pkcs8_of(EVP_PKEY* key);
[[nodiscard]] Octets encrypted_pkcs8_of(EVP_PKEY* key);
/// encrypted_traditional_of does so in OpenSSL's older form: a PEM block with headers.
[[nodiscard]] Octets encrypted_traditional_of(EVP_PKEY* key);
/// sealed encrypts octets under that password, with the AlgorithmIdentifier before them: what
/// EncryptedData of PKCS#12 holds; with_mac gives a PFX the MAC of a password.
[[nodiscard]] Octets sealed(const Octets& octets);
[[nodiscard]] Octets with_mac(const Octets& pfx, const char* password);
/// traditional_of encodes it as PKCS#1 or SEC1.
[[nodiscard]] Octets traditional_of(EVP_PKEY* key);
/// describe names a key: "RSA 2048", "EC P-256", "ED25519".
[[nodiscard]] std::string describe(EVP_PKEY* key);

}  // namespace gencerts
