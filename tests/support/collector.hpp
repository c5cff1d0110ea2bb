#pragma once

#include <algorithm>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "meshcert/input.hpp"

/// What tests of readers need: a sink that keeps everything, and questions.
namespace meshcert::testing {

class Collector final : public ArtifactSink {
 public:
  void artifact(Artifact&& artifact) override { artifacts.push_back(std::move(artifact)); }
  void defect(Defect&& defect) override { loose.push_back(std::move(defect)); }
  void object(std::shared_ptr<const KubernetesObject> object) override {
    objects.push_back(std::move(object));
  }

  /// defects lists those of artifacts and of the input.
  [[nodiscard]] std::vector<Defect> defects() const {
    std::vector<Defect> all;
    for (const Artifact& artifact : artifacts) {
      all.insert(all.end(), artifact.defects.begin(), artifact.defects.end());
    }
    all.insert(all.end(), loose.begin(), loose.end());
    return all;
  }
  [[nodiscard]] bool lost() const { return std::ranges::any_of(defects(), &Defect::lost); }
  [[nodiscard]] bool has(DefectKind kind) const {
    return std::ranges::count(defects(), kind, &Defect::kind) != 0;
  }
  [[nodiscard]] std::size_t certificates() const {
    std::size_t count = 0;
    for (const Artifact& artifact : artifacts) count += artifact.certificates.size();
    return count;
  }

  std::vector<Artifact> artifacts;
  std::vector<Defect> loose;
  std::vector<std::shared_ptr<const KubernetesObject>> objects;
};

[[nodiscard]] inline Collector read(const std::string& name, std::string_view octets,
                                    const ReadOptions& options = {}) {
  Collector collector;
  read_input(name, as_bytes(octets), options, collector);
  return collector;
}

}  // namespace meshcert::testing
