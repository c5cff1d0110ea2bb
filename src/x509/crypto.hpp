#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "meshcert/certificate.hpp"
#include "meshcert/crl.hpp"

namespace meshcert::x509 {

/// sha256 is the digest's octets. Needs no initialised OpenSSL.
[[nodiscard]] std::array<std::uint8_t, 32> sha256(ByteView octets);

/// sha256_hex: 64 lower-case hex digits.
[[nodiscard]] std::string sha256_hex(ByteView octets);

/// sha256_prefix is its first eight octets, as a number.
[[nodiscard]] std::uint64_t sha256_prefix(ByteView octets);

/// decide_self_signed verifies the signature of a self-issued certificate with
/// its own key and sets `self_signed`. It stays nullopt where issuer and subject
/// differ, and where OpenSSL does not know the algorithm or cannot use the key.
/// MD5 and SHA-1 are verified: whether they are any good is not the question.
///
/// OpenSSL is initialised here, the first time it is needed, without its
/// configuration file. Leaves OpenSSL's error queue empty.
void decide_self_signed(Certificate& certificate);

/// SignatureVerifier verifies the signatures of certificates and CRLs with the
/// keys of their possible issuers. It remembers keys and answers, so that each pair is
/// computed once; it borrows the octets of both, which must outlive it. OpenSSL
/// is initialised by the first pair that needs it.
class SignatureVerifier {
 public:
  SignatureVerifier();
  ~SignatureVerifier();
  SignatureVerifier(const SignatureVerifier&) = delete;
  SignatureVerifier& operator=(const SignatureVerifier&) = delete;

  /// verify answers whether the key made the certificate's signature. nullopt
  /// where that cannot be decided: an unknown algorithm, a key that OpenSSL
  /// cannot use, or one so large that BoringSSL refuses it.
  [[nodiscard]] std::optional<bool> verify(const Certificate& certificate, const PublicKey& issuer);
  [[nodiscard]] std::optional<bool> verify(const Crl& crl, const PublicKey& issuer);

 private:
  template <class Signed>
  [[nodiscard]] std::optional<bool> verify_signed(const Signed& object, const PublicKey& issuer);

  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace meshcert::x509
