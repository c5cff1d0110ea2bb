#pragma once

#include "input/place.hpp"
#include "meshcert/artifact.hpp"
#include "meshcert/limits.hpp"

namespace meshcert::input {

/// read_certificates decodes what a DataSource holds (envoy
/// config.core.v3.DataSource: inline_bytes, inline_string, filename,
/// environment_variable) into the artifact, and sets its source to the value.
/// An empty DataSource adds nothing.
void read_certificates(const Place& data_source, const Limits& limits, FieldReader& fields,
                       Artifact& artifact);

/// read_pem_value decodes a string that holds PEM, as it is or in base64, into
/// the artifact.
void read_pem_value(const Place& value, const Limits& limits, FieldReader& fields, Artifact& artifact);

/// is_empty_source: a DataSource without data, or with data of no length.
[[nodiscard]] bool is_empty_source(const Node& data_source);

/// read_key notes what a DataSource of sensitive data says of a private key. The
/// key itself is looked at once, for whether it is encrypted, and wiped. Of two
/// sources, the one that is not redacted decides.
void read_key(const Place& data_source, FieldReader& fields, Artifact& artifact);

}  // namespace meshcert::input
