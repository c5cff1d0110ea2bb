#pragma once

#include <cstdint>

#include "input/place.hpp"
#include "meshcert/artifact.hpp"
#include "meshcert/limits.hpp"
#include "meshcert/result.hpp"
#include "meshcert/spiffe_bundle.hpp"

namespace meshcert::input {

/// is_bundle_document: a SPIFFE bundle (SPIFFE Trust Domain and Bundle 4) or a JWKS.
[[nodiscard]] bool is_bundle_document(const Node& node);
/// is_bundle_map: SPIFFE bundles by trust domain (5.1.1).
[[nodiscard]] bool is_bundle_map(const Node& node);

/// begin_bundle is the artifact of a bundle at a place of a file, before it is read.
[[nodiscard]] Artifact begin_bundle(const std::string& file, const Place& place);

/// BundleRole is where a bundle stands, which decides who reads it.
enum class BundleRole : std::uint8_t {
  document,  ///< a document of its own: a SPIFFE bundle, or a plain JWKS
  spiffe,    ///< one that can be no plain JWKS
  of_map,    ///< one of a bundle map, and no plain JWKS
  of_rule,   ///< keys for tokens, which Envoy reads (envoy source/common/jwt/jwks.cc): it knows shared
             ///< secrets, and asks neither use nor kid
};

/// read_bundle reads one bundle into an artifact: the certificates of its x509-svid
/// entries, the rest in artifact.bundle. Rules of 4.1 to 4.2.2, X509-SVID 6.1 and
/// JWT-SVID 6.1.
void read_bundle(const Place& bundle, BundleRole role, FieldReader& fields, Artifact& artifact);

/// read_key_set reads a document by itself, for whoever verifies with its keys: a SPIFFE
/// bundle, or what an OIDC issuer publishes. Fails where the document is none.
[[nodiscard]] Result<SpiffeBundle> read_key_set(const std::string& name, ByteView octets,
                                                const Limits& limits);

/// named_domain is a trust domain's name as it is stated, for artifacts: one that is empty is "" in quotes,
/// which is nobody's, for an artifact without a trust domain is of any.
[[nodiscard]] std::string named_domain(std::string_view name);

/// read_bundle_document and read_bundle_map hand on an artifact for each bundle.
void read_bundle_document(const std::string& file, const Place& document, ArtifactSink& sink);
void read_bundle_map(const std::string& file, const Place& document, ArtifactSink& sink);

}  // namespace meshcert::input
