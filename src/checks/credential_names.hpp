#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace meshcert::checks {

/// CredentialName is what istiod makes of a credentialName or caCertCredentialName (istio
/// pilot/pkg/model/credentials/resource.go ToResourceName, ParseResourceName).
struct CredentialName {
  enum class Kind : std::uint8_t {
    secret,
    config_map,
    own,        ///< builtin://: the certificate or the roots of the workload itself
    never,      ///< invalid://: served to nobody, on purpose
    elsewhere,  ///< sds://: of another SDS server
  };
  Kind kind = Kind::secret;
  std::string written;      ///< as it stands in the object
  std::string resource;     ///< as the proxy asks for it: "kubernetes://www-cert"
  std::string space, name;  ///< space is "" where none is stated

  /// Of a name by which istiod finds nothing, whatever there is: what is wrong with it, and what
  /// istiod says of it; empty of all others.
  std::string why, istiod;

  [[nodiscard]] bool is_right() const { return why.empty(); }
};

/// read_credential_name reads one. It never fails: a scheme that Istio does not know is a
/// part of a name to it.
[[nodiscard]] CredentialName read_credential_name(std::string_view written);

/// unauthorized is what istiod says to a proxy that asks for a Secret of another namespace.
[[nodiscard]] std::string unauthorized(std::string_view name);

}  // namespace meshcert::checks
