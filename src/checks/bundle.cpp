// Family bundle: sets of trust anchors, as PEM, in dumps and as SPIFFE bundles.

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <utility>

#include "checks/bundle_difference.hpp"
#include "checks/check.hpp"
#include "checks/mesh_roots.hpp"
#include "checks/validity.hpp"
#include "meshcert/kubernetes.hpp"
#include "meshcert/spiffe_bundle.hpp"
#include "x509/titles.hpp"

namespace meshcert::checks {
namespace {

using enum Severity;

constexpr FindingSpec kExpiredMember{
    "bundle.expired-member",
    warning,
    warning,
    "a member of the bundle expired {expired_seconds} ago: notAfter {not_after}, judged at {at}; other "
    "members are valid, {_twin}",
    "remove it from the bundle once no certificate chains to it any more; if some still do, reissue "
    "them first",
    "RFC 5280 6.1.3 (a)(2); envoyproxy/envoy#38302"};

constexpr FindingSpec kFutureMember{
    "bundle.future-member",
    info,
    info,
    "a member of the bundle is not valid before {not_before}, judged at {at}; other members are valid, and "
    "verifiers pass this one over until then",
    "nothing to do if it is the successor, put there ahead of time; let nothing be issued under it before",
    "RFC 5280 6.1.3 (a)(2)"};

constexpr FindingSpec kEmpty{
    "bundle.empty",
    error,
    error,
    "the bundle holds no authority: {detail}; every SVID of its trust domain is to be taken for invalid",
    "ask its producer for the bundle with its keys (spire-server bundle show -format spiffe); beware: an empty bundle makes every SVID of the trust domain invalid",
    "SPIFFE Trust Domain and Bundle 4.1.3; envoy spiffe_validator.cc (No keys found in SPIFFE bundle)"};
constexpr FindingSpec kNoX509{
    "bundle.no-x509-authority",
    info,
    info,
    "the bundle holds {keys} and no x509-svid entry: its trust domain has no X.509 SVIDs, and istiod takes no "
    "such document (does not provide a X509 SVID)",
    "nothing to do where only JWT-SVIDs are verified with it",
    "X509-SVID 6.2; istio pkg/spiffe/spiffe.go"};
constexpr FindingSpec kNotACa{
    "bundle.not-a-ca",
    error,
    error,
    "{_what} of {subject} is no CA certificate: an authority must say CA:TRUE{_effect}",
    "put the certificate of the CA that issues the SVIDs there, not an SVID",
    "X509-SVID 4.1, 6.1; istio pilot/pkg/trustbundle/trustbundle.go; Kubernetes certificates.k8s.io ClusterTrustBundle"};
constexpr FindingSpec kDuplicate{"bundle.duplicate",
                                 info,
                                 info,
                                 "certificate {certificate} of the bundle is a copy of certificate {first}",
                                 "leave it out; nothing refuses it, but it is easily taken for a second root",
                                 "Kubernetes ClusterTrustBundle (no duplicates)"};
constexpr FindingSpec kNoKeys{
    "bundle.no-keys",
    error,
    error,
    "this is not a SPIFFE bundle: {detail}, but it must have an array `keys`",
    "fetch the bundle again from its endpoint (spire-server bundle show -format spiffe)",
    "SPIFFE Trust Domain and Bundle 4.1.3"};
constexpr FindingSpec kBadMetadata{
    "bundle.bad-metadata",
    error,
    error,
    "the bundle's own data is wrong: {detail}; go-spiffe refuses the document",
    "write whole numbers without quotes, and trust domains as SPIFFE-ID 2.1 has them",
    "SPIFFE Trust Domain and Bundle 4.1.1, 4.1.2, 5.1.1"};
constexpr FindingSpec kBadJwk{
    "bundle.bad-jwk",
    error,
    error,
    "an entry of the bundle is not usable: {detail}; go-spiffe and istiod refuse the whole document",
    "export the bundle anew from its producer; of a certificate: meshcert bundle --to jwks root.pem",
    "SPIFFE Trust Domain and Bundle 4.2.1; X509-SVID 6.1; JWT-SVID 6.1; RFC 7517 4; RFC 7518 6"};
constexpr FindingSpec kNoUse{
    "bundle.no-use",
    warning,
    error,
    "{detail}; every entry must have one of x509-svid, jwt-svid, wit-svid, and consumers ignore this one",
    "write use as x509-svid for a certificate, as jwt-svid for a key that signs tokens",
    "SPIFFE Trust Domain and Bundle 4.2.2"};
constexpr FindingSpec kWrongUse{
    "bundle.wrong-use",
    warning,
    warning,
    "{detail}, which nobody knows: x509-svid, jwt-svid and wit-svid are written in small letters with a hyphen, and "
    "consumers ignore this entry",
    "correct the spelling",
    "SPIFFE Trust Domain and Bundle 4.2.2"};
constexpr FindingSpec kUnknownType{
    "bundle.unknown-key-type",
    info,
    info,
    "{detail}, which is none of RSA, EC and OKP: consumers ignore this entry",
    "nothing to do if other entries serve; else publish the key in a type that consumers know",
    "SPIFFE Trust Domain and Bundle 4.2.1"};
constexpr FindingSpec kUnexpectedKid{"bundle.unexpected-kid",
                                     warning,
                                     error,
                                     "{detail}, which must have none",
                                     "leave kid out: certificates are found by their names and keys",
                                     "X509-SVID 6.1"};
constexpr FindingSpec kExtraX5c{
    "bundle.extra-x5c",
    warning,
    error,
    "{detail}, and must hold one: SPIFFE reads the first, Envoy loads all, go-spiffe and istiod refuse the whole "
    "document (expected 1 certificate in x509-svid entry)",
    "give each certificate an entry of its own",
    "X509-SVID 6.1, 6.2; istio pkg/spiffe/spiffe.go"};
constexpr FindingSpec kKeyDisagrees{
    "bundle.key-disagrees",
    error,
    error,
    "{detail}: they must be the same key, and go-spiffe and istiod refuse the whole document",
    "take the numbers from the certificate: meshcert bundle --to jwks root.pem",
    "RFC 7517 4.7"};
constexpr FindingSpec kIncompleteJwk{
    "bundle.incomplete-jwk",
    warning,
    warning,
    "{detail}: SPIFFE reads x5c alone, but a JWK must have the numbers of its key, and go-spiffe and istiod may "
    "refuse the whole document",
    "take the numbers from the certificate: meshcert bundle --to jwks root.pem",
    "RFC 7518 6.2.1, 6.3.1"};
constexpr FindingSpec kDuplicateKid{"bundle.duplicate-kid",
                                    warning,
                                    warning,
                                    "{detail}: a verifier finds only one of two keys with the same kid",
                                    "give each key a kid of its own",
                                    "RFC 7517 4.5"};
constexpr FindingSpec kDuplicateTrustDomain{
    "bundle.duplicate-trust-domain",
    error,
    error,
    "the trust domain {trust_domain} has two bundles: each must have one; {_who}",
    "put the anchors of both into one bundle, if both are trusted",
    "SPIFFE Trust Domain and Bundle 5.1.1; envoy spiffe_validator.cc"};
constexpr FindingSpec kRefusedByEnvoy{
    "bundle.refused-by-envoy",
    warning,
    warning,
    "{count} of {entries} entries of this bundle are not of use x509-svid: Envoy's SPIFFE validator takes no map "
    "(trust_bundles) with such a bundle in it",
    "give Envoy a map with the x509-svid entries alone; other consumers take this one as it is",
    "envoy spiffe_validator.cc (missing or invalid 'use' field)"};
}  // namespace

extern constexpr FindingSpec kBundleMetadata{
    "bundle.metadata",
    info,
    info,
    "{detail}; {_effect}",
    "nothing to do where the file is given by hand; an endpoint should publish both",
    "SPIFFE Trust Domain and Bundle 4.1.1, 4.1.2, 5.1.1"};
extern constexpr FindingSpec kBundleDiffers{
    "bundle.differs",
    error,
    error,
    "{subject} (SHA-256 {sha256}) is only in {only_in}{_domain}, not in {missing_from}{_elsewhere}",
    "if a root is being rotated, both must hold the old and the new one until every certificate is reissued; else "
    "find out which of the two is out of date",
    "istio istioctl proxy-config rootca-compare; istio pilot/pkg/serviceregistry/kube/controller/namespacecontroller.go"};
extern constexpr FindingSpec kBundleMissing{
    "bundle.missing",
    warning,
    warning,
    "namespace {space} has no ConfigMap istio-ca-root-cert, as istiod writes it into each namespace ({required} has it), and "
    "{found}: such pods wait for the volume and do not start",
    "see why istiod does not write it: kubectl logs -n istio-system deploy/istiod | grep -i namespace; "
    "meshConfig.discoverySelectors may leave the namespace out",
    "istio pilot/pkg/serviceregistry/kube/controller/namespacecontroller.go"};

namespace {

constexpr const FindingSpec* kSpecs[] = {&kExpiredMember,
                                         &kFutureMember,
                                         &kEmpty,
                                         &kNoX509,
                                         &kNotACa,
                                         &kDuplicate,
                                         &kNoKeys,
                                         &kBadMetadata,
                                         &kBundleMetadata,
                                         &kBadJwk,
                                         &kNoUse,
                                         &kWrongUse,
                                         &kUnknownType,
                                         &kUnexpectedKid,
                                         &kExtraX5c,
                                         &kKeyDisagrees,
                                         &kIncompleteJwk,
                                         &kDuplicateKid,
                                         &kDuplicateTrustDomain,
                                         &kRefusedByEnvoy,
                                         &kBundleDiffers,
                                         &kBundleMissing};

const FindingSpec& spec_of(BundleFaultKind kind) {
  switch (kind) {
    case BundleFaultKind::no_keys:
      return kNoKeys;
    case BundleFaultKind::bad_metadata:
      return kBadMetadata;
    case BundleFaultKind::metadata:
      return kBundleMetadata;
    case BundleFaultKind::bad_jwk:
      return kBadJwk;
    case BundleFaultKind::no_use:
      return kNoUse;
    case BundleFaultKind::wrong_use:
      return kWrongUse;
    case BundleFaultKind::unknown_type:
      return kUnknownType;
    case BundleFaultKind::unexpected_kid:
      return kUnexpectedKid;
    case BundleFaultKind::extra_x5c:
      return kExtraX5c;
    case BundleFaultKind::key_disagrees:
      return kKeyDisagrees;
    case BundleFaultKind::incomplete_jwk:
      return kIncompleteJwk;
    case BundleFaultKind::duplicate_kid:
      return kDuplicateKid;
  }
  return kBadJwk;
}

void check_faults(const Artifact& artifact, const SpiffeBundle& bundle, FindingSink& sink) {
  for (const BundleFault& fault : bundle.faults)
    sink.report(
        spec_of(fault.kind), fault.where, artifact.name,
        {{"detail", fault.detail},
         {"_effect", std::string("consumers cannot tell the newest bundle, or poll every five minutes")}});
}

bool has(const SpiffeBundle& bundle, BundleFaultKind kind) {
  return std::ranges::any_of(bundle.faults, [kind](const BundleFault& fault) { return fault.kind == kind; });
}

// A bundle by itself is given to other consumers; to Envoy it would come in a map.
void report_refused(const Artifact& artifact, const SpiffeBundle& bundle, FindingSink& sink) {
  std::vector<Fact> facts{{"count", static_cast<std::int64_t>(bundle.not_x509)},
                          {"entries", static_cast<std::int64_t>(bundle.entries)}};
  if (bundle.in_map) return sink.report(kRefusedByEnvoy, artifact, std::move(facts));
  sink.report_milder(kRefusedByEnvoy, artifact.source, artifact.name, std::move(facts));
}

// "Effectively empty" is what is empty to a consumer (4.1.3).
void check_authorities(const Artifact& artifact, const SpiffeBundle& bundle, FindingSink& sink) {
  if (bundle.is_empty_map || has(bundle, BundleFaultKind::no_keys)) return;
  if (bundle.x509_authorities == 0 && bundle.keys.empty()) {
    const std::string detail = bundle.entries == 0
                                   ? "its keys are empty"
                                   : "none of its " + std::to_string(bundle.entries) + " entries is usable";
    return sink.report(kEmpty, artifact, {{"detail", detail}});
  }
  if (bundle.is_spiffe && bundle.x509_authorities == 0 && bundle.entries == bundle.not_x509)
    sink.report(
        kNoX509, artifact,
        {{"keys", std::to_string(bundle.keys.size()) + (bundle.keys.size() == 1 ? " key" : " keys")}});
  if (bundle.is_spiffe && bundle.not_x509 != 0 && (bundle.in_map || bundle.is_asked_about))
    report_refused(artifact, bundle, sink);
}

/// Asked says by whom a member is asked to be a CA, and what comes of one that is not.
struct Asked {
  const char* by = nullptr;
  const char* effect = "";
};

// A file of anchors, or one that the verb `bundle` was given as such.
bool is_loose_bundle(const Artifact& artifact) {
  return artifact.kind == ArtifactKind::trust_bundle && artifact.object == nullptr &&
         artifact.state == SecretState::none && artifact.source.pointer.empty() && artifact.bundle == nullptr;
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
  return {};
}

// Of a SPIFFE bundle or a file, roots of the time before basicConstraints are let pass.
bool is_authority(const Artifact& artifact, const Certificate& certificate) {
  const bool may_be_old = artifact.bundle || is_loose_bundle(artifact);
  return certificate.is_ca() || (may_be_old && certificate.is_self_issued());
}

void check_members(const Artifact& artifact, FindingSink& sink) {
  std::map<std::string_view, std::size_t> seen;
  for (std::size_t i = 0; i < artifact.certificates.size(); ++i) {
    const Certificate& certificate = artifact.certificates[i];
    const Subject subject{artifact, certificate, i, role_of(artifact, i)};
    const auto [first, added] = seen.try_emplace(as_text(certificate.der), i);
    if (!added)
      sink.report(kDuplicate, subject,
                  {{"certificate", static_cast<std::int64_t>(i)},
                   {"first", static_cast<std::int64_t>(first->second)}});
    if (const Asked asked = asked_of(artifact, i);
        asked.by != nullptr && !is_authority(artifact, certificate))
      sink.report(kNotACa, subject,
                  {{"subject", title_of(certificate)},
                   {"_what", std::string(asked.by)},
                   {"_effect", std::string(asked.effect)}});
  }
}

void check_artifact(const Artifact& artifact, const Policy&, FindingSink& sink) {
  if (is_bundle(artifact.kind)) check_members(artifact, sink);
  if (artifact.bundle == nullptr) return;
  check_faults(artifact, *artifact.bundle, sink);
  // Of the keys of a rule for tokens, the family jwt-rule says it.
  if (artifact.jwt_rule == nullptr) check_authorities(artifact, *artifact.bundle, sink);
}

// Envoy's list of trust domains may name one twice; a JSON object may not.
void check_trust_domains(const Inventory& inventory, FindingSink& sink) {
  std::set<std::array<std::string_view, 4>> seen;
  for (const Artifact& artifact : inventory.artifacts) {
    if (artifact.validator.empty()) continue;
    if (!seen.insert({artifact.source.file, artifact.document, artifact.validator, artifact.trust_domain})
             .second)
      sink.report(
          kDuplicateTrustDomain, artifact,
          {{"trust_domain", artifact.trust_domain},
           {"_who",
            std::string(artifact.bundle != nullptr && artifact.bundle->in_map
                            ? "Envoy takes the last of a map without a word, and SPIFFE tells consumers "
                              "to refuse the whole map"
                            : "Envoy refuses a list with two (Multiple trust bundles are given for one "
                              "trust domain)")}});
  }
}

void check_inventory(const Inventory& inventory, const Policy& policy, FindingSink& sink) {
  check_trust_domains(inventory, sink);
  check_mesh_roots(inventory, sink);
  if (policy.compare_bundles) check_difference(inventory, sink);
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
                          {"_twin", std::string("but whatever still chains to this one is refused")}};
  if (has_renewed(subject, policy)) {
    facts.back().value = std::string(
        "one of them with its name and key: Go (istiod) and OpenSSL use that one, Envoy may pick the "
        "expired one and refuse what chains to either");
    facts.push_back({"_fix", std::string("remove it from the bundle now; the renewed one verifies all that "
                                         "it issued")});
  }
  sink.report(kExpiredMember, subject, std::move(facts));
}

void check_certificate(const Subject& subject, const Policy& policy, FindingSink& sink) {
  if (!subject.bundle_has_valid) return;
  if (is_not_yet_valid(subject.certificate, policy) && !is_expired(subject.certificate, policy))
    sink.report(kFutureMember, subject, {{"not_before", subject.certificate.not_before}, {"at", policy.at}});
  if (is_expired(subject.certificate, policy)) report_expired(subject, policy, sink);
}

}  // namespace

extern const Check k_bundle_check;
const Check k_bundle_check{"bundle", kSpecs, &check_certificate, &check_artifact, &check_inventory};

}  // namespace meshcert::checks
