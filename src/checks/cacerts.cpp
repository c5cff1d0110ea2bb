// Family cacerts: a CA as istiod is given it, judged as a unit before istiod sees it,
// with istiod's own sentences (istio security/pkg/pki/util/keycertbundle.go Verify,
// security/pkg/pki/ca/ca.go, pilot/pkg/bootstrap/istio_ca.go). Here is what is said; the rules are in
// cacerts_judge.cpp.

#include "checks/cacerts_judge.hpp"

#include "base/words.hpp"
#include "checks/mesh_roots.hpp"

namespace meshcert::checks {

using enum Severity;

extern constexpr FindingSpec kCaIncomplete{
    "cacerts.incomplete",
    error,
    error,
    "{ca} lacks {missing}; istiod needs all of {required}{_why} and does not start ({error})",
    "put them all into it: kubectl create secret generic cacerts -n {_namespace} --from-file=ca-cert.pem "
    "--from-file=ca-key.pem --from-file=root-cert.pem --from-file=cert-chain.pem --dry-run=client -o yaml | kubectl apply -f - (with "
    "tls.crt, instead: tls.crt, tls.key and ca.crt)",
    "istio pilot/pkg/bootstrap/istio_ca.go"};
extern constexpr FindingSpec kCaUnparsable{
    "cacerts.unparsable",
    error,
    error,
    "{part} of {ca} holds nothing that can be read: it must be {required}; istiod does not start ({error})",
    "write {part} anew from its source, and create the Secret again: kubectl create secret generic cacerts -n {_namespace} "
    "--from-file=ca-cert.pem --from-file=ca-key.pem --from-file=root-cert.pem --from-file=cert-chain.pem --dry-run=client -o yaml | "
    "kubectl apply -f -",
    "istio security/pkg/pki/util/crypto.go; istio security/pkg/pki/util/keycertbundle.go"};
extern constexpr FindingSpec kSignerNotACa{
    "cacerts.not-a-ca",
    error,
    error,
    "the certificate of {ca}, {subject}, has {found}, but needs CA:TRUE; istiod does not start (certificate is not "
    "authorized to sign other certificates)",
    "reissue it as a CA: basicConstraints=critical,CA:TRUE and keyUsage=critical,keyCertSign",
    "istio security/pkg/pki/ca/ca.go"};
extern constexpr FindingSpec kCaKeyMismatch{
    "cacerts.key-mismatch",
    error,
    error,
    "the private key of the CA is {found}, and its certificate, {subject}, has {required}: they are no pair; istiod "
    "does not start (the cert does not match the key: tls: private key does not match public key)",
    "put the key beside the certificate that was issued for it; if it is lost, have a new CA issued",
    "istio security/pkg/pki/util/keycertbundle.go"};
extern constexpr FindingSpec kWrongLabels{
    "cacerts.wrong-labels",
    error,
    error,
    "the first PEM block of {part} of {ca} is {found}; istiod reads that one alone, takes {required}, and does not start "
    "({error})",
    "{_fix_label}",
    "istio security/pkg/pki/util/crypto.go"};
extern constexpr FindingSpec kStrayBlock{
    "cacerts.stray-block",
    error,
    error,
    "{part} of {ca} holds {found} beside its {kind}; istiod reads every block of it as one, whatever its label, and does not "
    "start ({error})",
    "leave the {kind} alone in it: {_clean}",
    "istio pkg/spiffe/spiffe.go (AddMappingFromPEM); istio security/pkg/pki/util/keycertbundle.go"};
extern constexpr FindingSpec kRootDoesNotAnchor{
    "cacerts.root-does-not-anchor",
    error,
    error,
    "the certificate of {ca} does not verify to its own {root}: {fault}; istiod does not start (cannot verify the cert "
    "with the provided root chain and cert pool with error: {error})",
    "put the root that issued it into {root}, and every CA between the two into {chain}: openssl verify -CAfile "
    "root-cert.pem -untrusted cert-chain.pem ca-cert.pem",
    "istio security/pkg/pki/util/keycertbundle.go"};
extern constexpr FindingSpec kCaPathLength{
    "cacerts.path-length-exceeded",
    error,
    error,
    "{issuer}, above the signing certificate of {ca}, {subject}, allows {required} CAs below it (pathlen), and the way to "
    "the workloads has {found}; istiod starts, for it verifies its CA as if it were a leaf, and peers refuse every "
    "workload",
    "have the signing certificate issued by a CA that has room below it (openssl: basicConstraints = critical, CA:TRUE, "
    "pathlen:N), and write ca-cert.pem and cert-chain.pem anew",
    "RFC 5280 4.2.1.9"};
extern constexpr FindingSpec kCaBarsNames{
    "cacerts.name-not-permitted",
    error,
    error,
    "the name constraints of {issuer} do not permit {name}, which istiod issues with {ca}: {found}; istiod starts, for it "
    "verifies its CA alone, and {_whose}",
    "have the CA issued without name constraints, or with these names permitted (openssl: nameConstraints = critical, "
    "permitted;DNS:svc, and none for URIs, for which ztunnel refuses workloads), and write ca-cert.pem and cert-chain.pem anew",
    "RFC 5280 4.2.1.10; istio pilot/pkg/bootstrap/istio_ca.go"};
extern constexpr FindingSpec kCaExpired{
    "cacerts.expired",
    error,
    error,
    "{part} of {ca} holds {found}; istiod verifies its CA up to the root when it starts, at {required} here, and then does not "
    "start ({error})",
    "have what is out of date reissued, and write all parts anew before istiod restarts: kubectl create secret generic "
    "cacerts -n {_namespace} --from-file=ca-cert.pem --from-file=ca-key.pem --from-file=root-cert.pem "
    "--from-file=cert-chain.pem --dry-run=client -o yaml | kubectl apply -f -",
    "istio security/pkg/pki/util/keycertbundle.go; istio security/pkg/pki/ca/ca.go"};
extern constexpr FindingSpec kChainLacksSigner{
    "cacerts.chain-lacks-signer",
    error,
    error,
    "{chain} of {ca} does not hold the signing certificate, {subject}; istiod sends {chain} behind each leaf and nothing "
    "else, so peers that trust the root alone get from no leaf to it, and refuse every workload",
    "write the chain with the signing certificate first: cat ca-cert.pem intermediate.pem root-cert.pem > cert-chain.pem",
    "istio security/pkg/pki/ca/ca.go; istio tools/certs/common.mk"};
extern constexpr FindingSpec kChainOutOfOrder{
    "cacerts.chain-out-of-order",
    warning,
    warning,
    "{chain} of {ca} begins with {found}, but must begin with the signing certificate, {required}, and go on with what "
    "issued it; istiod sends it as it is behind each leaf, and takes the end of the first for that of the chain; Envoy and "
    "Go sort it out, peers that go by order (TLS 1.2) refuse every workload",
    "write the signing certificate first, then each issuer in turn: cat ca-cert.pem intermediate.pem root-cert.pem > "
    "cert-chain.pem",
    "RFC 5246 7.4.2; istio security/pkg/pki/ca/ca.go"};
extern constexpr FindingSpec kCaValueNotRead{
    "cacerts.value-not-read",
    warning,
    warning,
    "{ca} has {found} beside tls.crt, with which istiod reads {required} and nothing else: {_effect}",
    "{_rename}",
    "istio pilot/pkg/bootstrap/istio_ca.go detectSigningCABundleAndCRL"};
extern constexpr FindingSpec kCaCrlRefused{
    "cacerts.crl-refused",
    error,
    error,
    "{crl} of {ca} holds a CRL of {issuer} that {found}; Go parses no such CRL, and istiod does not start (failed to parse CRL "
    "PEM: {error})",
    "publish it in version 2, with an authorityKeyIdentifier that is not critical: openssl ca -gencrl -config CA.cnf -crlexts crl_ext "
    "-out ca.crl, where [crl_ext] has authorityKeyIdentifier = keyid:always",
    "istio security/pkg/pki/util/keycertbundle.go; Go crypto/x509 parser.go"};
extern constexpr FindingSpec kCrlMissingFor{
    "cacerts.crl-missing-for",
    error,
    error,
    "{crl} of {ca} holds no CRL signed by {missing}{_barred}; once there are CRLs, istiod wants one of every certificate in {chain} "
    "and does not start (missing CRL signed by certificates: [{missing}])",
    "{_reissue}add the CRL of each of them, or leave {crl} out: openssl ca -gencrl -config CA.cnf -crlexts crl_ext >> ca-crl.pem",
    "istio security/pkg/pki/util/keycertbundle.go"};

namespace {

constexpr const FindingSpec* kSpecs[] = {
    &kCaIncomplete,     &kCaUnparsable,      &kSignerNotACa,   &kCaKeyMismatch, &kWrongLabels,
    &kStrayBlock,       &kRootDoesNotAnchor, &kCaPathLength,   &kCaBarsNames,   &kCaExpired,
    &kChainLacksSigner, &kChainOutOfOrder,   &kCaValueNotRead, &kCaCrlRefused,  &kCrlMissingFor};

void check_artifact(const Artifact& artifact, const Policy&, FindingSink& sink) {
  if (!artifact.key || artifact.key->matches_leaf.value_or(true) || !is_signing_ca(artifact)) return;
  if (const PublicHalf* half = artifact.key->half())
    report_ca_mismatch(*half, artifact.certificates[artifact.leaf], artifact.shown_name(), sink);
}

// istiod does not take it for a CA at all (checkCABundleCompleteness).
void report_misnamed(const KubernetesObject& object, FindingSink& sink) {
  constexpr std::string_view kRequired = "ca-cert.pem, ca-key.pem, root-cert.pem, cert-chain.pem";
  constexpr std::size_t kShown = 8;
  std::vector<std::string_view> names;
  for (const Credential::Key& key : object.as<Credential>()->keys)
    if (names.size() < kShown) names.push_back(key.name);
  const std::string found = base::join(names);
  sink.report(kCaIncomplete, object.source, object.title(),
              {{"ca", object.title()},
               {"found", found},
               {"required", kRequired},
               namespace_in_fix(object.namespace_name),
               {"_message",
                object.title() + " has none of the keys that istiod reads a CA from, " +
                    std::string(kRequired) + ", but " + found +
                    "; istiod passes over it and signs with a CA of its own (Use self-signed certificate as "
                    "the CA certificate), which nobody trusts who was given the root of this one"}});
}

void check_inventory(const Inventory& inventory, const Policy& policy, FindingSink& sink) {
  const Cluster cluster(inventory);
  x509::SignatureVerifier signatures;
  for (const SigningCa& ca : find_signing_cas(inventory, cluster))
    judge_signing_ca(ca, inventory, policy, signatures, sink);
  const std::set<std::string> running = spaces_of_istiods(inventory);
  const auto is_looked_at = [&](const KubernetesObject& object) {
    const std::string& space = object.namespace_name;
    return space.empty() || space == "istio-system" || running.contains(space) ||
           cluster.find("Secret", space, "istio-ca-secret") != nullptr;
  };
  for (const auto& object : inventory.objects)
    if (is_misnamed_ca(*object, cluster) && is_looked_at(*object)) report_misnamed(*object, sink);
}

}  // namespace

extern const Check k_cacerts_check;
const Check k_cacerts_check{"cacerts", kSpecs, nullptr, &check_artifact, &check_inventory};

}  // namespace meshcert::checks
