#pragma once

#include <cstdint>
#include <utility>

#include "meshcert/artifact.hpp"

namespace meshcert::input {

/// ShiftedSink passes on what was read from a window of a text, with lines and
/// indices as they are in the whole.
class ShiftedSink final : public ArtifactSink {
 public:
  /// The window begins on `line`; `first` certificates stand before it.
  ShiftedSink(std::uint32_t line, std::size_t first, ArtifactSink& sink)
      : lines_(line - 1), first_(first), sink_(sink) {}

  void artifact(Artifact&& artifact) override {
    shift(artifact.source);
    artifact.first = first_;
    for (Certificate& certificate : artifact.certificates) shift(certificate.line);
    for (Listed& listed : artifact.listed) shift(listed.where);
    for (Defect& defect : artifact.defects) shift(defect.where);
    sink_.artifact(std::move(artifact));
  }
  void defect(Defect&& defect) override {
    shift(defect.where);
    sink_.defect(std::move(defect));
  }
  void object(std::shared_ptr<const KubernetesObject> object) override { sink_.object(std::move(object)); }
  void passed_over(const std::string& name, const std::string& why) override { sink_.passed_over(name, why); }

 private:
  void shift(SourceRef& where) const { shift(where.line); }
  void shift(std::uint32_t& line) const { line += line == 0 ? 0 : lines_; }

  std::uint32_t lines_;
  std::size_t first_;
  ArtifactSink& sink_;
};

}  // namespace meshcert::input
