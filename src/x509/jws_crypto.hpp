#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "meshcert/bytes.hpp"

namespace meshcert::x509 {

/// JwsAnswer says whether a key made a signature.
enum class JwsAnswer : std::uint8_t {
  verified,
  failed,
  wrong_key,    ///< the algorithm takes no key of this type or curve
  cannot_tell,  ///< OpenSSL can make no key of it, or it is larger than BoringSSL takes
};

/// is_jws_algorithm: RS, ES or PS with SHA-256, 384 or 512 (JWT-SVID 2.1; RFC 7518 3.1).
[[nodiscard]] bool is_jws_algorithm(std::string_view alg);

/// least_jws_signature is how many octets a signature of an algorithm that verify_jws knows has at
/// least: two numbers of the curve's length (RFC 7518 3.4), 64 of Ed25519 (RFC 8032 5.1.6), and with RSA the
/// modulus's length, where fewer than 1024 bits are no key that anybody takes. Of others it is 0.
[[nodiscard]] std::size_t least_jws_signature(std::string_view alg);

/// verify_jws verifies a signature of RFC 7515 with a SubjectPublicKeyInfo, by one of these algorithms or
/// by EdDSA with Ed25519 (RFC 8037 3.1), which proxies know besides. ECDSA signatures
/// are R and S of the curve's length one after the other (RFC 7518 3.4), RSASSA-PSS has a salt
/// as long as the hash (3.5). Leaves OpenSSL's error queue empty.
[[nodiscard]] JwsAnswer verify_jws(std::string_view alg, ByteView spki, std::string_view signed_text,
                                   ByteView signature);

}  // namespace meshcert::x509
