#include "checks/mesh_namespaces.hpp"

#include <functional>
#include <set>
#include <string>
#include <string_view>
#include <utility>

#include "checks/mesh_roots.hpp"

namespace meshcert::checks {
namespace {

constexpr std::string_view kRoots = "istio-ca-root-cert";
constexpr std::string_view kListed = "kube-root-ca.crt";

class NamespaceJudge {
 public:
  NamespaceJudge(const Inventory& inventory, const Cluster& cluster, bool any_roots, FindingSink& sink)
      : inventory_(inventory), cluster_(cluster), any_roots_(any_roots), sink_(sink) {}

  void judge() {
    check_namespaces();
    check_emptied();
  }

 private:
  // One that is there without a root is worse than none: pods start, and trust nobody. What a
  // manifest lacks may be filled in later.
  void check_emptied() {
    for (const std::string& space : cluster_.spaces("ConfigMap", kRoots)) {
      const KubernetesObject* object = cluster_.find("ConfigMap", space, kRoots);
      const auto* data = object->as<Credential>();
      if (data == nullptr || (!object->live && !any_roots_)) continue;
      const Credential::Key* key = data->find("root-cert.pem");
      if (key != nullptr && !key->empty) continue;
      sink_.report(kEmptyBundle, object->source, object->title(),
                   {{"detail", object->title() + (key == nullptr ? " has no root-cert.pem"
                                                                 : " has an empty root-cert.pem")},
                    {"_fix",
                     "see why istiod does not write it: kubectl logs -n istio-system deploy/istiod | "
                     "grep -i 'root cert'; or whether something else does: kubectl get configmap "
                     "istio-ca-root-cert -n NAMESPACE --show-managed-fields -o yaml"}});
    }
  }

  // Kubernetes writes kube-root-ca.crt into every namespace: where it was given and Istio's
  // was not, that is not there.
  [[nodiscard]] bool lacks_roots(std::string_view space) const {
    const KubernetesObject* listed = cluster_.find("ConfigMap", space, kListed);
    return listed != nullptr && listed->live && cluster_.find("ConfigMap", space, kRoots) == nullptr;
  }

  void check_namespaces() {
    const auto having = cluster_.spaces("ConfigMap", kRoots, 1);
    if (having.empty() || cluster_.spaces("ConfigMap", kListed, 1).empty()) return;
    std::set<std::string, std::less<>> told;
    const auto tell = [&](const KubernetesObject& object, std::string_view space, std::string found) {
      if (lacks_roots(space) && told.insert(std::string(space)).second)
        sink_.report(kBundleMissing, object.source, object.title(),
                     {{"space", space}, {"required", having.front()}, {"found", std::move(found)}});
    };
    for (const auto& object : inventory_.objects)
      if (const Pod* pod = object->as<Pod>(); pod != nullptr && pod->takes_mesh_roots)
        tell(*object, space_of(*object), object->title() + " mounts it");
    for (const auto& object : inventory_.objects)
      if (object->kind == "Namespace" && has_pods_injected(*object))
        tell(*object, object->name, "its label has pods injected that mount it");
  }

  static bool has_pods_injected(const KubernetesObject& space) {
    return space.label("istio-injection") == "enabled" ||
           (!space.label("istio.io/rev").empty() && space.label("istio-injection").empty());
  }

  const Inventory& inventory_;
  const Cluster& cluster_;
  bool any_roots_;
  FindingSink& sink_;
};

}  // namespace

void check_namespaces_for_roots(const Inventory& inventory, const Cluster& cluster, bool any_roots,
                                FindingSink& sink) {
  NamespaceJudge(inventory, cluster, any_roots, sink).judge();
}

}  // namespace meshcert::checks
