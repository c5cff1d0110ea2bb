// OCSP staples in Secrets: tls.ocsp-staple beside tls.crt (istio
// pilot/pkg/credentials/kube/secrets.go; envoy source/common/tls/ocsp/ocsp.cc).
#include <algorithm>

#include "checks/cluster.hpp"
#include "checks/revocation.hpp"
#include "checks/trusted_roots.hpp"

namespace meshcert::checks {
namespace {

bool has_pair(const Credential& credential) {
  const auto is_given = [&credential](std::string_view name) {
    const Credential::Key* key = credential.find(name);
    return key != nullptr && !key->empty;
  };
  return is_given("cert") && is_given("key");
}

void check_staple(const KubernetesObject& object, const Credential& credential, const Certificate& leaf,
                  const Policy& policy, FindingSink& sink) {
  const OcspAnswer& answer = *credential.staple;
  const auto report = [&](const FindingSpec& spec, std::vector<Fact> facts) {
    facts.push_back({"subject", title_of(leaf)});
    facts.push_back({"serial", serial_hex(leaf)});
    sink.report(spec, credential.staple_where, object.title(), std::move(facts));
  };
  if (!std::ranges::equal(answer.serial, leaf.serial))
    return report(kStapleOfAnother, {{"found", serial_hex(answer.serial)}});
  if (answer.status == OcspAnswer::Status::revoked) report(kStapleRevoked, {{"at", policy.at}});
  if (answer.next_update && *answer.next_update + policy.skew < policy.at)
    report(kStapleExpired,
           {{"this_update", answer.this_update}, {"next_update", *answer.next_update}, {"at", policy.at}});
}

}  // namespace

void check_staples(const Inventory& inventory, const Policy& policy, FindingSink& sink) {
  const Cluster cluster(inventory);
  for (const auto& object : inventory.objects) {
    const auto* credential = object->as<Credential>();
    // With Istio's own keys in the Secret, istiod takes no staple.
    if (credential == nullptr || !credential->staple || has_pair(*credential)) continue;
    const Artifact* chain = cluster.part(object.get(), "tls.crt");
    if (chain != nullptr && !chain->certificates.empty())
      check_staple(*object, *credential, chain->certificates[chain->leaf], policy, sink);
  }
}

}  // namespace meshcert::checks
