#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <string_view>

#include "keys.hpp"

namespace gencerts {

/// SignatureScheme is how an issuer signs: as its key suggests, with RSA-PSS, or with
/// RSA over a digest that nobody should use any more.
enum class SignatureScheme : std::uint8_t { usual, rsa_pss, rsa_sha1, rsa_md5, rsa_sha224, rsa_sha3 };

/// Workshop is what recipes work with: the keys, and the certificates made by
/// earlier runs.
///
/// ECDSA and RSA-PSS signatures are random (OpenSSL 3.0 has no deterministic
/// ECDSA). A stored certificate with the same TBSCertificate, whose signature
/// verifies, is therefore used again: such a sample changes only when its
/// TBSCertificate does, and every comparison is octet for octet.
class Workshop {
 public:
  /// Reads keys, and the certificates of every *.pem under `certs`.
  explicit Workshop(const std::filesystem::path& certs);

  [[nodiscard]] EVP_PKEY* key(std::string_view name) const { return keys_[name]; }

  /// signature_algorithm is the AlgorithmIdentifier for signatures by that key.
  [[nodiscard]] Octets signature_algorithm(std::string_view signer, SignatureScheme scheme) const;

  /// certify signs a TBSCertificate and returns the Certificate.
  [[nodiscard]] Octets certify(const Octets& tbs, std::string_view signer,
                               SignatureScheme scheme = SignatureScheme::usual);

  /// recipe is the name of the recipe at work ("svid/no-uri").
  std::string recipe;

 private:
  void remember_certificates_of(const std::filesystem::path& path);
  [[nodiscard]] Octets sign(const Octets& tbs, std::string_view signer, SignatureScheme scheme) const;
  [[nodiscard]] bool verifies(const Octets& certificate, const Octets& tbs, std::string_view signer,
                              SignatureScheme scheme) const;

  Keys keys_;
  std::map<Octets, Octets> stored_;  ///< TBSCertificate to Certificate
};

}  // namespace gencerts
