#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "input/key_opener.hpp"
#include "input/place.hpp"
#include "meshcert/artifact.hpp"

namespace meshcert::input {

/// SecretList is the list of a SecretsConfigDump that an entry stands in.
enum class SecretList : std::uint8_t { active, warming, static_list };

/// SecretReader turns secrets of an Envoy proxy (envoy.admin.v3.SecretsConfigDump,
/// as `istioctl proxy-config secret -o json` and Envoy's admin endpoint print it)
/// into artifacts, one entry at a time.
///
/// Deviations from protobuf's JSON form: snake_case and camelCase are taken in
/// any mixture; unknown fields are passed over; a field of a wrong type is a
/// defect, and the rest is read.
class SecretReader {
 public:
  SecretReader(const std::string& file, DocumentScope& scope, ArtifactSink& sink)
      : file_(file), scope_(scope), sink_(sink) {}

  /// read_section reads the three lists of one SecretsConfigDump.
  void read_section(const Place& section);
  /// read_dynamic_secret reads one entry of such a list.
  void read_dynamic_secret(const Place& entry, SecretList list);

  /// read_bare_secret reads a tls.v3.Secret that stands alone.
  void read_bare_secret(const Place& secret);

  /// ignored counts secrets that hold no certificates by their nature.
  [[nodiscard]] std::size_t ignored() const { return ignored_; }

 private:
  void read_list(const Place& section, std::string_view field, SecretList list);
  void hand_on(std::vector<Artifact>& artifacts, std::vector<Defect>& defects);
  void note_duplicate(const std::string& name, std::vector<Artifact>& artifacts);

  const std::string& file_;
  DocumentScope& scope_;
  ArtifactSink& sink_;
  std::size_t ignored_ = 0;
  std::map<std::string, std::size_t, std::less<>> active_;  ///< name to a hash of its certificates
};

/// is_secrets_section: an object with one of the lists of a SecretsConfigDump.
[[nodiscard]] bool is_secrets_section(const Node& node);

/// secret_list tells which list of a SecretsConfigDump a key names, if any.
[[nodiscard]] std::optional<SecretList> secret_list(std::string_view key);

/// document_in_list: in a list of whole dumps, the element that a pointer leads
/// into: "/3" of "/3/configs/1/..." or "/3/dynamicActiveSecrets/0/...". The elements
/// of a list of entries are of one dump, "".
[[nodiscard]] std::string document_in_list(std::string_view pointer);

}  // namespace meshcert::input
