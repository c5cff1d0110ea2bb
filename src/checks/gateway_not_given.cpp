#include "checks/gateway_not_given.hpp"

#include <fmt/format.h>

#include <utility>

#include "checks/gateway_judge.hpp"
#include "checks/proxies.hpp"

namespace meshcert::checks {

void NotGiven::object(const Use& use, const Target& target) {
  Unknown& unknown = unknown_[target.kind];
  if (unknown.first.empty()) unknown = {use.where, use.object->title(), target.title(), {}, use.by_reference};
  unknown.names.insert(target.title());
}

void NotGiven::pods(const Use& use, const Target& target, const std::string& space, const Cluster& cluster) {
  const auto* gateway = use.object->as<IstioGateway>();
  if (gateway == nullptr || gateway->selector.empty() || space.empty()) return;
  std::vector<std::string> spaces = cluster.spaces(target.kind, target.name, kShownSpaces + 1);
  std::erase(spaces, space);
  const std::string labels = label_text(gateway->selector);
  Guess& guess = guesses_[{labels, spaces.empty() ? "" : target.name}];
  if (guess.object == nullptr) {
    spaces.insert(spaces.begin(), space);
    guess = {use.object, labels, target.name, std::move(spaces), {}};
  }
  guess.names.insert(target.name);
}

void NotGiven::any_pod(const KubernetesObject& object, const std::string& labels) {
  const auto [entry, is_first] = without_pods_.try_emplace(labels, WithoutPods{&object, 0});
  if (!is_first) ++entry->second.others;
}

void NotGiven::report_unknown(FindingSink& sink) const {
  for (const auto& [kind, unknown] : unknown_) {
    const std::size_t others = unknown.names.size() - 1;
    const std::string_view resources =
        unknown.by_reference ? "gateways.gateway.networking.k8s.io,referencegrants.gateway.networking.k8s.io"
                             : "gateways.networking.istio.io,pods";
    sink.report(kObjectsNotGiven, unknown.where, unknown.resource,
                {{"found", unknown.first + (others == 0 ? "" : fmt::format(" and {} more", others))},
                 {"_kind", kind},
                 {"_together", "secrets,configmaps," + std::string(resources)}});
  }
}

void NotGiven::report_guesses(FindingSink& sink) const {
  for (const auto& [key, guess] : guesses_) {
    const std::size_t others = guess.names.size() - 1;
    const std::vector<std::string> rest(guess.spaces.begin() + 1, guess.spaces.end());
    sink.report(
        kPodsNotGiven, guess.object->source, guess.object->title(),
        {{"required", guess.labels},
         {"found", "Secret " + guess.spaces.front() + '/' + guess.name},
         {"_more", others == 0 ? "" : fmt::format(" (and {} more likewise)", others)},
         {"_rest", rest.empty() ? "" : ", though " + shown_spaces(rest) + " has one of that name too"}});
  }
}

void NotGiven::report(FindingSink& sink) const {
  report_unknown(sink);
  report_guesses(sink);
  for (const auto& [labels, first] : without_pods_)
    sink.report(kSelectsNoPod, first.object->source, first.object->title(),
                {{"found", labels},
                 {"_more", first.others == 0 ? "" : fmt::format(" and of {} more", first.others)}});
}

}  // namespace meshcert::checks
