#pragma once

#include <atomic>
#include <cstdint>
#include <string>

#include "base/secret.hpp"
#include "meshcert/result.hpp"

/// What is under a password: private keys and PKCS#12. Nothing here appears in a message.
namespace meshcert::x509 {

/// DerivationBudget bounds how often keys are derived from a password for one input: an
/// iteration costs about a microsecond, and a file of 950 octets may ask for 2^31. Threads may share it.
class DerivationBudget {
 public:
  /// kIterations: keytool's own PKCS#12 needs 200 000 (docs/limits.md).
  static constexpr std::uint64_t kIterations = 400'000;

  /// take answers whether that many are left, and takes them.
  [[nodiscard]] bool take(std::uint64_t iterations);
  /// refusal says why that many were not taken.
  [[nodiscard]] std::string refusal(std::uint64_t iterations) const;
  /// refill gives back all that was taken.
  void refill() { left_ = kIterations; }

 private:
  std::atomic<std::uint64_t> left_ = kIterations;
};

using Decrypted = Result<base::SecretOctets, std::string>;

/// decrypt_pbe decrypts what an AlgorithmIdentifier of PKCS#5 or PKCS#12 encrypts (RFC 8018
/// 6, RFC 7292 C). It fails with a sentence: too many iterations, a scheme that is not
/// known, or the wrong password.
[[nodiscard]] Decrypted decrypt_pbe(ByteView algorithm, ByteView ciphertext,
                                    const base::SecretOctets& password, DerivationBudget& budget);

/// decrypt_private_key decrypts an EncryptedPrivateKeyInfo in DER (RFC 5208 6) into PKCS#8.
[[nodiscard]] Decrypted decrypt_private_key(ByteView octets, const base::SecretOctets& password,
                                            DerivationBudget& budget);

/// decrypt_traditional decrypts the body of a PEM block with RFC 1421 headers, as OpenSSL
/// writes it: the headers, and the octets under them.
[[nodiscard]] Decrypted decrypt_traditional(const std::string& headers, const base::SecretOctets& octets,
                                            const base::SecretOctets& password);

/// has_right_mac verifies the MAC of a PKCS#12 file (RFC 7292 4) whose iterations were taken
/// from a budget before.
[[nodiscard]] bool has_right_mac(ByteView pfx, const base::SecretOctets& password);

}  // namespace meshcert::x509
