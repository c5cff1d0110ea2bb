#pragma once

#include <optional>

#include "der/writer.hpp"
#include "meshcert/certificate.hpp"

namespace meshcert::x509 {

/// derive_public computes the public half of a private key in DER, where its
/// encoding leaves that out (RFC 8410 keys, SEC1 without publicKey), as a
/// SubjectPublicKeyInfo; nullopt when OpenSSL can make no key of the octets.
[[nodiscard]] std::optional<der::Octets> derive_public(ByteView private_key);

/// is_usable_key: OpenSSL can make a key of the SubjectPublicKeyInfo; of EC, its
/// point is on the curve.
[[nodiscard]] bool is_usable_key(ByteView spki);

/// is_same_key compares two public keys by value: the octets of the keys where
/// they are written alike, by OpenSSL where a curve or point is not (explicit
/// parameters, compressed points). RSA and RSASSA-PSS are one kind of key.
[[nodiscard]] bool is_same_key(const PublicKey& one, const PublicKey& other);

}  // namespace meshcert::x509
