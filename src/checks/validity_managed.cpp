#include "checks/validity_managed.hpp"

#include <algorithm>
#include <utility>

#include "base/words.hpp"
#include "checks/cluster.hpp"
#include "checks/credentials.hpp"
#include "checks/managed.hpp"
#include "meshcert/kubernetes.hpp"

namespace meshcert::checks {
namespace {

// An issuer that is asked for something takes a while.
constexpr Seconds kPatience = std::chrono::hours(1);

bool is_late(const ManagedCertificate& managed, const Policy& policy) {
  return managed.renewal_time && policy.at > *managed.renewal_time + kPatience;
}

std::string rule_of(const KubernetesObject& object, const Policy& policy) {
  const auto& managed = *object.as<ManagedCertificate>();
  return std::string("cert-manager ") + (is_late(managed, policy) ? "was" : "is") + " to renew it at " +
         to_rfc3339(*managed.renewal_time) + ", by " + object.title();
}

// Else the status is of another certificate than the Secret's: input.metadata-disagrees.
bool is_about(const ManagedCertificate& managed, const Subject& subject) {
  return !managed.not_after || *managed.not_after == subject.certificate.not_after;
}

// While it is being issued, the conditions tell of what was before.
std::string trouble_of(const ManagedCertificate& managed, const Policy& policy) {
  if (!managed.issuing_since) return managed.trouble;
  if (policy.at <= *managed.issuing_since + kPatience) return "";
  return "an issuance has been under way since " + to_rfc3339(*managed.issuing_since) +
         (managed.trouble.empty() ? "" : ", and " + managed.trouble);
}

}  // namespace

bool is_renewal_missed(const Subject& subject, const Policy& policy) {
  const auto* managed = subject.keeper == nullptr ? nullptr : subject.keeper->as<ManagedCertificate>();
  return managed != nullptr && is_late(*managed, policy) && is_about(*managed, subject);
}

std::string rule_of_keeper(const Subject& subject, const Policy& policy) {
  const auto* managed = subject.keeper == nullptr ? nullptr : subject.keeper->as<ManagedCertificate>();
  if (managed == nullptr || !managed->renewal_time || !is_about(*managed, subject)) return "";
  return rule_of(*subject.keeper, policy);
}

std::string how_to_ask_keeper(const KubernetesObject& certificate, const Policy& policy) {
  const std::string name = pasteable(certificate.name, "NAME");
  const std::string space = pasteable(space_of(certificate), "NAMESPACE");
  const auto& renewal = certificate.as<ManagedCertificate>()->renewal_time;
  if (renewal && policy.at < *renewal)
    return "wait for that, or have it renewed now: cmctl renew " + name + " -n " + space +
           "; if it is too late for you, write an earlier spec.renewBefore into the Certificate";
  return "ask cert-manager why it is not renewed: cmctl status certificate " + name + " -n " + space +
         "; kubectl describe certificaterequests,orders,challenges -n " + space;
}

std::vector<StatedTerm> terms_of_keepers(const Inventory& inventory, const Policy& policy) {
  std::vector<StatedTerm> terms;
  if (!has_certificates(inventory)) return terms;
  const Cluster cluster(inventory);
  for (const auto& object : inventory.objects) {
    const auto* managed = object->as<ManagedCertificate>();
    if (managed == nullptr || !managed->not_after) continue;
    const Artifact* kept =
        cluster.part(cluster.find("Secret", space_of(*object), managed->secret_name), "tls.crt");
    if (kept != nullptr && !kept->certificates.empty()) continue;
    terms.push_back({object->source, object->title(), managed->not_before, managed->not_after, managed->is_ca,
                     "by the status of " + object->title() + ", the certificate that it keeps",
                     how_to_ask_keeper(*object, policy),
                     managed->renewal_time ? rule_of(*object, policy) : "", is_late(*managed, policy)});
  }
  return terms;
}

void check_issuance(const Inventory& inventory, const Policy& policy, FindingSink& sink) {
  for (const auto& object : inventory.objects) {
    const auto* managed = object->as<ManagedCertificate>();
    std::string trouble = managed == nullptr ? "" : trouble_of(*managed, policy);
    if (trouble.empty()) continue;
    sink.report(kIssuanceFailed, object->source, object->title(),
                {{"certificate", object->title()},
                 {"found", std::move(trouble)},
                 {"secret", std::string(space_of(*object)) + '/' + managed->secret_name},
                 {"_name", pasteable(object->name, "NAME")},
                 {"_namespace", pasteable(space_of(*object), "NAMESPACE")}});
  }
}

void check_rivals(const Inventory& inventory, FindingSink& sink) {
  for (const Rivals& rivals : find_rivals(inventory)) {
    const auto loser =
        std::ranges::find_if(rivals.certificates, [&](const auto* o) { return o != rivals.keeper; });
    sink.report(
        kSecretShared, (*loser)->source, (*loser)->title(),
        {{"secret", rivals.secret},
         {"certificates",
          base::join_with(rivals.certificates, ", ", [](const auto* o) { return o->title(); })},
         {"_kept",
          rivals.keeper == nullptr ? "" : "; it holds what was issued for " + rivals.keeper->title()}});
  }
}

}  // namespace meshcert::checks
