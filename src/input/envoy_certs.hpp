#pragma once

#include <set>
#include <string>

#include "input/place.hpp"
#include "meshcert/artifact.hpp"

namespace meshcert::input {

/// is_envoy_certs_entry: an element of the list `certificates` of Envoy's /certs
/// (envoy admin.v3.Certificate), one for each TLS context.
[[nodiscard]] bool is_envoy_certs_entry(const Node& element);

/// EnvoyCertsReader turns such elements into artifacts that list what Envoy says
/// of a certificate; /certs has no octets of any. A certificate that many TLS
/// contexts use is one artifact.
class EnvoyCertsReader {
 public:
  EnvoyCertsReader(const std::string& file, ArtifactSink& sink) : file_(file), sink_(sink) {}

  void read_entry(const Place& element);

 private:
  void read_list(const Place& element, std::string_view name, FieldReader& fields);
  void read_row(const Place& row, std::string_view list);

  const std::string& file_;
  ArtifactSink& sink_;
  std::set<std::string> delivered_;
};

}  // namespace meshcert::input
