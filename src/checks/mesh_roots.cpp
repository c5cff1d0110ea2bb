#include "checks/mesh_roots.hpp"

#include <algorithm>
#include <map>
#include <set>

#include "checks/signing_ca.hpp"
#include "checks/trusted_roots.hpp"

namespace meshcert::checks {
namespace {

constexpr std::string_view kRoots = "istio-ca-root-cert";
constexpr std::string_view kListed = "kube-root-ca.crt";
constexpr std::string_view kTrustBundle = "istio.io:istiod-ca:root-cert";

using Set = std::set<std::string_view>;

/// Holder is one object with the roots of the mesh.
struct Holder {
  const Artifact* bundle;
  Set ders;
};

std::string place_of(const Artifact& bundle) {
  return bundle.resource.empty() ? bundle.source.file : bundle.resource;
}

class MeshRoots {
 public:
  MeshRoots(const Inventory& inventory, FindingSink& sink)
      : inventory_(inventory), cluster_(inventory), cas_(find_signing_cas(inventory, cluster_)), sink_(sink) {
    for (const std::string& space : cluster_.spaces("ConfigMap", kRoots))
      add(cluster_.part(cluster_.find("ConfigMap", space, kRoots), "root-cert.pem"));
    for (const std::string& space : cluster_.spaces("ClusterTrustBundle", kTrustBundle))
      add(cluster_.part(cluster_.find("ClusterTrustBundle", space, kTrustBundle), "trustBundle"));
  }

  void check() {
    check_namespaces();
    check_emptied();
    if (holders_.empty()) return;
    const Holder& usual = most_common();
    for (const Holder& holder : holders_) {
      report_missing(usual, holder, holder);
      report_missing(holder, usual, holder);
    }
    for (const SigningCa& ca : cas_) check_ca(ca, usual);
  }

 private:
  void add(const Artifact* bundle) {
    if (bundle == nullptr || bundle->certificates.empty()) return;
    Holder holder{bundle, {}};
    for (const Certificate& certificate : bundle->certificates) holder.ders.insert(as_text(certificate.der));
    holders_.push_back(std::move(holder));
  }

  // istiod writes the same everywhere, so what most have is what it has; of equals,
  // that beside it.
  [[nodiscard]] const Holder& most_common() const {
    std::map<Set, std::size_t> counts;
    for (const Holder& holder : holders_) counts[holder.ders] += 2;
    for (const Holder& holder : holders_)
      if (holder.bundle->object->namespace_name == "istio-system") ++counts[holder.ders];
    return *std::ranges::max_element(holders_, {},
                                     [&counts](const Holder& holder) { return counts.at(holder.ders); });
  }

  // It is told of the odd one: what most have is not to be corrected.
  void report_missing(const Holder& from, const Holder& in, const Holder& odd) {
    for (std::size_t i = 0; i < from.bundle->certificates.size(); ++i)
      if (!in.ders.contains(as_text(from.bundle->certificates[i].der)))
        report(*from.bundle, i, *in.bundle, *odd.bundle);
  }

  void report(const Artifact& from, std::size_t index, const Artifact& missing, const Artifact& where) {
    const Certificate& certificate = from.certificates[index];
    sink_.report(kBundleDiffers, where.source, place_of(where),
                 {{"subject", title_of(certificate)},
                  {"sha256", sha256_fingerprint(certificate)},
                  {"only_in", place_of(from)},
                  {"missing_from", place_of(missing)},
                  {"_domain", std::string()},
                  {"_elsewhere", std::string()}});
  }

  [[nodiscard]] bool has_plugged_in() const {
    return std::ranges::any_of(cas_, [](const SigningCa& ca) { return !ca.self_made && !ca.in_files; });
  }

  // Beside a CA that is plugged in, the one that istiod once made is left over.
  void check_ca(const SigningCa& ca, const Holder& usual) {
    if (ca.in_files || (ca.self_made && has_plugged_in())) return;
    const Artifact* roots = ca.self_made ? ca.certificate : ca.root;
    if (roots == nullptr) return;
    for (std::size_t i = 0; i < roots->certificates.size(); ++i) {
      const Certificate& root = roots->certificates[i];
      // Renewed with its own key, a root is as good as before.
      const auto is_same = [&root](const Certificate& other) {
        return other.subject == root.subject && std::ranges::equal(other.key.spki, root.key.spki);
      };
      if (std::ranges::none_of(usual.bundle->certificates, is_same)) report(*roots, i, *usual.bundle, *roots);
    }
  }

  // One that is there without a root is worse than none: pods start, and trust nobody. What a
  // manifest lacks may be filled in later.
  void check_emptied() {
    for (const std::string& space : cluster_.spaces("ConfigMap", kRoots)) {
      const KubernetesObject* object = cluster_.find("ConfigMap", space, kRoots);
      const auto* data = object->as<Credential>();
      if (data == nullptr || (!object->live && holders_.empty())) continue;
      const Credential::Key* key = data->find("root-cert.pem");
      if (key != nullptr && !key->empty) continue;
      sink_.report(
          kEmptyBundle, object->source, object->title(),
          {{"detail",
            object->title() + (key == nullptr ? " has no root-cert.pem" : " has an empty root-cert.pem")},
           {"_fix",
            std::string("see why istiod does not write it: kubectl logs -n istio-system deploy/istiod | "
                        "grep -i 'root cert'; or whether something else does: kubectl get configmap "
                        "istio-ca-root-cert -n NAMESPACE --show-managed-fields -o yaml")}});
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
        sink_.report(
            kBundleMissing, object.source, object.title(),
            {{"space", std::string(space)}, {"required", having.front()}, {"found", std::move(found)}});
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
  Cluster cluster_;
  std::vector<SigningCa> cas_;
  std::vector<Holder> holders_;
  FindingSink& sink_;
};

}  // namespace

void check_mesh_roots(const Inventory& inventory, FindingSink& sink) {
  if (!inventory.objects.empty()) MeshRoots(inventory, sink).check();
}

}  // namespace meshcert::checks
