#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "meshcert/certificate.hpp"
#include "path/fault.hpp"

/// Which verifiers of a mesh verify a signature: the floor of algorithms and keys.
namespace meshcert::path {

/// Verifier is a library by which peers of a mesh verify certificates; a set of them is
/// a Verifiers.
enum Verifier : std::uint8_t { go = 1, boringssl = 2, rustls = 4 };
using Verifiers = std::uint8_t;
inline constexpr Verifiers kNoVerifier = 0, kEveryVerifier = go | boringssl | rustls;

/// describe names them with who links them: "Go (istiod) and rustls (ztunnel)".
[[nodiscard]] std::string describe(Verifiers verifiers);

/// who_takes says it of both sides: "BoringSSL (Envoy) takes it, Go (istiod) and rustls
/// (ztunnel) refuse it".
[[nodiscard]] std::string who_takes(Verifiers verifiers);

/// verifiers_of a signature algorithm, whatever the key.
[[nodiscard]] Verifiers verifiers_of(const SignatureAlgorithm& algorithm);
/// verifiers_of an issuer's key, whatever it signs with.
[[nodiscard]] Verifiers verifiers_of(const PublicKey& key);

/// verifiers_of_link are those that verify the signature of `certificate` by `issuer`. Where
/// the digest is SHA-1 or older, the key alone is asked: chain.weak-signature tells the digest.
[[nodiscard]] Verifiers verifiers_of_link(const Certificate& certificate, const PublicKey& issuer);

/// signature_words is the algorithm and, where only some know it, what sets it apart:
/// "rsassaPss with SHA-256 and a salt of 20 octets".
[[nodiscard]] std::string signature_words(const SignatureAlgorithm& algorithm);

/// key_words is the kind and size of a key, and its public exponent where only some take it.
[[nodiscard]] std::string key_words(const PublicKey& key);

/// unsupported_link is the fault of a link that none of them verifies.
[[nodiscard]] Fault unsupported_link(const Certificate& certificate, const PublicKey& issuer,
                                     std::size_t index);

/// What every verifier of a mesh verifies, for people.
inline constexpr std::string_view kVerifiedByAll =
    "RSA of 2048 to 8192 bits, P-256, P-384 or P-521 with SHA-256, SHA-384 or SHA-512 (RSA-PSS with a salt as "
    "long as the hash), or Ed25519";

}  // namespace meshcert::path
