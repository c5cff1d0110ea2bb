#include "input/doorkeeper.hpp"

#include <algorithm>
#include <utility>

#include "input/envoy_material.hpp"
#include "input/envoy_secrets.hpp"
#include "input/leniency.hpp"

namespace meshcert::input {
namespace {

// Anchors with other settings beside them are others.
std::size_t hash_with_settings(const Artifact& artifact) {
  const Leniency* lenient = artifact.leniency.get();
  const std::size_t settings = (artifact.leaf_crl_only ? 1U : 0U) +
                               (lenient != nullptr && lenient->untrusted ? 2U : 0U) +
                               (lenient != nullptr && lenient->expired ? 4U : 0U);
  return hash_of(artifact) * 8 + settings;
}

}  // namespace

void Doorkeeper::artifact(Artifact&& artifact) {
  ++artifacts_;
  artifact.document = document_ + document_in_list(artifact.source.pointer);
  if (artifact.object != nullptr || artifact.xfcc != nullptr || artifact.jwt != nullptr)
    return sink_.artifact(std::move(artifact));
  const bool configured = artifact.state == SecretState::none || artifact.state == SecretState::static_secret;
  const bool tells_more =
      artifact.jwt_rule == nullptr && (artifact.certificates.empty() || !artifact.defects.empty());
  if (configured && !tells_more && is_repeated(artifact)) return;
  if (holding_) return held_.push_back(std::move(artifact));
  sink_.artifact(std::move(artifact));
}

bool Doorkeeper::is_repeated(const Artifact& artifact) {
  const auto [known, added] = configured_.try_emplace(
      {artifact.document + ' ' + artifact.name, hash_with_settings(artifact)}, artifact.validator);
  return !added && (artifact.validator.empty() || known->second != artifact.validator);
}

Doorkeeper::Proxy& Doorkeeper::proxy(std::string_view pointer) {
  return proxies_[document_ + document_in_list(pointer)];
}

// A proxy is handed on where rules can say something of it: where its listeners are known.
void Doorkeeper::hand_on_proxies() {
  for (auto& [document, proxy] : proxies_) {
    if (!proxy.listeners) continue;
    auto object = std::make_shared<KubernetesObject>();
    const std::size_t dot = std::min(proxy.workload.rfind('.'), proxy.workload.size());
    object->kind = "Proxy";
    object->name = proxy.workload.substr(0, dot);
    object->namespace_name = proxy.workload.substr(std::min(dot + 1, proxy.workload.size()));
    object->source = std::move(*proxy.listeners);
    object->live = true;
    object->labels = std::move(proxy.labels);
    object->spec = ProxyConfig{document, std::move(proxy.node_type)};
    sink_.object(std::move(object));
  }
}

void Doorkeeper::add(const Proxy& proxy, Artifact& artifact) {
  artifact.workload = proxy.workload;
  // A SPIFFE validator knows no such settings (spiffe_validator.cc).
  if (artifact.kind != ArtifactKind::trust_bundle || !artifact.validator.empty()) return;
  const auto beside = proxy.beside.find(artifact.name);
  if (beside == proxy.beside.end()) return;
  artifact.leaf_crl_only = artifact.leaf_crl_only || beside->second.leaf_crl_only;
  add_leniency(beside->second.leniency, artifact.leniency);
}

void Doorkeeper::release() {
  holding_ = false;
  hand_on_proxies();
  for (Artifact& artifact : held_) {
    const auto proxy = proxies_.find(artifact.document);
    if (proxy != proxies_.end()) add(proxy->second, artifact);
    sink_.artifact(std::move(artifact));
  }
  held_.clear();
  proxies_.clear();
}

void Doorkeeper::defect(Defect&& defect) {
  lost_ = lost_ || defect.lost;
  sink_.defect(std::move(defect));
}

}  // namespace meshcert::input
