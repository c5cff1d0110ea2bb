#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "meshcert/time.hpp"

namespace meshcert {

/// JwtClaim is one claim, its value as JSON.
struct JwtClaim {
  std::string name, json;
};

/// JwtWrongKind is a parameter or a claim of another type than it has to be.
struct JwtWrongKind {
  std::string found;          ///< "the claim exp is a string"
  std::string_view required;  ///< "a number", static text
};

/// Jwt is a decoded token (RFC 7519 in the compact form of RFC 7515 7.1): a JWT-SVID, a
/// service account's, or any other. Decoded, nothing in it is verified.
///
/// A token is a secret: whoever holds it is its subject. `signed_text` and `signature` are
/// there to be verified, and are never shown.
struct Jwt {
  std::string alg;  ///< "" where absent
  std::optional<std::string> kid, typ;
  std::vector<std::string> other_headers;  ///< parameters besides alg, kid and typ
  bool has_critical = false;               ///< "crit" is one of them
  std::optional<std::string> issuer, subject;
  std::optional<std::vector<std::string>> audiences;
  std::optional<Instant> expires, not_before, issued_at;
  std::string kubernetes_namespace, kubernetes_service_account;  ///< of the claim "kubernetes.io"
  std::vector<JwtClaim> claims;                                  ///< all of them, in order
  std::vector<JwtWrongKind> wrong_kinds;                         ///< parameters and claims of a wrong type
  bool is_json_form = false;  ///< JWS JSON serialization, of which no more is read

  std::string signed_text;
  std::vector<std::uint8_t> signature;

  /// is_svid: its subject begins as a SPIFFE ID does.
  [[nodiscard]] bool is_svid() const { return subject && subject->starts_with("spiffe:"); }
};

/// ServiceAccountName is the subject of a Kubernetes service account.
struct ServiceAccountName {
  std::string_view namespace_name, name;
};
/// service_account_of reads "system:serviceaccount:NAMESPACE:NAME", which it borrows.
[[nodiscard]] std::optional<ServiceAccountName> service_account_of(std::string_view subject);

}  // namespace meshcert
