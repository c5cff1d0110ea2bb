#pragma once

#include <doctest/doctest.h>

#include <string>
#include <string_view>
#include <vector>

#include "base/base64.hpp"
#include "tests/support/collector.hpp"
#include "tests/support/source_tree.hpp"

/// What the tests of Envoy's secrets share: dumps of one secret, and what a
/// dump should have given.
namespace meshcert::testing {

inline Collector read_dump(const std::string& name) {
  return read(name, read_source("certs/dumps/" + name));
}

inline std::string pem_of(const std::string& path) {
  const std::string text = read_source("certs/" + path);
  return text.substr(text.find("-----BEGIN"));
}

inline std::string encoded(const std::string& path) {
  return base::encode_base64(as_bytes(pem_of(path)));
}

// One active secret with the members given.
inline std::string active(const std::string& entry) {
  return "{\"dynamicActiveSecrets\":[{" + entry + "}]}";
}
inline std::string root_ca(const std::string& data_source) {
  return active(R"("name":"ROOTCA","secret":{"validationContext":{"trustedCa":)" + data_source + "}}");
}

struct Expected {
  ArtifactKind kind;
  std::string_view name;
  SecretState state;
  std::size_t certificates;
  std::string_view pointer;
};

inline void check(const Collector& found, const std::vector<Expected>& expected) {
  REQUIRE(found.artifacts.size() == expected.size());
  for (std::size_t i = 0; i < expected.size(); ++i) {
    CAPTURE(i);
    const Artifact& artifact = found.artifacts[i];
    CHECK(to_string(artifact.kind) == to_string(expected[i].kind));
    CHECK(artifact.name == expected[i].name);
    CHECK(to_string(artifact.state) == to_string(expected[i].state));
    CHECK(artifact.certificates.size() == expected[i].certificates);
    CHECK(artifact.source.pointer == expected[i].pointer);
  }
}

inline constexpr auto kActive = SecretState::active;
inline constexpr std::string_view kChain0 =
    "/dynamicActiveSecrets/0/secret/tlsCertificate/certificateChain/inlineBytes";
inline constexpr std::string_view kRoot1 =
    "/dynamicActiveSecrets/1/secret/validationContext/trustedCa/inlineBytes";

}  // namespace meshcert::testing
