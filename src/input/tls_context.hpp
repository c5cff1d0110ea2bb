#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "input/place.hpp"
#include "meshcert/artifact.hpp"
#include "meshcert/limits.hpp"

namespace meshcert::input {

/// TlsContextReader reads the certificates that stand inside clusters, listeners
/// and a bootstrap, not in secrets: the `tls_certificates` and validation
/// contexts of every common_tls_context (envoy tls.v3.CommonTlsContext), at
/// whatever depth, and the bootstrap's static_resources.secrets. SDS references
/// hold nothing and are passed over.
class TlsContextReader {
 public:
  TlsContextReader(const std::string& file, const Limits& limits, ArtifactSink& sink)
      : file_(file), limits_(limits), sink_(sink) {}

  /// read looks through one value. Artifacts bear the name of the outermost
  /// object around them that has one: the cluster or the listener.
  void read(const Place& place);

  /// may_hold_material: the text of a JSON value mentions a data source.
  [[nodiscard]] static bool may_hold_material(std::string_view json);

 private:
  struct Visit {
    Place place;
    std::string owner;
  };

  void look_into(const Visit& visit, std::vector<Visit>& pending);
  void static_secrets(const Visit& visit);
  void context(const Visit& visit);
  void hand_on(std::vector<Artifact>& artifacts, std::vector<Defect>& defects);

  const std::string& file_;
  const Limits& limits_;
  ArtifactSink& sink_;
};

}  // namespace meshcert::input
