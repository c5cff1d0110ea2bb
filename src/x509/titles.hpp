#pragma once

#include <string>

#include "meshcert/bytes.hpp"
#include "meshcert/certificate.hpp"

namespace meshcert {

/// title_of names a certificate for a message: by its subject; where that is empty, as
/// in Istio's leaves, by its first URI SAN, else by its first SAN ("DNS a.example.com");
/// "(an empty name)" where it has none either. Not escaped.
[[nodiscard]] std::string title_of(const Certificate& certificate);

/// key_title tells keys of one kind apart: "EC P-256 (SHA-256 of the public key
/// 0a1b2c3d4e5f6071...)", of the SubjectPublicKeyInfo's DER.
[[nodiscard]] std::string key_title(const PublicKey& key);

/// exponent_of an RSA key, for people: "65537"; of one that no number here holds: "2^64 - 1 or more".
[[nodiscard]] std::string exponent_of(const PublicKey& key);

/// key_id_of is a certificate's subjectKeyIdentifier, authority_key_id_of the key
/// identifier of its issuer (RFC 5280 4.2.1.1, 4.2.1.2); empty where there is none.
[[nodiscard]] ByteView key_id_of(const Certificate& certificate);
[[nodiscard]] ByteView authority_key_id_of(const Certificate& certificate);

}  // namespace meshcert
