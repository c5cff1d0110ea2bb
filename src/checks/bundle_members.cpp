// Of the certificates of a bundle: which of them are authorities, which are there twice, and
// which are out of date while others are not.

#include "checks/bundle_members.hpp"

#include <map>
#include <utility>

#include "checks/validity.hpp"
#include "meshcert/kubernetes.hpp"
#include "x509/titles.hpp"

namespace meshcert::checks {
namespace {

/// Asked says by whom a member is asked to be a CA, and what comes of one that is not.
struct Asked {
  const char* by = nullptr;
  const char* effect = "";
  bool works = false;  ///< it is taken all the same
};

// A file of anchors, or one that the verb `bundle` was given as such.
bool is_loose_bundle(const Artifact& artifact) {
  return artifact.kind == ArtifactKind::trust_bundle && artifact.object == nullptr &&
         artifact.state == SecretState::none && artifact.source.pointer.empty() && artifact.bundle == nullptr;
}

// What gateways and their kin verify peers with, by the name of the key.
bool is_key_of_cas(const Artifact& artifact) {
  return artifact.object != nullptr && artifact.object->as<Credential>() != nullptr &&
         (artifact.name == "ca.crt" || artifact.name == "cacert");
}

Asked asked_of(const Artifact& artifact, std::size_t index) {
  if (artifact.bundle) return {"the x509-svid entry"};
  if (is_loose_bundle(artifact))
    return {"the certificate",
            "; a certificate that it did not sign itself is trusted for itself alone, and this one "
            "is a workload's or a server's"};
  if (artifact.object == nullptr) return {};
  if (artifact.object->kind == "ClusterTrustBundle")
    return {"the member", "; the API server refuses the ClusterTrustBundle"};
  if (index == 0 && artifact.mesh_anchor)
    return {"the anchor in meshConfig.caCertificates",
            "; istiod looks at the first block of each and takes none of them"};
  if (is_key_of_cas(artifact))
    return {"the certificate under a key for CAs",
            "; Envoy trusts it for itself alone, and no longer once it is renewed", true};
  return {};
}

// Of a SPIFFE bundle or a file, roots of the time before basicConstraints are let pass.
bool is_authority(const Artifact& artifact, const Certificate& certificate) {
  const bool may_be_old = artifact.bundle || is_loose_bundle(artifact) || is_key_of_cas(artifact);
  return certificate.is_ca() || (may_be_old && certificate.is_self_issued());
}

// Renewed with its key: BoringSSL takes the first of that name whose key fits, whatever its dates.
bool has_renewed(const Subject& subject, const Policy& policy) {
  return std::ranges::any_of(subject.artifact.certificates, [&](const Certificate& other) {
    return is_valid(other, policy) && other.subject == subject.certificate.subject &&
           as_text(other.key.spki) == as_text(subject.certificate.key.spki);
  });
}

void report_expired(const Subject& subject, const Policy& policy, FindingSink& sink) {
  std::vector<Fact> facts{{"not_after", subject.certificate.not_after},
                          {"at", policy.at},
                          {"expired_seconds", policy.at - subject.certificate.not_after},
                          {"_others",
                           "other members are valid, but whatever still chains to this "
                           "one is refused"}};
  if (!subject.bundle_has_valid) {
    facts.back().value = std::string(
        "no other can stand in for it: Go (istiod), BoringSSL (Envoy) and OpenSSL refuse whatever "
        "chains to it");
    facts.push_back({"_fix",
                     "ask the bundle's producer for the one of today; rotate this CA if it is "
                     "still in use: let every bundle hold its successor before it signs"});
    return sink.report_at(Severity::error, kExpiredMember, subject, std::move(facts));
  }
  if (has_renewed(subject, policy)) {
    facts.back().value = std::string(
        "other members are valid, one of them with its name and key: Go (istiod) and OpenSSL use that one, Envoy may pick the "
        "expired one and refuse what chains to either");
    facts.push_back({"_fix",
                     "remove it from the bundle now; the renewed one verifies all that "
                     "it issued"});
  }
  sink.report(kExpiredMember, subject, std::move(facts));
}

void report_future(const Subject& subject, const Policy& policy, FindingSink& sink) {
  std::vector<Fact> facts{
      {"not_before", subject.certificate.not_before},
      {"at", policy.at},
      {"_others", "other members are valid, and verifiers pass this one over until then"}};
  if (subject.bundle_has_valid) return sink.report(kFutureMember, subject, std::move(facts));
  facts.back().value =
      std::string("no other can stand in for it, and whatever chains to it is refused until then");
  facts.push_back({"_fix", "let the bundle hold its predecessor until then"});
  sink.report_at(Severity::error, kFutureMember, subject, std::move(facts));
}

// Of what no other member stands in for, the family validity tells, which the verb `bundle` does not ask.
bool is_told_here(const Subject& subject, const FindingSink& sink) {
  return subject.bundle_has_valid ||
         (is_bundle(subject.artifact.kind) && sink.is_left_out("validity.expired"));
}

// Nothing in a proxy minds; the API server validates a ClusterTrustBundle.
void report_duplicate(const Subject& subject, std::size_t first, FindingSink& sink) {
  const auto* object = subject.artifact.object.get();
  const bool is_refused = object != nullptr && object->kind == "ClusterTrustBundle";
  sink.report_at(is_refused ? Severity::error : Severity::info, kDuplicateMember, subject,
                 {{"certificate", subject.index},
                  {"first", first},
                  {"_effect", is_refused ? "; the API server refuses the ClusterTrustBundle" : ""},
                  {"_why", is_refused ? "each may stand there once"
                                      : "nothing refuses it, but it is easily taken for a second root"}});
}

}  // namespace

void check_members(const Artifact& artifact, FindingSink& sink) {
  std::map<std::string_view, std::size_t> seen;
  for (std::size_t i = 0; i < artifact.certificates.size(); ++i) {
    const Certificate& certificate = artifact.certificates[i];
    const Subject subject = Subject::of(artifact, i);
    const auto [first, added] = seen.try_emplace(as_text(certificate.der), i);
    if (!added) report_duplicate(subject, first->second, sink);
    if (const Asked asked = asked_of(artifact, i);
        asked.by != nullptr && !is_authority(artifact, certificate)) {
      std::vector<Fact> facts{
          {"subject", title_of(certificate)}, {"_what", asked.by}, {"_effect", asked.effect}};
      if (asked.works)
        facts.push_back({"_fix",
                         "put the certificate of the CA that issued it there: what that issues "
                         "later is trusted, too"});
      asked.works ? sink.report_milder(kNotACa, subject, std::move(facts))
                  : sink.report(kNotACa, subject, std::move(facts));
    }
  }
}

void check_member_dates(const Subject& subject, const Policy& policy, FindingSink& sink) {
  if (is_unused(subject.artifact) || !is_told_here(subject, sink)) return;
  if (is_expired(subject.certificate, policy)) return report_expired(subject, policy, sink);
  if (is_not_yet_valid(subject.certificate, policy)) report_future(subject, policy, sink);
}

}  // namespace meshcert::checks
