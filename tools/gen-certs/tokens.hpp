#pragma once

#include <string>
#include <string_view>

#include "dumps.hpp"
#include "recipe.hpp"

namespace gencerts {

/// token is a JWT in compact form (RFC 7515 7.1), signed with RS256 by a key of certs/keys.
[[nodiscard]] std::string token(Workshop& workshop, std::string_view header, std::string_view claims,
                                std::string_view key = "workload");
/// secret_token is one that is signed with HS256 (RFC 7518 3.2) and a shared secret.
[[nodiscard]] std::string secret_token(std::string_view header, std::string_view claims,
                                       std::string_view secret);
/// base64url is without padding (RFC 4648 5).
[[nodiscard]] std::string base64url(std::string_view octets);
/// token_key is the JWK of a key that tokens are signed with.
[[nodiscard]] Json token_key(Workshop& workshop, std::string_view kid, std::string_view use,
                             std::string_view key = "workload");
/// seconds_at is a time of that many hours after kNow, as claims have it.
[[nodiscard]] long long seconds_at(int hours);

}  // namespace gencerts
