#include <algorithm>
#include <memory>
#include <utility>

#include "input/certificates.hpp"
#include "input/files.hpp"
#include "input/private_keys.hpp"

namespace meshcert::input {

Artifact begin_file(const std::string& name) {
  Artifact artifact;
  artifact.name = name;
  artifact.source.file = name;
  return artifact;
}

ByteView keep(std::vector<std::uint8_t>&& octets, Artifact& artifact) {
  auto owned = std::make_unique<const std::vector<std::uint8_t>>(std::move(octets));
  const ByteView kept = *owned;
  artifact.storage.push_back(std::move(owned));
  return kept;
}

void deliver_file(Artifact&& artifact, const Contents& contents, bool as_workload_chain, ArtifactSink& sink) {
  if (!artifact.certificates.empty()) {
    artifact.source.line = artifact.certificates.front().line;
    contents.presented ? classify_presented(artifact, as_workload_chain)
                       : classify_file(artifact, as_workload_chain);
    auto rest = take_rest(artifact);
    settle_key(artifact);
    sink.artifact(std::move(artifact));
    if (rest) sink.artifact(*std::move(rest));
    return;
  }
  if (!artifact.crls.empty()) {
    artifact.source.line = artifact.crls.front().line;
    artifact.kind = ArtifactKind::crl;
    return sink.artifact(std::move(artifact));
  }
  if (!contents.told && (artifact.key || std::ranges::none_of(artifact.defects, &Defect::lost))) {
    artifact.defects.push_back(
        Defect{DefectKind::no_certificates, artifact.source, contents.what, true, contents.fix});
  }
  if (artifact.key) {
    // A key store that was not opened may hold a chain.
    artifact.kind = contents.told ? ArtifactKind::tls_secret : ArtifactKind::private_key;
    return sink.artifact(std::move(artifact));
  }
  for (Defect& defect : artifact.defects) sink.defect(std::move(defect));
}

}  // namespace meshcert::input
