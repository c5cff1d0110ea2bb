#include "input/doorkeeper.hpp"

#include <utility>

#include "input/envoy_material.hpp"
#include "input/envoy_secrets.hpp"

namespace meshcert::input {

void Doorkeeper::artifact(Artifact&& artifact) {
  ++artifacts_;
  artifact.document = document_ + document_in_list(artifact.source.pointer);
  if (artifact.object != nullptr || artifact.xfcc != nullptr || artifact.jwt != nullptr)
    return sink_.artifact(std::move(artifact));
  const bool configured = artifact.state == SecretState::none || artifact.state == SecretState::static_secret;
  const bool tells_more = artifact.certificates.empty() || !artifact.defects.empty();
  const std::string name = artifact.document + ' ' + artifact.name;
  if (configured && !tells_more && !configured_.emplace(name, hash_of(artifact)).second) return;
  if (holding_) return held_.push_back(std::move(artifact));
  sink_.artifact(std::move(artifact));
}

void Doorkeeper::name_workload(std::string_view pointer, std::string workload) {
  workloads_.try_emplace(document_ + document_in_list(pointer), std::move(workload));
}

void Doorkeeper::release() {
  holding_ = false;
  for (Artifact& artifact : held_) {
    const auto workload = workloads_.find(artifact.document);
    if (workload != workloads_.end()) artifact.workload = workload->second;
    sink_.artifact(std::move(artifact));
  }
  held_.clear();
}

void Doorkeeper::defect(Defect&& defect) {
  lost_ = lost_ || defect.lost;
  sink_.defect(std::move(defect));
}

}  // namespace meshcert::input
