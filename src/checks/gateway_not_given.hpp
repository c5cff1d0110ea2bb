#pragma once

#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "checks/check.hpp"
#include "checks/cluster.hpp"
#include "checks/gateway_use.hpp"

namespace meshcert::checks {

/// NotGiven collects what gateways name and nobody gave, to be reported once for all that lack it.
class NotGiven {
 public:
  /// object: nothing of the kind that is named was given.
  void object(const Use& use, const Target& target);
  /// pods: an Istio Gateway's Secret was looked for without knowing where its pods are, and taken from
  /// `space`.
  void pods(const Use& use, const Target& target, const std::string& space, const Cluster& cluster);
  /// any_pod: a Gateway's selector selects none of the pods given.
  void any_pod(const KubernetesObject& object, const std::string& labels);
  void report(FindingSink& sink) const;

 private:
  struct Unknown {
    SourceRef where;
    std::string resource, first;
    std::set<std::string> names;
    bool by_reference = false;
  };
  struct Guess {
    const KubernetesObject* object = nullptr;
    std::string labels, name;
    std::vector<std::string> spaces;  ///< that which was taken, then others that have the name
    std::set<std::string> names;
  };
  struct WithoutPods {
    const KubernetesObject* object;
    std::size_t others;
  };
  void report_unknown(FindingSink& sink) const;
  void report_guesses(FindingSink& sink) const;

  std::map<std::string, Unknown> unknown_;  ///< by kind
  std::map<std::pair<std::string, std::string>, Guess>
      guesses_;                                      ///< by labels, and name where several have it
  std::map<std::string, WithoutPods> without_pods_;  ///< by labels
};

}  // namespace meshcert::checks
