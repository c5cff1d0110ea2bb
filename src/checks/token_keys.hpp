#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "meshcert/jwt.hpp"
#include "meshcert/spiffe_bundle.hpp"
#include "x509/jws_crypto.hpp"

namespace meshcert::checks {

/// KeySearch is what came of a token's signature and the keys it was held against.
struct KeySearch {
  bool verified = false;
  bool unusable = false;           ///< keys were tried, and the signature could be held against none of them
  bool by_secret = false;          ///< a shared secret may have made it, of which none is kept
  std::size_t tried = 0;           ///< keys that the token's kid allows; 0: there is none
  std::vector<std::string> known;  ///< the keys for tokens by kid, where none was tried
  std::string key;                 ///< the last one that was tried, as messages call it
  std::uint32_t rsa_bits = 0;      ///< of the key that verifies it; 0 of another kind
  std::string why;                 ///< what keeps it from verifying, besides that it does not; a clause or ""
};

/// search_keys tries the keys of a set that the token names (RFC 7515 4.1.4) and those without kid that
/// its algorithm can be of, for a token without kid all; at most 64. Keys of a rule as Envoy does: one
/// without kid is for every token, one of another alg for none (envoy source/common/jwt/verify.cc).
[[nodiscard]] KeySearch search_keys(const Jwt& token, const SpiffeBundle& keys);

/// is_secret_algorithm: HS256, HS384 or HS512. is_proxy_algorithm: one that Envoy verifies, these and
/// EdDSA besides those of is_jws_algorithm (envoy source/common/jwt/jwt.cc).
[[nodiscard]] bool is_secret_algorithm(std::string_view alg);
[[nodiscard]] bool is_proxy_algorithm(std::string_view alg);

/// is_usable_by_proxy: Envoy keeps this key of a rule (envoy source/common/jwt/jwks.cc); others it
/// leaves out, and refuses a set of which none is left.
[[nodiscard]] bool is_usable_by_proxy(const BundleKey& key);

}  // namespace meshcert::checks
