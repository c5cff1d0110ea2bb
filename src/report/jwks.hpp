#pragma once

#include <string>
#include <vector>

#include "meshcert/artifact.hpp"

namespace meshcert {

/// render_jwks writes bundles as SPIFFE bundle documents: one as the document itself,
/// several as a bundle map by their trust domains (SPIFFE Trust Domain and Bundle 4 and
/// 5.1.1). Certificates become x509-svid entries in their order, each once; JWT and WIT
/// authorities stay what they are. The certificates of artifacts of one trust domain
/// go together.
[[nodiscard]] std::string render_jwks(const std::vector<const Artifact*>& bundles);

}  // namespace meshcert
