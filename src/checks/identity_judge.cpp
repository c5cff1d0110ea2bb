#include "checks/identity_judge.hpp"

#include <algorithm>

#include "checks/cluster.hpp"
#include "checks/identity_objects.hpp"
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

// A ztunnel holds an identity per service account of its node, a list those of
// anyone: to go by the file's name would compare them with the wrong pod.
void report_nameless(const Subject& subject, std::string_view uri, FindingSink& sink) {
  sink.report(kIdentityUnexpectedWorkload, subject,
              {{"id", shown_id(uri)},
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
        {{"workload", workload}, {"id", shown_id(uri)}, {"_why", "none matches " + std::string(workload)}},
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
