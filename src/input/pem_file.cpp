#include "input/certificates.hpp"
#include "input/files.hpp"
#include "input/pem_text.hpp"

#include <utility>

namespace meshcert::input {
namespace {

bool anything_lost(const std::vector<Defect>& defects) {
  for (const Defect& defect : defects) {
    if (defect.lost) return true;
  }
  return false;
}

}  // namespace

void deliver_file(Artifact&& artifact, std::string_view contents, bool as_workload_chain,
                  ArtifactSink& sink) {
  if (!artifact.certificates.empty()) {
    artifact.source.line = artifact.certificates.front().line;
    classify_file(artifact, as_workload_chain);
    return sink.artifact(std::move(artifact));
  }
  if (!anything_lost(artifact.defects)) {
    artifact.defects.push_back(
        Defect{DefectKind::no_certificates, artifact.source, std::string(contents), true});
  }
  for (Defect& defect : artifact.defects) sink.defect(std::move(defect));
}

void read_pem_file(const std::string& name, ByteView octets, const ReadOptions& options, ArtifactSink& sink) {
  Artifact artifact;
  artifact.name = name;
  artifact.source.file = name;
  const PemOrigin origin{artifact.source, true};
  const PemTally tally = append_pem(as_text(octets), origin, options.limits, artifact);
  deliver_file(std::move(artifact), describe(tally), options.as_workload_chain, sink);
}

}  // namespace meshcert::input
