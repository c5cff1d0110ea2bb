#include "checks/unread_crls.hpp"

#include "checks/trusted_roots.hpp"

namespace meshcert::checks {

UnreadCrls::UnreadCrls(const std::vector<Artifact>& artifacts) {
  for (const Artifact& artifact : artifacts)
    if (is_of_spiffe_validator(artifact)) contexts_.insert(validation_context_of(artifact));
}

bool UnreadCrls::has(const Artifact& artifact) const {
  return !contexts_.empty() && !artifact.crls.empty() && artifact.kind == ArtifactKind::trust_bundle &&
         artifact.validator.empty() && contexts_.contains(validation_context_of(artifact));
}

void UnreadCrls::report(const Artifact& artifact, FindingSink& sink) {
  const std::size_t count = artifact.crls.size();
  sink.report(kCrlBesideValidator, artifact,
              {{"crls", count},
               {"_crls", count == 1 ? std::string("the CRL") : "the " + std::to_string(count) + " CRLs"}});
}

}  // namespace meshcert::checks
