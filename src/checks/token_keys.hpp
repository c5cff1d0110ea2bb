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
  std::size_t tried = 0;           ///< keys that the token's kid allows; 0: there is none
  std::vector<std::string> known;  ///< kids of the keys for tokens, where none was tried
  std::string key;                 ///< the last one that was tried, as messages call it
  std::uint32_t rsa_bits = 0;      ///< of the key that verifies it; 0 of another kind
  std::string why;                 ///< what keeps it from verifying, besides that it does not; a clause or ""
};

/// search_keys tries the keys of a set that the token names (RFC 7515 4.1.4), of one
/// without kid all; at most 64.
[[nodiscard]] KeySearch search_keys(const Jwt& token, const SpiffeBundle& keys);

}  // namespace meshcert::checks
