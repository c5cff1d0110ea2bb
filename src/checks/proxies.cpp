#include "checks/proxies.hpp"

#include <algorithm>
#include <set>

#include "base/words.hpp"
#include "checks/cluster.hpp"

namespace meshcert::checks {
namespace {

bool has_all(const KubernetesObject& pod, const KubernetesObject::Labels& selector) {
  return std::ranges::all_of(
      selector, [&](const auto& label) { return std::ranges::find(pod.labels, label) != pod.labels.end(); });
}

}  // namespace

std::string label_text(const KubernetesObject::Labels& labels) {
  return base::join_with(labels, ",", [](const auto& label) { return label.first + '=' + label.second; });
}

Proxies::Proxies(const Inventory& inventory) {
  for (const auto& object : inventory.objects) {
    if (object->as<Pod>() == nullptr) continue;
    any_ = any_ || object->kind != "Service";
    for (const Label& label : object->labels) by_label_[label].push_back(object.get());
  }
}

const std::vector<std::string>& Proxies::spaces_of(const KubernetesObject::Labels& selector,
                                                   std::string_view revision) {
  const auto [answer, is_new] = answers_.try_emplace({selector, std::string(revision)});
  if (!is_new || selector.empty()) return answer->second;
  // Only pods with the rarest of the labels need to be looked at.
  const std::vector<const KubernetesObject*>* candidates = nullptr;
  for (const Label& label : selector) {
    const auto found = by_label_.find(label);
    if (found == by_label_.end()) return answer->second;
    if (candidates == nullptr || found->second.size() < candidates->size()) candidates = &found->second;
  }
  std::set<std::string> of_pods, of_revision, of_services;
  for (const KubernetesObject* pod : *candidates) {
    if (!has_all(*pod, selector)) continue;
    (pod->kind == "Service" ? of_services : of_pods).emplace(space_of(*pod));
    if (!revision.empty() && pod->label("istio.io/rev") == revision) of_revision.emplace(space_of(*pod));
  }
  if (of_services.size() > 1) of_services.clear();  // another app's, or what is left of a move
  const auto& spaces = !of_revision.empty() ? of_revision : !of_pods.empty() ? of_pods : of_services;
  answer->second.assign(spaces.begin(), spaces.end());
  return answer->second;
}

}  // namespace meshcert::checks
