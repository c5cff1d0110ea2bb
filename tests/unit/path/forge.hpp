#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "meshcert/certificate.hpp"
#include "path/verify.hpp"

/// Certificates made on the spot, signed with Ed25519: one way to say what a case
/// about paths needs.
namespace meshcert::testing {

/// Made is a certificate and the octets that it views.
struct Made {
  std::unique_ptr<std::vector<std::uint8_t>> octets;
  Certificate certificate;
};

/// Spec is what differs from a plain leaf. Extensions are written as for OpenSSL's
/// configuration: {"basicConstraints", "critical,CA:TRUE"}.
struct Spec {
  std::string subject;      ///< a common name; "" is an empty subject
  std::string issuer;       ///< whose name and, unless said, key it is signed with
  std::string key = {};     ///< a name of a key; "" is the subject's
  std::string signer = {};  ///< a name of a key; "" is the issuer's
  std::vector<std::pair<std::string, std::string>> extensions = {};
  long not_before = 1704067200;  ///< 2024-01-01
  long not_after = 1735689600;   ///< 2025-01-01
  int version = 3;
};

/// A name of a key stands for the same key everywhere.
[[nodiscard]] Made make(const Spec& spec);
/// ca and leaf are the usual ones, with more extensions.
using More = std::vector<std::pair<std::string, std::string>>;
[[nodiscard]] Made make_ca(const std::string& subject, const std::string& issuer, const More& more = {});
[[nodiscard]] Made make_leaf(const std::string& subject, const std::string& issuer, const More& more = {});

/// World is a store and the settings of 2024-06-01.
struct World {
  path::Store store;
  path::Settings settings;
  x509::SignatureVerifier signatures;
  World();
  path::Verdict verify(const Made& leaf, path::Explain explain = path::Explain::best);
  /// faults of the path that comes nearest, as codes.
  std::vector<std::string> codes(const Made& leaf);
};

}  // namespace meshcert::testing
