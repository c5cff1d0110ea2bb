#pragma once

#include <cstdint>
#include <string_view>

#include "meshcert/certificate.hpp"
#include "x509/oids.hpp"

namespace meshcert::x509 {

/// none: an algorithm that is known by its name alone.
enum class Scheme : std::uint8_t { none, rsa_pkcs1, rsa_pss, ecdsa, dsa, eddsa };

/// SignatureScheme: what a signature algorithm is called, and what it asks of OpenSSL.
struct SignatureScheme {
  Oid oid;
  std::string_view name;  ///< as RFCs have it: "sha256WithRSAEncryption"
  Scheme scheme;
  const char* digest;  ///< null: told by parameters, or part of the algorithm
};

/// find_scheme by the OID of a signature algorithm; null when OpenSSL cannot be asked.
[[nodiscard]] const SignatureScheme* find_scheme(ByteView oid);

/// signature_algorithm_name is its name; "" when it is unknown.
[[nodiscard]] std::string_view signature_algorithm_name(ByteView oid);

/// pss_digest: OpenSSL's name of a hash in RSASSA-PSS parameters; null when the
/// OID names none that we know.
[[nodiscard]] const char* pss_digest(ByteView oid);

/// fits: a key of this algorithm can make a signature of this scheme.
[[nodiscard]] bool fits(KeyAlgorithm key, const SignatureScheme& scheme);

/// is_bounded: BoringSSL, and so a proxy, would verify with a key of this size. A
/// signature by anything larger decides nothing and may cost seconds.
[[nodiscard]] bool is_bounded(const PublicKey& key);

}  // namespace meshcert::x509
