#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <utility>

#include "meshcert/artifact.hpp"
#include "meshcert/limits.hpp"

namespace meshcert::input {

/// CappedSink passes everything on, but of the defects that belong to no artifact
/// only the first limits.defects; finish() tells the number of the others. A
/// document of a million wrong elements is told in a few lines.
class CappedSink final : public ArtifactSink {
 public:
  CappedSink(const Limits& limits, ArtifactSink& sink) : limits_(limits), sink_(sink) {}

  void artifact(Artifact&& artifact) override { sink_.artifact(std::move(artifact)); }
  void object(std::shared_ptr<const KubernetesObject> object) override { sink_.object(std::move(object)); }
  void defect(Defect&& defect) override {
    if (told_ < limits_.defects) {
      ++told_;
      return sink_.defect(std::move(defect));
    }
    ++untold_;
    lost_ = lost_ || defect.lost;
    last_ = std::move(defect.where);
  }

  void finish() {
    if (untold_ == 0) return;
    sink_.defect(Defect{DefectKind::malformed, last_,
                        std::to_string(untold_) + " more places are of no use; this is the last", lost_});
  }

 private:
  const Limits& limits_;
  ArtifactSink& sink_;
  std::size_t told_ = 0;
  std::size_t untold_ = 0;
  bool lost_ = false;
  SourceRef last_;
};

}  // namespace meshcert::input
