#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/kubectl.hpp"
#include "input/kubernetes_object.hpp"

namespace meshcert::input {

/// decode_value gives the octets of a value that is base64 (`data` of a Secret, a
/// caBundle), decoded a second time where it is base64 of base64 of PEM. What
/// the API server would refuse is a defect; nullopt where nothing can be had.
[[nodiscard]] std::optional<std::string> decode_value(const Place& value, FieldReader& fields);

/// is_pem: a BEGIN or END line of PEM is somewhere in the text.
[[nodiscard]] bool is_pem(std::string_view text);
/// holds_certificates: a label of PEM in it is one of certificates.
[[nodiscard]] bool holds_certificates(std::string_view text);

/// first_label is the label of the first PEM block in a text, as messages may show it; ""
/// where there is none.
[[nodiscard]] std::string first_label(std::string_view text);

/// append_value decodes the certificates of a text of PEM into the artifact, which
/// says why there are none.
void append_value(std::string_view text, const Place& value, ObjectReading& reading, FieldReader& fields,
                  Artifact& artifact);

/// append_key notes the private key that a value should hold, as it is or in base64, and
/// returns the label of the first PEM block; "" where there is none.
std::string append_key(const Place& value, bool encoded, KeyOpener& keys, FieldReader& fields,
                       Artifact& artifact);

/// is_withheld: a placeholder stands there, as it is or in base64, in place of what whoever gave the object
/// away kept for himself. Without quotes YAML reads [redacted] as a list of one word.
[[nodiscard]] bool is_withheld(const Place& value);

/// withheld_value is the note that something was not judged for that.
[[nodiscard]] Defect withheld_value(SourceRef where, const std::string& key, const KubernetesObject& object);

/// missing_half is the defect of a pair one half of which is empty: nobody loads the other.
[[nodiscard]] Defect missing_half(SourceRef where, std::string detail, const base::SecretPair& pair);

/// append_crls does so for the CRLs of a text; a certificate that stands there is of no
/// use to anybody.
void append_crls(std::string_view text, const Place& value, const Limits& limits, FieldReader& fields,
                 Artifact& artifact);

/// tell_exposed_key tells of a private key among the certificates of a value that everybody reads who may
/// list such objects, and takes it out.
void tell_exposed_key(const Place& value, const KubernetesObject& object, FieldReader& fields,
                      Artifact& artifact);

/// read_encoded makes an artifact of a value that is base64 of PEM, and adds it.
/// An absent, null or empty value adds nothing. Returns whether there was one. Of a bundle, a key in it is
/// told.
bool read_encoded(ObjectReading& reading, const Place& parent, std::string_view field, ArtifactKind kind,
                  std::string name);

/// is_placeholder: white space alone, as generated manifests have it.
[[nodiscard]] bool is_placeholder(std::string_view text);

}  // namespace meshcert::input
