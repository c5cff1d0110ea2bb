#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "meshcert/bytes.hpp"
#include "meshcert/der_defects.hpp"
#include "meshcert/extensions.hpp"
#include "meshcert/name.hpp"
#include "meshcert/result.hpp"
#include "meshcert/time.hpp"

namespace meshcert {

enum class KeyAlgorithm : std::uint8_t { rsa, rsa_pss, ec, ed25519, ed448, x25519, x448, dsa, dh, unknown };
enum class Curve : std::uint8_t { none, p224, p256, p384, p521, secp256k1, other_named, explicit_parameters };

/// PublicKey holds the facts of a SubjectPublicKeyInfo (RFC 5280 4.1.2.7,
/// RFC 3279, 8410) without decoding the key: decoded, not validated.
struct PublicKey {
  KeyAlgorithm algorithm = KeyAlgorithm::unknown;
  Curve curve = Curve::none;
  std::uint32_t bits = 0;          ///< modulus, field or key size; 0 when unknown
  std::uint64_t rsa_exponent = 0;  ///< saturates at UINT64_MAX
  ByteView spki;                   ///< the whole SubjectPublicKeyInfo TLV
  ByteView algorithm_oid;          ///< contents octets
  ByteView parameters;             ///< of the algorithm, a TLV; empty where there are none
  ByteView value;                  ///< the octets of subjectPublicKey
  ByteView curve_oid;              ///< contents octets; empty unless a named curve

  /// is_rsa, with or without restriction to PSS (RFC 4055 1.2).
  [[nodiscard]] bool is_rsa() const {
    return algorithm == KeyAlgorithm::rsa || algorithm == KeyAlgorithm::rsa_pss;
  }
};
[[nodiscard]] std::string to_string(const PublicKey& key);  ///< "RSA 2048", "EC P-256", "Ed25519"
[[nodiscard]] std::string algorithm_name(
    const PublicKey& key);  ///< "RSA", "EC", "Ed25519", dotted OID when unknown
[[nodiscard]] std::optional<std::string> curve_name(const PublicKey& key);  ///< "P-256"; nullopt when not EC

/// SignatureAlgorithm is an AlgorithmIdentifier of a signature, with RSA-PSS
/// parameters taken apart (RFC 4055 3.1).
struct SignatureAlgorithm {
  ByteView oid;         ///< contents octets
  ByteView identifier;  ///< the whole AlgorithmIdentifier TLV
  struct Pss {
    ByteView hash_oid, mgf_hash_oid;  ///< contents octets; empty means the default, SHA-1
    std::uint32_t salt_length = 20;
  };
  std::optional<Pss> pss;
};
/// algorithm_name gives the RFC name ("sha256WithRSAEncryption"), else the dotted OID.
[[nodiscard]] std::string algorithm_name(const SignatureAlgorithm& algorithm);

/// Certificate is a decoded X.509 certificate (RFC 5280 4.1): decoded, not
/// validated. A view: its octets (`der`) belong to the Artifact, or the caller,
/// and must outlive it. A field that is present decoded; it is not thereby
/// acceptable. Extensions are absent, decoded or malformed: three states.
struct Certificate {
  ByteView der;                            ///< the whole certificate
  ByteView tbs;                            ///< the signed TBSCertificate TLV
  int version = 1;                         ///< 1, 2 or 3; others as encoded plus one, 0 when negative
  ByteView serial;                         ///< contents octets of the INTEGER (two's complement)
  SignatureAlgorithm signature_algorithm;  ///< the outer one
  DistinguishedName issuer, subject;
  Instant not_before{}, not_after{};
  PublicKey key;
  ByteView signature;  ///< the signature's octets, without the unused-bits octet
  Extensions extensions;
  DerDefects defects;

  /// Whether the signature verifies with the certificate's own key; nullopt
  /// where issuer and subject differ, the algorithm or the key cannot be used, or it was not computed. Set by
  /// decide_self_signed (src/x509/crypto.hpp), never by decoding.
  std::optional<bool> self_signed;
  std::uint32_t line = 0;  ///< line of its PEM block in the file; 0 unknown
  bool odd_label = false;  ///< that block is none of CERTIFICATE, from which alone Go's pools take one

  /// decode reads one certificate. Octets after it are not looked at: compare
  /// `der.size()`. Fails only where no certificate can be made of the octets.
  [[nodiscard]] static Result<Certificate, Reason> decode(ByteView octets);

  /// is_ca: basicConstraints decoded with cA TRUE (absent is FALSE).
  [[nodiscard]] bool is_ca() const {
    return extensions.basic_constraints && extensions.basic_constraints->is_ca;
  }
  /// is_self_issued: issuer and subject are the same octets, as every usual root has them; paths compare them
  /// by RFC 5280 7.1 (src/x509/name_match.hpp). Says nothing about who signed.
  [[nodiscard]] bool is_self_issued() const { return issuer == subject; }
  [[nodiscard]] Seconds lifetime() const { return not_after - not_before; }
};

/// serial_hex: lower-case hex without leading zeros, "0" for zero, "-" before a
/// negative number.
[[nodiscard]] std::string serial_hex(const Certificate& certificate);
/// serial_hex of the contents octets of any INTEGER.
[[nodiscard]] std::string serial_hex(ByteView integer);
void append_serial_hex(std::string& text, ByteView integer);  ///< at the end of a text

/// sha256_fingerprint of the whole DER, 64 lower-case hex digits.
[[nodiscard]] std::string sha256_fingerprint(const Certificate& certificate);

/// uri_names lists the URI SANs in order, as counted octets.
[[nodiscard]] std::vector<std::string_view> uri_names(const Certificate& certificate);

/// to_dotted renders the contents octets of an OBJECT IDENTIFIER ("2.5.29.17").
[[nodiscard]] std::string to_dotted(ByteView oid);

}  // namespace meshcert
