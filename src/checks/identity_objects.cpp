#include "checks/identity_objects.hpp"

#include "checks/credentials.hpp"
#include "checks/trusted_roots.hpp"
#include "meshcert/kubernetes.hpp"
#include "meshcert/spiffe_id.hpp"

namespace meshcert::checks {
namespace {

// MeshConfig says what the trust domain is, where nobody else does: of several, each.
IdentityExpectation expected_of_mesh(const Inventory& inventory) {
  IdentityExpectation expected;
  for (const auto& object : inventory.objects) {
    if (!object->mesh || object->mesh->trust_domain.empty()) continue;
    const MeshConfig& mesh = *object->mesh;
    if (expected.trust_domain && *expected.trust_domain != mesh.trust_domain)
      expected.trust_domain_aliases.push_back(mesh.trust_domain);
    else
      expected.trust_domain = mesh.trust_domain;
    expected.trust_domain_aliases.insert(expected.trust_domain_aliases.end(),
                                         mesh.trust_domain_aliases.begin(), mesh.trust_domain_aliases.end());
  }
  return expected;
}

// A Secret may hold what peers of another mesh are shown; Citadel's are a workload's own.
bool is_of_this_mesh(const Artifact& artifact) {
  if (artifact.kind != ArtifactKind::workload_chain || artifact.certificates.empty()) return false;
  const auto* credential = artifact.object == nullptr ? nullptr : artifact.object->as<Credential>();
  return artifact.object == nullptr || (credential != nullptr && credential->type == "istio.io/key-and-cert");
}

void check_names(const KubernetesObject& object, const MeshConfig& mesh, FindingSink& sink) {
  const auto check = [&](std::string field, const std::string& name) {
    if (is_mesh_trust_domain(name)) return;
    sink.report(kIdentityInvalidTrustDomain, object.source, object.title(),
                {{"field", std::move(field)},
                 {"found", '"' + name + '"'},
                 {"_spiffe", std::string(TrustDomain::parse(name) ? " (SPIFFE allows it)" : "")},
                 {"_space", pasteable(space_of(object), "istio-system")},
                 {"_name", pasteable(object.name, "istio")}});
  };
  if (!mesh.trust_domain.empty()) check("trustDomain", mesh.trust_domain);
  for (const std::string& alias : mesh.trust_domain_aliases) check("an entry of trustDomainAliases", alias);
}

}  // namespace

void check_name_of_secret(const Bearer& bearer, std::string_view uri, FindingSink& sink) {
  constexpr std::string_view kPrefix = "istio.";
  const KubernetesObject* object = bearer.artifact.object.get();
  const auto* credential = object == nullptr ? nullptr : object->as<Credential>();
  if (credential == nullptr || credential->type != "istio.io/key-and-cert" ||
      !object->name.starts_with(kPrefix))
    return;
  const auto identity = IstioIdentity::parse(uri);
  if (!identity) return;
  const std::string_view noted = object->annotation("istio.io/service-account.name");
  const std::string account(noted.empty() ? std::string_view(object->name).substr(kPrefix.size()) : noted);
  const auto compare = [&](const FindingSpec& spec, std::string_view found, std::string_view expected) {
    if (found == expected) return;
    bearer.report(
        spec,
        {{"id", shown_id(uri)},
         {"found", found},
         {"expected", expected},
         {"_is", is_words(found)},
         {"_fix",
          "see who wrote " + object->title() +
              ": Citadel, which named such Secrets after the account they are for, is gone since Istio "
              "1.6, and nothing of istiod reads them; delete it if no pod mounts it"}},
        sink);
  };
  compare(kIdentityNamespaceMismatch, identity->namespace_name,
          object->namespace_name.empty() ? std::string_view("default")
                                         : std::string_view(object->namespace_name));
  compare(kIdentityServiceAccountMismatch, identity->service_account, account);
}

void check_mesh(const Inventory& inventory, const Policy& policy, FindingSink& sink) {
  for (const auto& object : inventory.objects)
    if (object->mesh) check_names(*object, *object->mesh, sink);
  if (policy.identity.any() || policy.expectations != nullptr) return;
  const IdentityExpectation expected = expected_of_mesh(inventory);
  if (!expected.any()) return;
  for (const Artifact& artifact : inventory.artifacts) {
    if (!is_of_this_mesh(artifact)) continue;
    const Certificate& leaf = artifact.certificates[artifact.leaf];
    const auto& san = leaf.extensions.subject_alt_name;
    if (!san || san->uri_count != 1 || spiffe_trust_domain(san->first_uri).empty()) continue;
    const Subject subject{artifact, leaf, artifact.leaf, Role::leaf};
    check_trust_domain({artifact, &subject}, san->first_uri, expected, sink);
  }
}

}  // namespace meshcert::checks
