#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "meshcert/artifact.hpp"
#include "meshcert/kubernetes.hpp"

namespace meshcert::input {

/// Doorkeeper passes on what a document holds, and remembers what went by. What
/// the configuration holds twice (a static cluster or secret is in the bootstrap
/// and in a section of its own) goes by once. Of a config dump, artifacts wait
/// until it is known whose it is: the bootstrap may come last.
class Doorkeeper final : public ArtifactSink {
 public:
  Doorkeeper(ArtifactSink& sink, std::string_view document) : sink_(sink), document_(document) {}
  void artifact(Artifact&& artifact) override;
  void defect(Defect&& defect) override;
  void object(std::shared_ptr<const KubernetesObject> object) override { sink_.object(std::move(object)); }

  void hold() { holding_ = true; }
  /// Beside is what default validation contexts say beside a trust bundle that comes by SDS.
  struct Beside {
    bool leaf_crl_only = true;  ///< all of them
    std::shared_ptr<const Leniency> leniency;
  };
  /// proxy is what is known of whose the dump is that the pointer leads into.
  struct Proxy {
    std::string workload, node_type;
    KubernetesObject::Labels labels;
    std::optional<SourceRef> listeners;                 ///< where its listeners are, if it has any
    std::map<std::string, Beside, std::less<>> beside;  ///< by the name of the trust bundle
  };
  [[nodiscard]] Proxy& proxy(std::string_view pointer);
  /// release hands on what waits.
  void release();
  [[nodiscard]] bool lost() const { return lost_; }
  [[nodiscard]] std::size_t artifacts() const { return artifacts_; }

 private:
  void hand_on_proxies();
  static void add(const Proxy& proxy, Artifact& artifact);
  /// is_repeated remembers it; true where the same went by, and not in the same validator.
  [[nodiscard]] bool is_repeated(const Artifact& artifact);

  ArtifactSink& sink_;
  bool lost_ = false;
  std::size_t artifacts_ = 0;
  bool holding_ = false;
  std::string document_;
  std::map<std::string, Proxy, std::less<>> proxies_;  ///< by document
  std::vector<Artifact> held_;
  /// What went by: document and name, and hash of the certificates, with the validator that it stood in: two
  /// equal bundles of one trust domain in one validator, or in one map, are a fault that rules have to see.
  std::map<std::pair<std::string, std::size_t>, std::string> configured_;
};

}  // namespace meshcert::input
