#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "der/writer.hpp"
#include "meshcert/certificate.hpp"
#include "meshcert/result.hpp"

namespace meshcert::x509 {

/// JwkParameters are the members of a JSON Web Key that make a public key (RFC
/// 7518 6, RFC 8037 2), as text; nullopt where a member is absent.
struct JwkParameters {
  std::string_view kty;
  std::optional<std::string_view> crv, n, e, x, y;

  /// any: at least one of the numbers is there.
  [[nodiscard]] bool any() const { return n || e || x || y; }
};

/// is_known_key_type: RSA, EC or OKP (case-sensitive).
[[nodiscard]] bool is_known_key_type(std::string_view kty);

/// jwk_to_spki encodes the key of a JWK as a SubjectPublicKeyInfo, for
/// public_key_of (x509/private_key.hpp) and whoever verifies with it: RSA, EC on P-256,
/// P-384, P-521 and secp256k1, Ed25519, Ed448, X25519, X448. Fails with a sentence
/// for an unknown type or curve, for a missing member, and for text that is not
/// base64url without padding or has another length than the curve's.
///
/// That a point is on its curve is not checked here: is_usable_key does.
[[nodiscard]] Result<der::Octets, Reason> jwk_to_spki(const JwkParameters& jwk);

/// JwkText is the members of a JWK as text; "" where one does not belong to it.
struct JwkText {
  std::string kty, crv, n, e, x, y;
};

/// spki_to_jwk is the inverse of jwk_to_spki. A key that has no JWK (another
/// algorithm or curve, a compressed point) gives members that are all empty.
[[nodiscard]] JwkText spki_to_jwk(const PublicKey& key);

}  // namespace meshcert::x509
