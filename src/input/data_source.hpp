#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "input/key_opener.hpp"
#include "input/place.hpp"
#include "meshcert/artifact.hpp"
#include "meshcert/limits.hpp"

namespace meshcert::input {

/// read_certificates decodes what a DataSource holds (envoy
/// config.core.v3.DataSource: inline_bytes, inline_string, filename,
/// environment_variable) into the artifact, and sets its source to the value.
/// An empty DataSource adds nothing.
void read_certificates(const Place& data_source, DocumentScope& scope, FieldReader& fields,
                       Artifact& artifact);

/// read_pem_value decodes a string that holds PEM, as it is or in base64, into
/// the artifact.
void read_pem_value(const Place& value, const Limits& limits, FieldReader& fields, Artifact& artifact);

/// read_inline_text is the text that an inline DataSource holds, decoded; nullopt where
/// it holds none or names a file, and then a defect says so.
[[nodiscard]] std::optional<std::string> read_inline_text(const Place& data_source, FieldReader& fields);

/// read_sensitive is what a DataSource of sensitive data holds, such as the password beside a key, where the
/// document has it; nullopt where it is absent, redacted, or names a file.
[[nodiscard]] std::optional<base::SecretOctets> read_sensitive(const Place& data_source, FieldReader& fields);

/// is_empty_source: a DataSource without data, or with data of no length.
[[nodiscard]] bool is_empty_source(const Node& data_source);

/// read_key notes what a DataSource of sensitive data says of a private key, and the
/// facts of one that is there (append_key_text). Of two sources, the one that is not
/// redacted decides. Call settle_key when the certificates are known.
void read_key(const Place& data_source, KeyOpener& keys, FieldReader& fields, Artifact& artifact);

/// read_key_store does so for a PKCS#12, and decodes its certificates into the artifact
/// where a password is given; else it is not looked into.
void read_key_store(const Place& data_source, KeyOpener& keys, FieldReader& fields, Artifact& artifact);

/// describe_refusal says why octets are no staple; "" of one that is.
[[nodiscard]] std::string describe_refusal(ByteView staple);

/// read_staple reads the OCSP response beside a chain (envoy source/common/tls/context_config_impl.cc).
void read_staple(const Place& data_source, FieldReader& fields, Artifact& artifact);

}  // namespace meshcert::input
