#include "checks/identity_judge.hpp"

#include <algorithm>

#include "checks/cluster.hpp"
#include "checks/signing_ca.hpp"
#include "checks/trusted_roots.hpp"
#include "meshcert/jwt.hpp"
#include "meshcert/kubernetes.hpp"
#include "meshcert/spiffe_id.hpp"
#include "meshcert/xfcc.hpp"

namespace meshcert::checks {
namespace {

bool has_workload_kind(const Artifact& artifact) {
  return artifact.kind == ArtifactKind::workload_chain;
}

std::string shown(std::string_view part) {
  return part.empty() ? "(none)" : std::string(part);
}

// Bearer is whoever an identity is claimed of: a certificate, or an artifact that states
// one without (the nearest hop of a header).
struct Bearer {
  const Artifact& artifact;
  const Subject* subject = nullptr;

  void report(const FindingSpec& spec, std::vector<Fact> facts, FindingSink& sink) const {
    if (subject != nullptr) return sink.report(spec, *subject, std::move(facts));
    const bool has_fix = std::ranges::find(facts, "_fix", &Fact::name) != facts.end();
    if (is_caller() && !has_fix) facts.push_back({"_fix", kCallerFix});
    sink.report(spec, artifact, std::move(facts));
  }

  /// none_in says where no identity, or no single one, was found.
  [[nodiscard]] std::string none_in() const {
    if (artifact.jwt != nullptr) return token_words(*artifact.jwt);
    if (subject == nullptr) return is_caller() ? "a call without a URI" : "a list without a URI";
    const auto& san = subject->certificate.extensions.subject_alt_name;
    return "a certificate with " + std::to_string(san ? san->uri_count : 0) + " URI SANs";
  }

 private:
  [[nodiscard]] bool is_caller() const { return artifact.xfcc != nullptr || artifact.jwt != nullptr; }

  static std::string token_words(const Jwt& jwt) {
    return jwt.subject ? "a token with the sub \"" + *jwt.subject + '"' : "a token without sub";
  }

  static constexpr std::string_view kCallerFix =
      "another workload called than was expected: look at the spec.serviceAccountName of the one that should have, "
      "or correct the expectation";
};

std::string is_words(std::string_view found) {
  return "is \"" + std::string(found) + '"';
}

void check_trust_domain(const Bearer& bearer, std::string_view uri, const IdentityExpectation& expected,
                        FindingSink& sink) {
  const std::string_view found = spiffe_trust_domain(uri);
  if (!expected.trust_domain || found == *expected.trust_domain) return;
  std::vector<Fact> facts{{"found", found}, {"expected", *expected.trust_domain}, {"_is", is_words(found)}};
  if (std::ranges::find(expected.trust_domain_aliases, found) != expected.trust_domain_aliases.end())
    return bearer.report(kIdentityAliasUsed, std::move(facts), sink);
  std::string aliases;
  for (const std::string& alias : expected.trust_domain_aliases)
    aliases += (aliases.empty() ? " or " : ", ") + alias;
  facts.push_back({"_aliases", std::move(aliases)});
  bearer.report(kIdentityTrustDomainMismatch, std::move(facts), sink);
}

void check_part(const FindingSpec& spec, const Bearer& bearer, std::string_view uri, std::string_view found,
                const std::optional<std::string>& expected, FindingSink& sink) {
  if (!expected || found == *expected) return;
  bearer.report(
      spec, {{"id", shown(uri)}, {"found", found}, {"expected", *expected}, {"_is", is_words(found)}}, sink);
}

// One fault, however much was expected: the family svid says which rule it breaks.
void report_no_identity(const Bearer& bearer, const IdentityExpectation& expected, FindingSink& sink) {
  struct Part {
    const FindingSpec& spec;
    const std::optional<std::string>& expected;
  };
  const Part parts[] = {{kIdentityIdMismatch, expected.id},
                        {kIdentityServiceAccountMismatch, expected.service_account},
                        {kIdentityNamespaceMismatch, expected.namespace_name},
                        {kIdentityTrustDomainMismatch, expected.trust_domain}};
  const auto part = std::ranges::find_if(parts, [](const Part& row) { return row.expected.has_value(); });
  if (part == std::end(parts)) return;
  std::vector<Fact> facts{{"id", bearer.none_in()},
                          {"found", std::string()},
                          {"expected", *part->expected},
                          {"_is", "cannot be told"}};
  if (&part->spec == &kIdentityTrustDomainMismatch)
    facts = {{"found", bearer.none_in()},
             {"expected", *part->expected},
             {"_is", "of " + bearer.none_in() + " cannot be told"},
             {"_aliases", std::string()}};
  if (bearer.subject != nullptr)
    facts.push_back({"_fix",
                     "there is no single identity to compare: reissue the certificate with exactly one URI "
                     "SAN, its SPIFFE ID, and compare again"});
  if (bearer.artifact.jwt != nullptr)
    facts.push_back(
        {"_fix",
         "there is no identity to compare: let the issuer write the workload's SPIFFE ID into sub, or "
         "take the token of another issuer"});
  bearer.report(part->spec, std::move(facts), sink);
}

// The same path in a trust domain that is accepted, too.
bool is_under_alias(std::string_view uri, const IdentityExpectation& expected) {
  const auto found = SpiffeId::parse(uri), wanted = SpiffeId::parse(*expected.id);
  const auto& aliases = expected.trust_domain_aliases;
  return found && wanted && found->path() == wanted->path() &&
         std::ranges::find(aliases, found->trust_domain().name()) != aliases.end();
}

void check_id(const Bearer& bearer, std::string_view uri, const IdentityExpectation& expected,
              FindingSink& sink) {
  if (!expected.id || uri == *expected.id) return;
  if (!is_under_alias(uri, expected))
    return check_part(kIdentityIdMismatch, bearer, uri, uri, expected.id, sink);
  if (expected.trust_domain) return;  // it was told above
  bearer.report(kIdentityAliasUsed,
                {{"found", spiffe_trust_domain(uri)}, {"expected", spiffe_trust_domain(*expected.id)}}, sink);
}

void check_uri(const Bearer& bearer, std::string_view uri, const IdentityExpectation& expected,
               FindingSink& sink) {
  if (uri.empty()) return report_no_identity(bearer, expected, sink);
  const IstioIdentity identity = IstioIdentity::parse(uri).value_or(IstioIdentity{});
  check_trust_domain(bearer, uri, expected, sink);
  check_part(kIdentityNamespaceMismatch, bearer, uri, identity.namespace_name, expected.namespace_name, sink);
  check_part(kIdentityServiceAccountMismatch, bearer, uri, identity.service_account, expected.service_account,
             sink);
  check_id(bearer, uri, expected, sink);
}

// A ztunnel holds an identity per service account of its node, a list those of
// anyone: to go by the file's name would compare them with the wrong pod.
void report_nameless(const Subject& subject, std::string_view uri, FindingSink& sink) {
  sink.report(kIdentityUnexpectedWorkload, subject,
              {{"id", shown(uri)},
               {"_why", "the input does not say which pods it belongs to, as a ztunnel's dump does not"},
               {"_fix",
                "compare with the dump of a pod that has a sidecar; of a ztunnel, ask for what all of its "
                "identities share: --trust-domain, --namespace"}});
}

// Aliases are the mesh's, whoever expects.
void check_expectations(const Bearer& bearer, std::string_view uri, const Policy& policy, FindingSink& sink) {
  const Expectations& expectations = *policy.expectations;
  if (expectations.workloads.empty()) return;
  if (bearer.subject != nullptr && !is_subject_to_expectations(bearer.artifact))
    return report_nameless(*bearer.subject, uri, sink);
  const std::string_view workload = workload_name(bearer.artifact);
  const auto entry = expectations.find(workload);
  if (!entry)
    return bearer.report(
        kIdentityUnexpectedWorkload,
        {{"workload", workload}, {"id", shown(uri)}, {"_why", "none matches " + std::string(workload)}},
        sink);
  IdentityExpectation expected = expectations.workloads[*entry].identity;
  expected.trust_domain_aliases = policy.identity.trust_domain_aliases;
  check_uri(bearer, uri, expected, sink);
}

void check_claim(const Bearer& bearer, std::string_view uri, const IdentityExpectation& expected,
                 const Policy& policy, FindingSink& sink) {
  if (expected.any()) check_uri(bearer, uri, expected, sink);
  if (policy.expectations != nullptr) check_expectations(bearer, uri, policy, sink);
}

// A service account has no trust domain of its own: its token is as good in any. It is compared
// as the SPIFFE ID that it will get.
std::string trust_domain_to_compare(const IdentityExpectation& expected) {
  if (expected.id) return std::string(spiffe_trust_domain(*expected.id));
  return expected.trust_domain.value_or("cluster.local");
}

// The leaf that Envoy's /certs names without its octets: what is stated of it can be compared.
std::string_view stated_uri(const Artifact& artifact) {
  if (!has_workload_kind(artifact) || !artifact.certificates.empty()) return {};
  for (const Listed& listed : artifact.listed)
    if (!listed.is_ca && !listed.certificate && listed.uris.size() == 1) return listed.uris.front();
  return {};
}

// Who called: the URI of the header; where it has none, that of the certificate in it, for each of its
// parts can be switched off.
std::string_view caller_of(const Artifact& artifact) {
  if (artifact.certificates.empty() || !artifact.xfcc->values(XfccKey::uri).empty())
    return artifact.xfcc->caller();
  const auto uris = uri_names(artifact.certificates.front());
  return uris.size() == 1 ? uris.front() : std::string_view();
}

// Citadel (Istio up to 1.5) named the Secret of each service account after it: `istio.ACCOUNT`
// (istio@1.5.0 security/pkg/k8s/controller/workloadsecret.go).
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
        {{"id", shown(uri)},
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
  if (!has_workload_kind(artifact) || artifact.certificates.empty()) return false;
  const auto* credential = artifact.object == nullptr ? nullptr : artifact.object->as<Credential>();
  return artifact.object == nullptr || (credential != nullptr && credential->type == "istio.io/key-and-cert");
}

void check_mesh(const Inventory& inventory, const Policy& policy, FindingSink& sink) {
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

// A trust domain that is given for the sake of the root, or of a CA that issues in it, expects no workload.
bool is_of_no_workload(const Inventory& inventory, const Policy& policy, const FindingSink& sink) {
  return policy.root.any() || (sink.wants("cacerts.name-not-permitted") &&
                               !find_signing_cas(inventory, Cluster(inventory)).empty());
}

bool expects_workload(const Inventory& inventory, const Policy& policy, const FindingSink& sink) {
  const IdentityExpectation& expected = policy.identity;
  if (policy.expectations != nullptr && !policy.expectations->workloads.empty()) return true;
  if (expected.namespace_name || expected.service_account || expected.id) return true;
  return expected.trust_domain && !is_of_no_workload(inventory, policy, sink);
}

// A request without the header names nobody, whatever others beside it name.
bool report_absent_callers(const Inventory& inventory, FindingSink& sink) {
  bool any = false;
  for (const Artifact& artifact : inventory.artifacts) {
    if (artifact.xfcc == nullptr || !artifact.xfcc->is_absent()) continue;
    any = true;
    sink.report(kIdentityNoWorkload, artifact,
                {{"_found", "this request names no caller: it came without X-Forwarded-Client-Cert"},
                 {"_fix",
                  "is the caller in the mesh, and mutual TLS on? istioctl x describe pod POD; "
                  "meshcert explain xfcc.no-header"}});
  }
  return any;
}

}  // namespace

bool states_identity(const Artifact& artifact) {
  return artifact.jwt != nullptr || (artifact.xfcc != nullptr && artifact.xfcc->is_nearest());
}

void check_identity(const Subject& subject, const Policy& policy, FindingSink& sink) {
  if (!has_workload_kind(subject.artifact) || subject.role != Role::leaf) return;
  const auto& san = subject.certificate.extensions.subject_alt_name;
  const std::uint32_t uris = san ? san->uri_count : 0;
  // With no URI, or several, there is no identity to compare: nothing matches.
  const std::string_view uri = uris == 1 ? san->first_uri : std::string_view{};
  check_claim({subject.artifact, &subject}, uri, policy.identity, policy, sink);
  if (!policy.identity.any()) check_name_of_secret({subject.artifact, &subject}, uri, sink);
}

void check_stated_identity(const Artifact& artifact, const Policy& policy, FindingSink& sink) {
  if (const std::string_view uri = stated_uri(artifact); !uri.empty() && policy.identity.any())
    check_uri({artifact}, uri, policy.identity, sink);
  if (!states_identity(artifact)) return;
  if (artifact.xfcc != nullptr)
    return check_claim({artifact}, caller_of(artifact), policy.identity, policy, sink);
  const std::string subject = artifact.jwt->subject.value_or("");
  const auto account = service_account_of(subject);
  if (!account)
    return check_claim({artifact}, artifact.jwt->is_svid() ? subject : "", policy.identity, policy, sink);
  if (policy.identity.trust_domain)
    sink.report(kIdentityNotCompared, artifact, {{"expected", *policy.identity.trust_domain}});
  IdentityExpectation of_account = policy.identity;
  of_account.trust_domain.reset();
  check_claim({artifact},
              "spiffe://" + trust_domain_to_compare(policy.identity) + "/ns/" +
                  std::string(account->namespace_name) + "/sa/" + std::string(account->name),
              of_account, policy, sink);
}

// Expectations that met no workload were not fulfilled: silence would read as
// "all is well".
void check_expected_workloads(const Inventory& inventory, const Policy& policy, FindingSink& sink) {
  check_mesh(inventory, policy, sink);
  if (!expects_workload(inventory, policy, sink)) return;
  const auto judged = [&](const Artifact& a) {
    return (has_workload_kind(a) && !a.certificates.empty()) || states_identity(a) ||
           (policy.identity.any() && !stated_uri(a).empty());
  };
  if (report_absent_callers(inventory, sink) || std::ranges::any_of(inventory.artifacts, judged)) return;
  const auto waiting = std::ranges::find_if(inventory.artifacts, has_workload_kind);
  const bool seen = waiting != inventory.artifacts.end();
  const bool listed = seen && !waiting->listed.empty();
  sink.report(kIdentityNoWorkload, seen ? waiting->source : first_input(inventory), seen ? waiting->name : "",
              {{"_found", "no input holds a workload's certificate" +
                              std::string(listed ? ": it is only listed, without PEM"
                                          : seen ? ": the proxy has not received it"
                                                 : "")}});
}

}  // namespace meshcert::checks
