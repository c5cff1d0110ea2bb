#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "input/place.hpp"
#include "meshcert/artifact.hpp"
#include "meshcert/limits.hpp"

namespace meshcert::input {

/// kJwtFilterType ends the type URL of the filter's configuration.
inline constexpr std::string_view kJwtFilterType = "JwtAuthentication";

/// is_jwt_filter: the configuration of Envoy's filter jwt_authn (Any or TypedStruct of
/// extensions.filters.http.jwt_authn.v3.JwtAuthentication).
[[nodiscard]] bool is_jwt_filter(const Node& node);

/// read_jwt_filter hands on an artifact of kind jwt_rule for each of its providers.
void read_jwt_filter(const std::string& file, const Place& filter, const Limits& limits, ArtifactSink& sink);

/// read_jwt_rule reads one of the jwtRules of a RequestAuthentication into an artifact.
void read_jwt_rule(const Place& rule, const Limits& limits, FieldReader& fields, Artifact& artifact);

/// hash_of_rule tells rules that say something else, or have other keys.
[[nodiscard]] std::size_t hash_of_rule(const Artifact& artifact);

}  // namespace meshcert::input
