#pragma once

#include <optional>
#include <string>
#include <vector>

#include "meshcert/time.hpp"

namespace meshcert {

/// JwtRule says which tokens are taken: one of the jwtRules of a RequestAuthentication
/// (security.istio.io/v1 JWTRule), or what istiod makes of it for a proxy, a provider of
/// Envoy's filter jwt_authn (extensions.filters.http.jwt_authn.v3.JwtProvider).
///
/// The keys that stand in it are its artifact's `bundle`, null where none could be read.
struct JwtRule {
  bool of_proxy = false;               ///< a provider
  std::string issuer;                  ///< "": of whatever issuer
  std::vector<std::string> audiences;  ///< any of them will do; without one all
  std::string keys_uri;                ///< jwksUri, or the uri of remoteJwks; "" where there is none
  bool has_keys = false;               ///< keys stand in it, be they unreadable: jwks, localJwks
  std::string
      not_fetched;  ///< of a provider: whence istiod could not fetch its keys, so that it made up some
  /// Where the token is looked for, sorted: "header x-token, prefix Bearer". Without one, where
  /// all do: Authorization: Bearer, and the parameter access_token.
  std::vector<std::string> locations;
  /// What a provider asks of sub: how ("exact", "prefix", "suffix", "contains", "regex"), and the
  /// text or expression; "" where it asks nothing.
  std::string subject_match, subject;
  bool subject_of_any_case = false;          ///< type.matcher.v3.StringMatcher ignore_case
  bool requires_expiry = false;              ///< of a provider: a token needs exp
  std::optional<Seconds> longest_life = {};  ///< of a provider: exp may not be later than this from now
  std::vector<std::string> refusals;         ///< why istiod refuses the rule, a clause each
};

}  // namespace meshcert
