// Which object a name of Envoy's stands for: istio pilot/pkg/model/credentials/resource.go,
// pilot/pkg/credentials/kube/secrets.go.
#include "checks/stale_secrets.hpp"

#include <algorithm>
#include <array>
#include <optional>

#include "checks/cluster.hpp"
#include "checks/trusted_roots.hpp"
#include "meshcert/spiffe_id.hpp"

namespace meshcert::checks {
namespace {

/// Wanted is an object by name; `space` is "" where only the proxy's own counts.
struct Wanted {
  std::string_view kind, space, name;
};

std::optional<Wanted> wanted_of(std::string_view resource) {
  struct Scheme {
    std::string_view prefix, kind;
  };
  static constexpr std::array kSchemes = {Scheme{"kubernetes-gateway://", "Secret"},
                                          Scheme{"kubernetes://", "Secret"},
                                          Scheme{"configmap://", "ConfigMap"}};
  for (const Scheme& scheme : kSchemes) {
    if (!resource.starts_with(scheme.prefix)) continue;
    const std::string_view rest = resource.substr(scheme.prefix.size());
    const std::size_t slash = rest.find('/');
    if (slash == std::string_view::npos) return Wanted{scheme.kind, "", rest};
    return Wanted{scheme.kind, rest.substr(0, slash), rest.substr(slash + 1)};
  }
  if (resource == "ROOTCA") return Wanted{"ConfigMap", "", "istio-ca-root-cert"};
  return std::nullopt;
}

bool is_held(const Artifact& artifact) {
  const bool in_use = artifact.state == SecretState::active || artifact.state == SecretState::static_secret;
  return in_use && artifact.object == nullptr && !artifact.certificates.empty();
}

std::string words_of(const Certificate& certificate) {
  return title_of(certificate) + ", serial " + serial_hex(certificate) + ", valid from " +
         to_rfc3339(certificate.not_before) + " to " + to_rfc3339(certificate.not_after);
}

class StaleJudge {
 public:
  StaleJudge(const Inventory& inventory, const Policy& policy, FindingSink& sink)
      : inventory_(inventory), cluster_(inventory), policy_(policy), sink_(sink) {}

  void check(const Artifact& held) {
    const auto wanted = wanted_of(held.name);
    if (!wanted) return;
    if (!is_bundle(held.kind)) return check_pair(held, find(held, *wanted));
    const Artifact* bundle = bundle_of(held, *wanted);
    if (bundle != nullptr) check_bundle(held, *bundle);
  }

 private:
  // A dump of istioctl's names no proxy, but the identity that it holds has its namespace.
  [[nodiscard]] std::string space_of_identity(const Artifact& held) const {
    for (const Artifact& artifact : inventory_.artifacts) {
      if (artifact.name != "default" || !is_held(artifact) || artifact.source.file != held.source.file ||
          artifact.document != held.document)
        continue;
      const auto uris = uri_names(artifact.certificates[artifact.leaf]);
      const auto identity = uris.size() == 1 ? IstioIdentity::parse(uris.front()) : std::nullopt;
      return identity ? std::string(identity->namespace_name) : "";
    }
    return "";
  }

  // Without a namespace it is the proxy's; where that is not known, the one there is.
  [[nodiscard]] const KubernetesObject* find(const Artifact& held, const Wanted& wanted) const {
    std::string space(wanted.space);
    if (const std::size_t dot = held.workload.rfind('.'); space.empty() && dot != std::string::npos)
      space = held.workload.substr(dot + 1);
    if (!space.empty()) return cluster_.find(wanted.kind, space, wanted.name);
    const auto* own = cluster_.find(wanted.kind, space_of_identity(held), wanted.name);
    if (own != nullptr) return own;
    const auto spaces = cluster_.spaces(wanted.kind, wanted.name);
    return spaces.size() == 1 ? cluster_.find(wanted.kind, spaces.front(), wanted.name) : nullptr;
  }

  [[nodiscard]] const Artifact* first_part(const KubernetesObject* object,
                                           std::initializer_list<std::string_view> names) const {
    for (const std::string_view name : names) {
      const Artifact* part = cluster_.part(object, name);
      if (part != nullptr && !part->certificates.empty()) return part;
    }
    return nullptr;
  }

  // The Secret X-cacert comes before the CA of X itself.
  [[nodiscard]] const Artifact* bundle_of(const Artifact& held, Wanted wanted) const {
    constexpr std::string_view kSuffix = "-cacert";
    const KubernetesObject* object = find(held, wanted);
    if (object == nullptr && wanted.name.ends_with(kSuffix)) {
      wanted.name.remove_suffix(kSuffix.size());
      object = find(held, wanted);
    }
    if (held.name == "ROOTCA") return first_part(object, {"root-cert.pem"});
    return first_part(object, {"cacert", "ca.crt"});
  }

  void check_pair(const Artifact& held, const KubernetesObject* object) {
    const Artifact* pair = first_part(object, {"cert", "tls.crt"});
    if (pair == nullptr) return;
    const Certificate& here = held.certificates[held.leaf];
    const Certificate& there = pair->certificates[pair->leaf];
    if (as_text(here.der) == as_text(there.der)) return;
    const bool older = here.not_before < there.not_before;
    report(held, *object, words_of(here), words_of(there),
           older ? "; the proxy's is the older one" : "; the object's is the older one");
  }

  // More than the object holds is no fault: istiod adds roots of other places.
  void check_bundle(const Artifact& held, const Artifact& bundle) {
    std::string missing;
    for (const Certificate& root : bundle.certificates) {
      // Renewed with its own key, a root is as good as before.
      const auto is_same = [&root](const Certificate& other) {
        return other.subject == root.subject && std::ranges::equal(other.key.spki, root.key.spki);
      };
      if (std::ranges::any_of(held.certificates, is_same)) continue;
      missing += (missing.empty() ? "" : "; ") + title_of(root) + key_words(key_id_of(root));
    }
    if (!missing.empty())
      report(held, *bundle.object, contents_of(held, policy_), contents_of(bundle, policy_),
             "; it lacks " + missing);
  }

  void report(const Artifact& held, const KubernetesObject& object, std::string found, std::string required,
              std::string how) {
    sink_.report(kStale, held,
                 {{"secret", held.name},
                  {"object", object.title()},
                  {"found", std::move(found)},
                  {"required", std::move(required)},
                  {"_how", std::move(how)}});
  }

  const Inventory& inventory_;
  Cluster cluster_;
  const Policy& policy_;
  FindingSink& sink_;
};

}  // namespace

void check_stale_secrets(const Inventory& inventory, const Policy& policy, FindingSink& sink) {
  if (inventory.objects.empty() || std::ranges::none_of(inventory.artifacts, is_held)) return;
  StaleJudge judge(inventory, policy, sink);
  for (const Artifact& artifact : inventory.artifacts)
    if (is_held(artifact)) judge.check(artifact);
}

}  // namespace meshcert::checks
