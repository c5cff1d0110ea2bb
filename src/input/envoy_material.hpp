#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "input/key_opener.hpp"
#include "input/place.hpp"
#include "meshcert/artifact.hpp"

namespace meshcert::input {

/// SecretEntry holds the facts of an entry of a SecretsConfigDump that all its
/// artifacts share.
struct SecretEntry {
  std::string name;
  SecretState state = SecretState::none;
  std::optional<Instant> last_updated;
  std::string version_info;
  std::string error_details;
  bool complete = true;  ///< nothing is still to come: without certificates, something is wrong
};

/// is_absent: no such member, or null, which protobuf's JSON form reads alike.
[[nodiscard]] bool is_absent(const Node& parent, std::string_view field);

/// is_true: a bool field that is set.
[[nodiscard]] bool is_true(const Node& parent, std::string_view field);

/// describe_members names the members of a mapping, for a message.
[[nodiscard]] std::string describe_members(const Node& mapping);

/// make_artifact begins an artifact of the entry.
[[nodiscard]] Artifact make_artifact(const SecretEntry& entry, SourceRef source, ArtifactKind kind);

/// read_tls_certificate reads one tls.v3.TlsCertificate.
void read_tls_certificate(const std::string& file, DocumentScope& scope, const SecretEntry& entry,
                          const Place& tls_certificate, std::vector<Artifact>& out);

/// read_validation_context reads the anchors of one
/// tls.v3.CertificateValidationContext: trusted_ca, or the bundles of the SPIFFE validator.
void read_validation_context(const std::string& file, DocumentScope& scope, const SecretEntry& entry,
                             const Place& context, std::vector<Artifact>& out);

/// read_validation_lists reads the CRLs alone of one that has no anchors: a default_validation_context, which
/// Envoy merges with what SDS sends, so that they count for its anchors.
void read_validation_lists(const std::string& file, DocumentScope& scope, const SecretEntry& entry,
                           const Place& context, std::vector<Artifact>& out);

/// hash_of tells artifacts with the same certificates.
[[nodiscard]] std::size_t hash_of(const Artifact& artifact);

/// read_material reads the `tls_certificate` and the `validation_context` of a
/// Secret (envoy tls.v3.Secret), where present, into artifacts.
void read_material(const std::string& file, DocumentScope& scope, const SecretEntry& entry,
                   const Place& secret, FieldReader& fields, std::vector<Artifact>& out);

}  // namespace meshcert::input
