#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "input/place.hpp"
#include "meshcert/artifact.hpp"
#include "meshcert/limits.hpp"

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
  SecretReader(const std::string& file, const Limits& limits, ArtifactSink& sink)
      : file_(file), limits_(limits), sink_(sink) {}

  /// read_section reads the three lists of one SecretsConfigDump.
  void read_section(const Place& section);
  /// read_dynamic_secret reads one entry of such a list.
  void read_dynamic_secret(const Place& entry, SecretList list);

  /// artifacts counts what went to the sink, `lost` the defects that lost something.
  [[nodiscard]] std::size_t artifacts() const { return artifacts_; }
  [[nodiscard]] std::size_t ignored() const {
    return ignored_;
  }  ///< secrets that hold no certificates by their nature

 private:
  void read_list(const Place& section, std::string_view field, SecretList list);
  void note_duplicate(const std::string& name, std::vector<Artifact>& artifacts);

  const std::string& file_;
  const Limits& limits_;
  ArtifactSink& sink_;
  std::size_t artifacts_ = 0;
  std::size_t ignored_ = 0;
  std::map<std::string, std::size_t, std::less<>> active_;  ///< name to a hash of its certificates
};

/// is_secrets_section: an object with one of the lists of a SecretsConfigDump.
[[nodiscard]] bool is_secrets_section(const Node& node);

/// read_secrets_dump reads a document: a bare SecretsConfigDump, or a config dump
/// ({"configs": [...]}) with any number of them. A document without secrets is a
/// `no_certificates` defect that says what it is.
void read_secrets_dump(const std::string& file, const Node& root, const Limits& limits, ArtifactSink& sink);

}  // namespace meshcert::input
