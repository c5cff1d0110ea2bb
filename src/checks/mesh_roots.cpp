#include "checks/mesh_roots.hpp"

#include <algorithm>
#include <cstddef>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "checks/credentials.hpp"
#include "checks/mesh_namespaces.hpp"
#include "checks/signing_ca.hpp"
#include "checks/trusted_roots.hpp"
#include "checks/webhook_call.hpp"

namespace meshcert::checks {
namespace {

constexpr std::string_view kRoots = "istio-ca-root-cert";
constexpr std::string_view kSystem = "istio-system";
constexpr std::string_view kTrustBundle = "istio.io:istiod-ca:root-cert";

using Set = std::set<std::string_view>;

/// Holder is one object with the roots of a mesh.
struct Holder {
  const Artifact* bundle;
  Set ders;
};

/// Mesh is what one control plane, or several with a root in common, write.
struct Mesh {
  std::set<std::string, std::less<>> spaces;  ///< of its control planes
  std::vector<const Holder*> holders;
};

/// Root is an authority by name and key: renewed with its own key, it is as good as before.
using Root = std::pair<std::string_view, std::string_view>;

Root root_of(const Certificate& certificate) {
  return {as_text(certificate.subject.rdns), as_text(certificate.key.spki)};
}

std::set<Root> roots_in(const Artifact& bundle) {
  std::set<Root> roots;
  for (const Certificate& certificate : bundle.certificates) roots.insert(root_of(certificate));
  return roots;
}

bool share_root(const Artifact& a, const Artifact& b) {
  const std::set<Root> roots = roots_in(a);
  return std::ranges::any_of(b.certificates,
                             [&roots](const Certificate& c) { return roots.contains(root_of(c)); });
}

std::string place_of(const Artifact& bundle) {
  return bundle.resource.empty() ? bundle.source.file : bundle.resource;
}

class MeshRoots {
 public:
  MeshRoots(const Inventory& inventory, FindingSink& sink)
      : inventory_(inventory),
        cluster_(inventory),
        cas_(find_signing_cas(inventory, cluster_)),
        running_(spaces_of_istiods(inventory)),
        sink_(sink) {
    for (const SigningCa& ca : cas_)
      if (!ca.self_made && !ca.in_files) plugged_in_.insert(ca.space);
    for (const std::string& space : cluster_.spaces("ConfigMap", kRoots))
      add(cluster_.part(cluster_.find("ConfigMap", space, kRoots), "root-cert.pem"));
    for (const std::string& space : cluster_.spaces("ClusterTrustBundle", kTrustBundle))
      add(cluster_.part(cluster_.find("ClusterTrustBundle", space, kTrustBundle), "trustBundle"));
  }

  void check() {
    check_namespaces_for_roots(inventory_, cluster_, !holders_.empty(), sink_);
    if (holders_.empty()) return;
    find_meshes();
    for (const Holder& holder : holders_) judged_in(*holder.bundle).holders.push_back(&holder);
    for (const Mesh& mesh : meshes_)
      if (!mesh.holders.empty()) check(mesh);
    for (const SigningCa& ca : cas_) {
      const Artifact* roots = roots_of(ca);
      const Mesh* mesh = roots == nullptr ? nullptr : &judged_in(*roots);
      if (mesh != nullptr && !mesh->holders.empty()) check_ca(ca, *roots, most_common(*mesh));
    }
  }

 private:
  void add(const Artifact* bundle) {
    if (bundle == nullptr || bundle->certificates.empty()) return;
    Holder holder{bundle, {}};
    for (const Certificate& certificate : bundle->certificates) holder.ders.insert(as_text(certificate.der));
    holders_.push_back(std::move(holder));
  }

  // Control planes by their namespaces. What their CA signs with is beside the name, where it is known.
  using Planes = std::map<std::string, std::set<Root>>;
  [[nodiscard]] Planes find_planes() const {
    Planes planes;
    for (const std::string& space : running_) planes[space];
    for (const SigningCa& ca : cas_)
      if (const Artifact* roots = roots_of(ca)) planes[ca.space].merge(roots_in(*roots));
    return planes;
  }

  // Control planes whose own namespaces have no root in common are of meshes of their own (istio.io,
  // "Install Multiple Istio Control Planes in a Single Cluster"). Where an istiod runs, what its CA signs
  // with is of its mesh too, whether it is written to its namespace yet or never is (discoverySelectors).
  void find_meshes() {
    for (const auto& [space, signers] : find_planes()) {
      const Artifact* own = written_to(space);
      std::set<Root> roots = own == nullptr ? std::set<Root>() : roots_in(*own);
      const auto is_written = [&roots](const Root& root) { return roots.contains(root); };
      const bool runs = running_.contains(space);
      if (!runs && !signers.empty() && std::ranges::none_of(signers, is_written)) continue;
      if (runs) roots.insert(signers.begin(), signers.end());
      if (roots.empty()) continue;
      const std::size_t index = mesh_of(roots).value_or(meshes_.size());
      if (index == meshes_.size()) meshes_.emplace_back();
      meshes_[index].spaces.insert(space);
      for (const Root& root : roots) mesh_of_root_.try_emplace(root, index);
    }
    if (meshes_.empty()) meshes_.push_back({{std::string(kSystem)}, {}});
  }

  [[nodiscard]] std::optional<std::size_t> mesh_of(const std::set<Root>& roots) const {
    for (const Root& root : roots)
      if (const auto found = mesh_of_root_.find(root); found != mesh_of_root_.end()) return found->second;
    return std::nullopt;
  }

  // What has no mesh's roots is held against those of the usual one.
  [[nodiscard]] Mesh& judged_in(const Artifact& bundle) {
    if (const auto own = mesh_of(roots_in(bundle))) return meshes_[*own];
    const auto usual =
        std::ranges::find_if(meshes_, [](const Mesh& mesh) { return mesh.spaces.contains(kSystem); });
    return usual == meshes_.end() ? meshes_.front() : *usual;
  }

  void check(const Mesh& mesh) {
    const Holder& usual = most_common(mesh);
    for (const Holder* holder : mesh.holders) {
      report_missing(usual, *holder, *holder);
      report_missing(*holder, usual, *holder);
    }
  }

  // istiod writes the same everywhere, so what most have is what it has; of equals,
  // that beside it.
  [[nodiscard]] static const Holder& most_common(const Mesh& mesh) {
    std::map<Set, std::size_t> counts;
    for (const Holder* holder : mesh.holders) counts[holder->ders] += 2;
    for (const Holder* holder : mesh.holders)
      if (mesh.spaces.contains(holder->bundle->object->namespace_name)) ++counts[holder->ders];
    return **std::ranges::max_element(mesh.holders, {},
                                      [&counts](const Holder* holder) { return counts.at(holder->ders); });
  }

  // It is told of the odd one: what most have is not to be corrected.
  void report_missing(const Holder& from, const Holder& in, const Holder& odd) {
    for (std::size_t i = 0; i < from.bundle->certificates.size(); ++i)
      if (!in.ders.contains(as_text(from.bundle->certificates[i].der)))
        report(*from.bundle, i, *in.bundle, *odd.bundle);
  }

  void report(const Artifact& from, std::size_t index, const Artifact& missing, const Artifact& where,
              std::string fix = "") {
    const Certificate& certificate = from.certificates[index];
    std::vector<Fact> facts{{"subject", title_of(certificate)}, {"sha256", sha256_fingerprint(certificate)},
                            {"only_in", place_of(from)},        {"missing_from", place_of(missing)},
                            {"_domain", std::string()},         {"_elsewhere", std::string()}};
    if (fix.empty()) fix = rewrite_fix(certificate, where);
    if (!fix.empty()) facts.push_back({"_fix", std::move(fix)});
    sink_.report(kBundleDiffers, where.source, place_of(where), std::move(facts));
  }

  // Where one CA is given, what istiod writes is known, and with it which side is out of date.
  [[nodiscard]] std::string rewrite_fix(const Certificate& certificate, const Artifact& odd) const {
    const SigningCa* only = nullptr;
    for (const SigningCa& ca : cas_) {
      if (roots_of(ca) == nullptr) continue;
      if (only != nullptr) return "";
      only = &ca;
    }
    if (only == nullptr || odd.object == nullptr || odd.object->kind != "ConfigMap") return "";
    const bool is_of_ca = roots_in(*roots_of(*only)).contains(root_of(certificate));
    const bool has_it = roots_in(odd).contains(root_of(certificate));
    if (is_of_ca == has_it) return "";
    const std::string space = pasteable(odd.object->namespace_name, "NAMESPACE");
    return place_of(odd) + " is out of date, for " + only->title + (has_it ? " does not hold" : " holds") +
           " that root: have it written again (kubectl delete configmap istio-ca-root-cert -n " + space +
           "), then restart its pods (kubectl rollout restart deployment -n " + space +
           "); if it comes back as it was, another istiod or a tool writes it: kubectl get configmap "
           "istio-ca-root-cert -n " +
           space + " --show-managed-fields -o yaml";
  }

  [[nodiscard]] const Artifact* written_to(std::string_view space) const {
    const Artifact* roots = cluster_.part(cluster_.find("ConfigMap", space, kRoots), "root-cert.pem");
    return roots == nullptr || roots->certificates.empty() ? nullptr : roots;
  }

  // Beside a CA that is plugged in, or where another issues for istiod, the one that it once made is left
  // over; and where one is plugged in elsewhere, unless it is a mesh of its own.
  [[nodiscard]] bool is_left_over(const SigningCa& ca) const {
    if (!ca.self_made || ca.certificate == nullptr) return false;
    const Artifact* own = written_to(ca.space);
    const bool goes_by_it = own != nullptr && share_root(*own, *ca.certificate);
    const Artifact* others = cluster_.part(cluster_.find("Secret", ca.space, "istiod-tls"), "ca.crt");
    if (own != nullptr && others != nullptr && share_root(*own, *others)) return !goes_by_it;
    if (plugged_in_.empty()) return false;
    return plugged_in_.contains(ca.space) || own == nullptr || (!goes_by_it && !running_.contains(ca.space));
  }

  [[nodiscard]] const Artifact* roots_of(const SigningCa& ca) const {
    const Artifact* roots = ca.self_made ? ca.certificate : ca.root;
    return ca.in_files || is_left_over(ca) ? nullptr : roots;
  }

  void check_ca(const SigningCa& ca, const Artifact& roots, const Holder& usual) {
    const std::set<Root> written = roots_in(*usual.bundle);
    const bool may_be_left = ca.self_made && ca.space != kSystem && !running_.contains(ca.space);
    for (std::size_t i = 0; i < roots.certificates.size(); ++i)
      if (!written.contains(root_of(roots.certificates[i])))
        report(roots, i, *usual.bundle, roots, may_be_left ? left_over_fix(ca) : "");
  }

  static std::string left_over_fix(const SigningCa& ca) {
    const std::string space = pasteable(ca.space, "NAMESPACE");
    return "if no istiod runs in namespace " + space +
           " any more, nothing goes by it: kubectl delete secret " +
           pasteable(ca.title.substr(ca.title.rfind('/') + 1), "NAME") + " -n " + space + "; otherwise, " +
           std::string(kBundleDiffers.fix);
  }

  const Inventory& inventory_;
  Cluster cluster_;
  std::vector<SigningCa> cas_;
  std::vector<Holder> holders_;
  std::vector<Mesh> meshes_;
  std::map<Root, std::size_t> mesh_of_root_;
  std::set<std::string> plugged_in_;  ///< namespaces of CAs that are
  std::set<std::string> running_;     ///< namespaces of istiods, by what is not a CA
  FindingSink& sink_;
};

}  // namespace

std::set<std::string> spaces_of_istiods(const Inventory& inventory) {
  std::set<std::string> running;
  for (const auto& object : inventory.objects) {
    if (object->mesh) running.emplace(space_of(*object));
    if (const auto* carrier = object->as<CaBundleCarrier>())
      for (const WebhookEntry& entry : carrier->entries)
        if (WebhookCall{object.get(), &entry}.is_istiod()) running.insert(entry.service_namespace);
  }
  return running;
}

void check_mesh_roots(const Inventory& inventory, FindingSink& sink) {
  if (!inventory.objects.empty()) MeshRoots(inventory, sink).check();
}

}  // namespace meshcert::checks
