// Family bundle: sets of trust anchors, as PEM, in dumps and as SPIFFE bundles. What is said
// stands here; what is looked at, in bundle_document.cpp, bundle_members.cpp and bundle_difference.cpp.

#include <algorithm>
#include <array>
#include <set>

#include "checks/bundle_difference.hpp"
#include "checks/bundle_document.hpp"
#include "checks/bundle_members.hpp"
#include "checks/mesh_roots.hpp"
#include "meshcert/kubernetes.hpp"
#include "meshcert/spiffe_bundle.hpp"

namespace meshcert::checks {

using enum Severity;

extern constexpr FindingSpec kExpiredMember{
    "bundle.expired-member",
    warning,
    warning,
    "a member of the bundle expired {expired_seconds} ago: notAfter {not_after}, judged at {at}; {_others}",
    "remove it from the bundle once no certificate chains to it any more; if some still do, reissue "
    "them first",
    "RFC 5280 6.1.3 (a)(2); envoyproxy/envoy#38302"};

extern constexpr FindingSpec kFutureMember{
    "bundle.future-member",
    info,
    info,
    "a member of the bundle is not valid before {not_before}, judged at {at}; {_others}",
    "nothing to do if it is the successor, put there ahead of time; let nothing be issued under it before",
    "RFC 5280 6.1.3 (a)(2)"};

extern constexpr FindingSpec kEmptyBundle{
    "bundle.empty",
    error,
    error,
    "the bundle holds no authority: {detail}; every SVID that it is to verify is to be taken for invalid",
    "ask its producer for the bundle with its keys (spire-server bundle show -format spiffe); beware: an empty bundle makes every SVID of the trust domain invalid",
    "SPIFFE Trust Domain and Bundle 4.1.3; envoy spiffe_validator.cc (No keys found in SPIFFE bundle)"};
extern constexpr FindingSpec kNoX509Authority{
    "bundle.no-x509-authority",
    info,
    info,
    "the bundle holds {keys} and no x509-svid entry: its trust domain has no X.509 SVIDs, and istiod takes no "
    "such document (does not provide a X509 SVID)",
    "nothing to do where only JWT-SVIDs are verified with it",
    "X509-SVID 6.2; istio pkg/spiffe/spiffe.go"};
extern constexpr FindingSpec kNoKeys{
    "bundle.no-keys",
    error,
    error,
    "this is not a SPIFFE bundle: {detail}, but it must have an array `keys`",
    "fetch the bundle again from its endpoint (spire-server bundle show -format spiffe)",
    "SPIFFE Trust Domain and Bundle 4.1.3"};
extern constexpr FindingSpec kBadMetadata{
    "bundle.bad-metadata",
    error,
    error,
    "the bundle's own data is wrong: {detail}; go-spiffe refuses the document",
    "write whole numbers without quotes, and trust domains as SPIFFE-ID 2.1 has them",
    "SPIFFE Trust Domain and Bundle 4.1.1, 4.1.2, 5.1.1"};
extern constexpr FindingSpec kBundleMetadata{
    "bundle.metadata",
    info,
    info,
    "{detail}; {_effect}",
    "nothing to do where the file is given by hand; an endpoint should publish both",
    "SPIFFE Trust Domain and Bundle 4.1.1, 4.1.2, 5.1.1"};
extern constexpr FindingSpec kBadJwk{
    "bundle.bad-jwk",
    error,
    error,
    "an entry of the bundle is not usable: {detail}; {_who}",
    "export the bundle anew from its producer; of a certificate: meshcert bundle --to jwks root.pem",
    "SPIFFE Trust Domain and Bundle 4.2.1; X509-SVID 6.1; JWT-SVID 6.1; RFC 7517 4; RFC 7518 6"};
extern constexpr FindingSpec kNoBundleUse{
    "bundle.no-use",
    warning,
    error,
    "{detail}; every entry must have one of x509-svid, jwt-svid, wit-svid, and consumers ignore this one",
    "write use as x509-svid for a certificate, as jwt-svid for a key that signs tokens",
    "SPIFFE Trust Domain and Bundle 4.2.2"};
extern constexpr FindingSpec kWrongUse{
    "bundle.wrong-use",
    warning,
    warning,
    "{detail}, which nobody knows: x509-svid, jwt-svid and wit-svid are written in small letters with a hyphen, and "
    "consumers ignore this entry",
    "correct the spelling",
    "SPIFFE Trust Domain and Bundle 4.2.2"};
extern constexpr FindingSpec kUnknownType{
    "bundle.unknown-key-type",
    info,
    info,
    "{detail}, which is none of RSA, EC and OKP: consumers ignore this entry",
    "nothing to do if other entries serve; else publish the key in a type that consumers know",
    "SPIFFE Trust Domain and Bundle 4.2.1"};
extern constexpr FindingSpec kUnexpectedKid{"bundle.unexpected-kid",
                                            warning,
                                            error,
                                            "{detail}, which must have none",
                                            "leave kid out: certificates are found by their names and keys",
                                            "X509-SVID 6.1"};
extern constexpr FindingSpec kExtraX5c{
    "bundle.extra-x5c",
    warning,
    error,
    "{detail}, and must hold one: SPIFFE reads the first, Envoy loads all, go-spiffe and istiod refuse the whole "
    "document (expected 1 certificate in x509-svid entry)",
    "give each certificate an entry of its own",
    "X509-SVID 6.1, 6.2; istio pkg/spiffe/spiffe.go"};
extern constexpr FindingSpec kKeyDisagrees{
    "bundle.key-disagrees",
    error,
    error,
    "{detail}: they must be the same key, and go-spiffe and istiod refuse the whole document",
    "take the numbers from the certificate: meshcert bundle --to jwks root.pem",
    "RFC 7517 4.7"};
extern constexpr FindingSpec kIncompleteJwk{
    "bundle.incomplete-jwk",
    warning,
    warning,
    "{detail}: SPIFFE reads x5c alone, but a JWK must have the numbers of its key, and go-spiffe and istiod may "
    "refuse the whole document",
    "take the numbers from the certificate: meshcert bundle --to jwks root.pem",
    "RFC 7518 6.2.1, 6.3.1"};
extern constexpr FindingSpec kDuplicateKid{
    "bundle.duplicate-kid",
    warning,
    warning,
    "{detail}: a verifier finds only one of two keys with the same kid",
    "give each key a kid of its own",
    "RFC 7517 4.5"};
extern constexpr FindingSpec kNoKid{
    "bundle.no-kid",
    warning,
    warning,
    "{detail} in a set of several: a token says by its kid which of them signed it, and who looks for that never takes "
    "this one; go-spiffe refuses the whole set",
    "give each key its kid, the one that the issuer writes into the header of its tokens",
    "OpenID Connect Core 10.1; go-spiffe bundle/jwtbundle/bundle.go"};
extern constexpr FindingSpec kRefusedByEnvoy{
    "bundle.refused-by-envoy",
    warning,
    warning,
    "{_what}: Envoy's SPIFFE validator takes no map (trust_bundles) {_such}",
    "give Envoy a map with the x509-svid entries alone; other consumers take this one as it is",
    "envoy spiffe_validator.cc (missing or invalid 'use' field; No trust domains found in SPIFFE bundle)"};
extern constexpr FindingSpec kNotACa{
    "bundle.not-a-ca",
    error,
    error,
    "{_what} of {subject} is no CA certificate: an authority must say CA:TRUE{_effect}",
    "put the certificate of the CA that issues the SVIDs there, not an SVID",
    "X509-SVID 4.1, 6.1; istio pilot/pkg/trustbundle/trustbundle.go; Kubernetes certificates.k8s.io ClusterTrustBundle"};
extern constexpr FindingSpec kDuplicateMember{
    "bundle.duplicate",
    info,
    info,
    "certificate {certificate} of the bundle is a copy of certificate {first}{_effect}",
    "leave it out; {_why}",
    "Kubernetes ClusterTrustBundle (no duplicates)"};
constexpr FindingSpec kDuplicateTrustDomain{
    "bundle.duplicate-trust-domain",
    error,
    error,
    "the trust domain {trust_domain} has two bundles: each must have one; {_who}",
    "put the anchors of both into one bundle, if both are trusted",
    "SPIFFE Trust Domain and Bundle 5.1.1; envoy spiffe_validator.cc"};

constexpr FindingSpec kNameNotOfSigner{
    "bundle.name-not-of-signer",
    error,
    error,
    "{bundle} has {found}, and its name must {required}; the API server refuses it ({_says})",
    "{_rename}",
    "Kubernetes certificates.k8s.io ClusterTrustBundle; Kubernetes pkg/apis/certificates/validation"};

extern constexpr FindingSpec kBundleDiffers{
    "bundle.differs",
    error,
    error,
    "{subject} (SHA-256 {sha256}) is in {only_in}{_domain}, and not in {missing_from}{_elsewhere}",
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

constexpr const FindingSpec* kSpecs[] = {
    &kExpiredMember,   &kFutureMember,    &kEmptyBundle,   &kNoX509Authority, &kNotACa,
    &kDuplicateMember, &kNoKeys,          &kBadMetadata,   &kBundleMetadata,  &kBadJwk,
    &kNoBundleUse,     &kWrongUse,        &kUnknownType,   &kUnexpectedKid,   &kExtraX5c,
    &kKeyDisagrees,    &kIncompleteJwk,   &kDuplicateKid,  &kNoKid,           &kDuplicateTrustDomain,
    &kRefusedByEnvoy,  &kNameNotOfSigner, &kBundleDiffers, &kBundleMissing};

void check_artifact(const Artifact& artifact, const Policy&, FindingSink& sink) {
  if (is_bundle(artifact.kind)) check_members(artifact, sink);
  if (artifact.bundle != nullptr) check_bundle_document(artifact, *artifact.bundle, sink);
}

// Envoy's list of trust domains may name one twice; a JSON object may not.
void check_trust_domains(const Inventory& inventory, FindingSink& sink) {
  std::set<std::array<std::string_view, 4>> seen;
  for (const Artifact& artifact : inventory.artifacts) {
    if (artifact.validator.empty()) continue;
    if (!seen.insert({artifact.source.file, artifact.document, artifact.validator, artifact.trust_domain})
             .second)
      sink.report(kDuplicateTrustDomain, artifact,
                  {{"trust_domain", artifact.trust_domain},
                   {"_who", artifact.bundle != nullptr && artifact.bundle->in_map
                                ? "Envoy takes the last of a map without a word, and SPIFFE tells consumers "
                                  "to refuse the whole map"
                                : "Envoy refuses a list with two (Multiple trust bundles are given for one "
                                  "trust domain)"}});
  }
}

bool is_named_for(const std::string& name, const std::string& prefix) {
  return name.starts_with(prefix) && name.size() > prefix.size() &&
         name.find(':', prefix.size()) == std::string::npos;
}

void check_names(const Inventory& inventory, FindingSink& sink) {
  for (const auto& object : inventory.objects) {
    const auto* bundle = object->as<TrustBundle>();
    if (bundle == nullptr || object->name.empty() || !bundle->is_whole) continue;
    const std::string& signer = bundle->signer;
    std::string prefix = signer + ':';
    std::ranges::replace(prefix, '/', ':');
    const bool has_colon = object->name.find(':') != std::string::npos;
    if (signer.empty() ? !has_colon : is_named_for(object->name, prefix)) continue;
    sink.report(
        kNameNotOfSigner, object->source, object->title(),
        {{"bundle", object->title()},
         {"found", signer.empty() ? "no signerName" : "signerName " + signer},
         {"required", signer.empty() ? "have no colon" : "be " + prefix + "NAME, without another colon"},
         {"_says", signer.empty() ? "ClusterTrustBundle without signer name must not have \":\" in its name"
                                  : "ClusterTrustBundle for signerName " + signer +
                                        " must be named with prefix " + prefix},
         {"_rename", signer.empty()
                         ? "set spec.signerName to the signer in its name, or take the colons out"
                         : "call it " + prefix + "NAME" + (has_colon ? "" : ", or take signerName out")}});
  }
}

// What pods of Istio 1.5 and before mount, whole but for the roots.
void check_workload_secrets(const Inventory& inventory, FindingSink& sink) {
  for (const auto& object : inventory.objects) {
    const auto* data = object->as<Credential>();
    if (data == nullptr || data->type != "istio.io/key-and-cert") continue;
    const Credential::Key* roots = data->find("root-cert.pem");
    const Credential::Key* chain = data->find("cert-chain.pem");
    if (roots == nullptr || !roots->empty || chain == nullptr || chain->empty) continue;
    sink.report(kEmptyBundle, object->source, object->title(),
                {{"detail", object->title() + " has an empty root-cert.pem"},
                 {"_fix",
                  "delete it, if no pod of Istio 1.5 or before mounts it any more; "
                  "Citadel writes it anew if it runs"}});
  }
}

void check_inventory(const Inventory& inventory, const Policy& policy, FindingSink& sink) {
  check_trust_domains(inventory, sink);
  check_mesh_roots(inventory, sink);
  check_workload_secrets(inventory, sink);
  check_names(inventory, sink);
  if (policy.compare_bundles) check_difference(inventory, sink);
}

}  // namespace

extern const Check k_bundle_check;
const Check k_bundle_check{"bundle", kSpecs, &check_member_dates, &check_artifact, &check_inventory};

}  // namespace meshcert::checks
