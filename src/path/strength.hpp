#pragma once

#include <string>

#include "meshcert/certificate.hpp"
#include "path/fault.hpp"
#include "path/settings.hpp"

namespace meshcert::path {

/// What a collision of a digest has to cost at least: more than SHA-1's, 63 bits.
inline constexpr unsigned kLeastDigestBits = 112;

/// security_bits of a key, as OpenSSL counts them (SP 800-57 part 1, table 2):
/// RSA 2048 is 112. 0 where nothing is known.
[[nodiscard]] unsigned security_bits(const PublicKey& key);

/// security_bits of the digest in a signature against collisions; 128 for those
/// without one (Ed25519) and for unknown ones, which no key verifies.
[[nodiscard]] unsigned security_bits(const SignatureAlgorithm& algorithm);

/// check_strength appends what is below the floors of the settings. The signature
/// of an anchor is not looked at: nobody verifies it.
void check_strength(const Certificate& certificate, std::size_t index, bool is_anchor,
                    const Settings& settings, std::vector<Fault>& faults);

}  // namespace meshcert::path
