#pragma once

#include <optional>
#include <string_view>

#include "input/node.hpp"
#include "x509/jwk.hpp"

/// The members of a JSON Web Key, which are read alike wherever one stands. All borrow from the node.
namespace meshcert::input {

/// jwk_member is a member that is there and not null; or null. jwk_text is its text, if it is one.
[[nodiscard]] const Node* jwk_member(const Node& jwk, std::string_view name);
[[nodiscard]] std::optional<std::string_view> jwk_text(const Node& jwk, std::string_view name);

/// is_spiffe_use: x509-svid, jwt-svid or wit-svid. is_nearly_spiffe_use: the same letters, such as
/// "X509-SVID" or "x509_svid".
[[nodiscard]] bool is_spiffe_use(std::string_view use);
[[nodiscard]] bool is_nearly_spiffe_use(std::string_view use);

/// secret_of_jwk says which secret stands in a JWK, a clause; "" where none does.
[[nodiscard]] std::string_view secret_of_jwk(const Node& jwk);
/// has_shared_secret: its k could be one (RFC 7518 6.4.1). It is not decoded.
[[nodiscard]] bool has_shared_secret(const Node& jwk);

/// jwk_parameters are the numbers of its key, which has a kty. Of a rule's they are taken as Envoy
/// does: with padding, and of EC without crv on P-256 or the curve of alg (envoy
/// source/common/jwt/jwks.cc).
[[nodiscard]] x509::JwkParameters jwk_parameters(const Node& jwk, bool of_rule);

}  // namespace meshcert::input
