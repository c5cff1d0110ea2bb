// Family chain: a chain as it is sent, link by link, and its end against the
// roots that it is held against. What is said stands here; what is looked at, in
// chain_judge.cpp. Dates are the family validity's.

#include "checks/chain_judge.hpp"
#include "checks/revocation.hpp"

namespace meshcert::checks {

using enum Severity;

extern constexpr FindingSpec kIncomplete{
    "chain.incomplete",
    error,
    error,
    "the issuer of certificate {certificate}, {issuer}{_wanted_key}, is neither in the chain nor trusted "
    "here: {_trusted}; peers cannot get from the leaf to a root",
    "if {issuer} is an intermediate, send it with the chain (a plugged-in CA: cert-chain.pem of the Secret "
    "cacerts holds every CA below the root); if it is a root, add it to the trust bundle",
    "RFC 8446 4.4.2; RFC 5280 6.1"};
extern constexpr FindingSpec kUntrustedRoot{
    "chain.untrusted-root",
    error,
    error,
    "the chain ends at an issuer that is not trusted here: {_what} {issuer}{_wanted_key}; {_trusted}{_twin}",
    "find out which side is stale: compare the proxy's root with kubectl get cm istio-ca-root-cert -o "
    "jsonpath='{{.data.root-cert\\.pem}}'. When roots change, let every bundle hold both before the first "
    "certificate of the new one is issued; then restart the workloads that lag behind",
    "RFC 5280 6.1.3 (a)(1)"};
extern constexpr FindingSpec kExpiredRoot{
    "chain.expired-root",
    error,
    error,
    "the chain leads to {root}{_key}, which is trusted here and expired at {not_after}, judged at {at}; no valid "
    "certificate of that name and key is trusted beside it, so Go (istiod), BoringSSL (Envoy) and OpenSSL refuse the chain, whatever else is valid; rustls (ztunnel) looks at no date of a root",
    "renew that root with its own key, which keeps what it signed, and put it into the trust bundle; or issue the "
    "chain under a CA whose root is valid, then restart the workloads",
    "RFC 5280 6.1.3 (a)(2); envoy source/common/tls/cert_validator"};
extern constexpr FindingSpec kBadSignature{
    "chain.bad-signature",
    error,
    error,
    "certificate {certificate} names {issuer} as its issuer, but {_what} {_whose}",
    "send the CA certificate that signed it (a re-created CA keeps its name and changes its key), or reissue "
    "the certificate under the present CA; if the key identifiers agree, the certificate was altered",
    "RFC 5280 6.1.3 (a)(1)"};
extern constexpr FindingSpec kWrongOrder{
    "chain.wrong-order",
    error,
    error,
    "the certificates stand in the wrong order: from the leaf on, each issued by the next, they are {path}; "
    "{_consequence}",
    "write the leaf first, then each issuer in turn: cat leaf.pem intermediate.pem > chain.pem",
    "RFC 5246 7.4.2; RFC 8446 4.4.2"};
extern constexpr FindingSpec kRootIncluded{
    "chain.root-included",
    info,
    info,
    "the chain carries its root {subject}; peers use the copy that they trust and ignore this one",
    "nothing to do: Istio sends it so; where handshakes must be small, leave it out",
    "RFC 8446 4.4.2"};
extern constexpr FindingSpec kDuplicateCertificate{
    "chain.duplicate-certificate",
    info,
    info,
    "certificate {certificate} is certificate {first} once more",
    "nothing breaks; remove it where the chain is put together (a root that stands in cert-chain.pem and in "
    "root-cert.pem gives this)",
    "RFC 8446 4.4.2"};
extern constexpr FindingSpec kUnrelatedCertificate{
    "chain.unrelated-certificate",
    warning,
    warning,
    "certificate {certificate}, {subject}, issued none of the others{_namesake}; on the way from the leaf to "
    "a root it is of no use{_more}",
    "leave it out; if it was meant to be the issuer of one of them, put the right one there",
    "RFC 8446 4.4.2"};
extern constexpr FindingSpec kNamesDifferInEncoding{
    "chain.names-differ-in-encoding",
    error,
    error,
    "certificate {certificate} has the name of its issuer with {found}, but {issuer} itself has {required}; RFC 5280 7.1 "
    "takes the two for one name, and so do OpenSSL and BoringSSL (Envoy); Go (istiod, the API server) and rustls (ztunnel) "
    "compare octets and refuse the chain: certificate signed by unknown authority",
    "issue it anew with the issuer's name copied from the CA certificate as it stands, or make the CA certificate anew, with "
    "its key, in the encoding that is used below it; openssl.cnf says which type is written (string_mask = utf8only)",
    "RFC 5280 7.1; go src/crypto/x509/verify.go; rustls-webpki src/verify_cert.rs"};
extern constexpr FindingSpec kKeyIdMismatch{
    "chain.key-id-mismatch",
    warning,
    warning,
    "certificate {certificate} names its issuer by {wanted}, but {issuer} has {found}; its signature is right, so Go (istiod) and rustls (ztunnel) accept the link, but BoringSSL (Envoy) and OpenSSL skip such an issuer and then find none",
    "reissue one of the two, so that authorityKeyIdentifier says what the CA certificate has: its subjectKeyIdentifier alone, "
    "which outlives a renewal (openssl: authorityKeyIdentifier = keyid, without issuer)",
    "RFC 5280 4.2.1.1"};
extern constexpr FindingSpec kWeakSignature{
    "chain.weak-signature",
    warning,
    warning,
    "certificate {certificate}, {subject}, is signed with {found}, but must be with {required}: {_who}",
    "reissue it with SHA-256 or better (openssl: default_md = sha256), and its CA's configuration first: the same configuration signs all others",
    "RFC 9155 2; go crypto/x509 (InsecureAlgorithmError); rustls-webpki src/aws_lc_rs_algs.rs"};
extern constexpr FindingSpec kUnsupportedAlgorithm{
    "chain.unsupported-algorithm",
    error,
    error,
    "{subject} has {found}, which neither Go (istiod) nor BoringSSL (Envoy) nor rustls (ztunnel) verifies; every one of them "
    "verifies {required}",
    "issue the chain under a CA with a key that they know, P-256 or RSA of 2048 bits, and let it sign with SHA-256 (openssl: "
    "default_md = sha256)",
    "go src/crypto/x509/x509.go; boringssl crypto/x509/algorithm.cc; rustls-webpki src/aws_lc_rs_algs.rs"};
extern constexpr FindingSpec kBudgetExhausted{
    "chain.budget-exhausted",
    error,
    error,
    "the search for a path was given up at certificate {certificate}, whose issuer is called {issuer}: it takes more "
    "than {limit}, and the rest was not tried",
    "remove the namesakes that nothing chains to any more; a chain like this looks like an attack on verifiers",
    "docs/limits.md"};

extern constexpr FindingSpec kIssuerNotCa{
    "chain.issuer-not-ca",
    error,
    error,
    "{subject} signed another certificate of this chain and may not: it has {found}, but needs {required}{_who}",
    "sign with a CA certificate: basicConstraints CA:TRUE and keyUsage keyCertSign; a leaf's key signs nothing",
    "RFC 5280 6.1.4 (k), (n)"};
extern constexpr FindingSpec kPathLengthExceeded{
    "chain.path-length-exceeded",
    error,
    error,
    "{subject} allows {required} CAs between itself and the leaf, and there are {found}{_who}",
    "issue the chain from a CA whose pathLenConstraint leaves room (openssl: basicConstraints=critical,CA:TRUE,pathlen:1), "
    "or leave the CA in between out",
    "RFC 5280 6.1.4 (l), (m)"};
extern constexpr FindingSpec kNameConstraintViolated{
    "chain.name-constraint-violated",
    error,
    error,
    "the name constraints of {subject} do not allow this: {found}{_who}",
    "issue the certificate under a CA that may sign for this name, or reissue that CA with wider nameConstraints",
    "RFC 5280 4.2.1.10, 6.1.3 (b), (c)"};
extern constexpr FindingSpec kNameConstraintUnapplied{
    "chain.name-constraint-unapplied",
    error,
    error,
    "{subject} has name constraints on {_kind}, and {found} {_has}: {_who}, whatever the "
    "constraints say of it; {_others}",
    "constrain names that every peer compares, of subjectAltName and DNS, and reissue the CA without the other constraints; for "
    "which trust domain a CA may sign, the peers' trust bundle of that trust domain says",
    "RFC 5280 4.2.1.10; boringssl crypto/x509/v3_ncons.cc; rustls-webpki src/subject_name/mod.rs"};
extern constexpr FindingSpec kNameMismatch{
    "chain.name-mismatch",
    error,
    error,
    "the leaf is for {found}, not for {required}",
    "ask for a name that it has, or reissue it with that name in subjectAltName; a common name does not count",
    "RFC 9525 6"};
extern constexpr FindingSpec kWrongPurpose{
    "chain.wrong-purpose",
    error,
    error,
    "{subject} is not for this purpose: it has {found}, but needs {required}{_who}",
    "reissue it with the usage that is required{_or}",
    "RFC 5280 4.2.1.12"};
extern constexpr FindingSpec kLeafIsCa{
    "chain.leaf-is-ca",
    error,
    error,
    "the certificate that the chain is for, {subject}, is a CA (basicConstraints {found}), and {_meant}, so it must be {required}: "
    "rustls (ztunnel) refuses it (CaUsedAsEndEntity), and so does Envoy with a SPIFFE validator; Go (istiod), OpenSSL and BoringSSL "
    "(Envoy without one) take it",
    "put the certificate of the server or the workload first in the chain, or reissue it with CA:FALSE; of a chain that is to "
    "end in a CA, ask with --purpose ca",
    "X509-SVID 4.1, 5.2; rustls-webpki src/verify_cert.rs; envoy "
    "source/extensions/transport_sockets/tls/cert_validator/spiffe/spiffe_validator.cc"};
extern constexpr FindingSpec kLeafIsAnchor{
    "chain.leaf-is-anchor",
    warning,
    warning,
    "the certificate that the chain is for, {subject}, is itself what is trusted: Go (istiod) takes it, and OpenSSL and BoringSSL (Envoy) if "
    "all that is sent above it is right; rustls (ztunnel) takes a chain that a trusted CA has issued, and refuses this one",
    "trust the CA that issued it instead; if that was a mistake in --trust, name the file of the roots there",
    "rustls-webpki src/verify_cert.rs; boringssl crypto/x509/x509_vfy.cc (X509_V_FLAG_PARTIAL_CHAIN)"};
extern constexpr FindingSpec kNoBacktracking{
    "chain.refused-without-backtracking",
    error,
    error,
    "Envoy (BoringSSL) {_takes} {taken} for the issuer of {subject}{_which}, does not go back, and refuses the chain: {fault}; "
    "{_others}{required}",
    "{_fix}",
    "boringssl crypto/x509/x509_vfy.cc (X509_verify_cert, find_issuer)"};
extern constexpr FindingSpec kNoIssuerForEnvoy{
    "chain.no-issuer-for-envoy",
    error,
    error,
    "Envoy (BoringSSL) finds no {issuer} for the issuer of {subject}, and refuses the chain: {_why}; Go (istiod) and rustls (ztunnel) go by the "
    "signature, and find it",
    "put the certificate of {issuer} that it names back beside the other until all of its leaves are reissued, or reissue them now; "
    "then let authorityKeyIdentifier have the key id alone (openssl: authorityKeyIdentifier = keyid), which outlives a renewal",
    "boringssl crypto/x509/v3_purp.c (X509_check_issued)"};
extern constexpr FindingSpec kPolicyViolated{
    "chain.policy-violated",
    error,
    error,
    "a CA of this chain requires a certificate policy, and at {subject} none is left: it has {found}, but needs {required}; OpenSSL refuses it where policies are checked, as BoringSSL does",
    "reissue the certificate with the policy that its CA requires, or the CA without policyConstraints",
    "RFC 5280 6.1.3 (f), 6.1.5 (g)"};
extern constexpr FindingSpec kUnknownCriticalExtension{
    "chain.unknown-critical-extension",
    error,
    error,
    "{subject} has the critical extension {found}, which no verifier of a mesh understands{_who}",
    "reissue it without that extension, or with the extension not critical",
    "RFC 5280 4.2, 6.1.5 (f)"};
extern constexpr FindingSpec kSelfIssuedLeaf{
    "chain.self-issued-leaf",
    warning,
    warning,
    "the leaf has the name of its issuer, {issuer}, and was signed by another key than its own; Go (istiod) accepts it, "
    "OpenSSL takes it for self-signed and refuses (error 18)",
    "give the leaf a subject of its own, or none, as istiod does",
    "RFC 5280 3.2; openssl crypto/x509/v3_purp.c"};
extern constexpr FindingSpec kEnginesDisagree{
    "chain.engines-disagree",
    warning,
    warning,
    "meshcert {meshcert} this chain, OpenSSL {openssl}{_why}",
    "go by the peer that will verify it: Envoy is BoringSSL, istiod Go, ztunnel rustls, and meshcert explain "
    "chain.engines-disagree says who reads what; make the chain one that all of them take",
    "openssl crypto/x509/x509_vfy.c; RFC 5280 6.1"};
extern constexpr FindingSpec kDoesNotVerify{
    "chain.does-not-verify",
    error,
    error,
    "the chain leads to what is trusted here and does not verify: {fault} ({_clause})",
    "reissue {subject} without that fault, or trust and send another certificate in its place; meshcert chain --trust "
    "FILE shows the path",
    "RFC 5280 6.1"};
extern constexpr FindingSpec kNotVerified{
    "chain.not-verified",
    info,
    info,
    "not verified: {subject} is shown to clients, and what they trust is not in this dump; ROOTCA is what the workload "
    "itself trusts, and its own chain was held against that",
    "name the roots that the clients trust: meshcert chain DUMP --trust FILE",
    "RFC 5280 6.1.1 (d)"};

// Reported by checks/revocation.cpp.
extern constexpr FindingSpec kRevoked{
    "chain.revoked",
    error,
    error,
    "{_which}{subject}, serial {serial}, was revoked at {revoked_at} ({reason}) by the CRL of "
    "{issuer}{_number}; {_who}, istiod looks at no entry of a CRL",
    "reissue it with a new key and find out why it was revoked: restart the workload, or delete the Secret and "
    "let its issuer write a new one",
    "RFC 5280 6.3.3"};
extern constexpr FindingSpec kCrlMissing{
    "chain.crl-missing",
    error,
    error,
    "{_what}; once there is one CRL, Envoy asks for one of every CA on a chain and refuses every chain that lacks one, "
    "revoked or not; istiod asks for one of each CA in cert-chain.pem, ztunnel takes what it has no CRL for as good",
    "add the CRL of that CA beside the others: openssl ca -gencrl -config CA.cnf -crlexts crl_ext -out ca.crl; or leave all of them "
    "out; or let Envoy look at leaves alone (only_verify_leaf_cert_crl)",
    "envoy api/envoy/extensions/transport_sockets/tls/v3/common.proto, crl; istio "
    "security/pkg/pki/util/keycertbundle.go; ztunnel src/tls/crl.rs"};
extern constexpr FindingSpec kCrlBadSignature{
    "chain.crl-bad-signature",
    error,
    error,
    "the CRL of {issuer}{_number} {_what}; {_who}",
    "fetch the CRL of the CA whose certificate is in use: one that was created anew keeps its name and changes its key, and "
    "each key needs a CRL of its own for as long as certificates under it are used. A CA signs CRLs only if its keyUsage has cRLSign",
    "RFC 5280 6.3.3 (f), (g); istio security/pkg/pki/util/keycertbundle.go"};
extern constexpr FindingSpec kCrlExpired{
    "chain.crl-expired",
    warning,
    warning,
    "the CRL of {issuer}{_number} is valid from {this_update} to {next_update}, judged at {at}; "
    "{_who}{_here}; istiod loads it all the same, because it looks at the signature alone",
    "publish a new one before nextUpdate: openssl ca -gencrl -config CA.cnf -crlexts crl_ext -out ca.crl, and put it where the old one is",
    "RFC 5280 5.1.2.5"};

extern constexpr FindingSpec kCrlNotRead{
    "chain.crl-not-read",
    warning,
    warning,
    "the CRL of {issuer}{_number} {found}: {_who}",
    "publish it in version 2, with a nextUpdate, a cRLNumber, and an authorityKeyIdentifier that is not critical: openssl ca -gencrl "
    "-config CA.cnf -crlexts crl_ext -out ca.crl, where [crl_ext] has authorityKeyIdentifier = keyid:always",
    "RFC 5280 5.1.2.1, 5.1.2.5, 5.2.1; Go crypto/x509 parser.go; rustls-webpki src/crl/types.rs"};
extern constexpr FindingSpec kCrlUnusedByPeers{
    "chain.crl-unused-by-peers",
    error,
    error,
    "{subject} is good by RFC 5280, but BoringSSL (Envoy) refuses the chain and rustls (ztunnel) takes no such CRL: what answers for it is "
    "{found}; a complete CRL of {issuer}, signed by itself and for all reasons, must be there",
    "have {issuer} publish one complete CRL, without onlySomeReasons and indirectCRL, and put it in place of the others: openssl "
    "ca -gencrl -config CA.cnf -crlexts crl_ext -out ca.crl",
    "RFC 5280 5.2.4, 5.2.5; boringssl crypto/x509/x509_vfy.cc; rustls-webpki src/crl"};
extern constexpr FindingSpec kDeltaCrlUnused{
    "chain.delta-crl-unused",
    warning,
    warning,
    "the delta CRL of {issuer}{_number} brings CRLs from number {base} on up to date, and {_have}: it is not counted, and "
    "{_listed}",
    "fetch the complete CRL that it is a delta of, or a newer one: openssl crl -in FILE -noout -crlnumber shows which one "
    "is there",
    "RFC 5280 5.2.4"};
// Reported by checks/unread_crls.cpp.
extern constexpr FindingSpec kCrlBesideValidator{
    "chain.crl-beside-validator",
    warning,
    warning,
    "a SPIFFE validator stands beside {_crls} of this validation context and looks at none of that: Envoy refuses nobody for what "
    "is listed there; it takes CRLs from the bundle of a trust domain alone",
    "put the CRLs into the PEM of each trust domain's bundle (trust_bundle), one of every CA on its chains or none; or reissue "
    "what is revoked under a CA of another key",
    "envoy source/extensions/transport_sockets/tls/cert_validator/spiffe/spiffe_validator.cc"};

// Reported by checks/staples.cpp.
extern constexpr FindingSpec kStapleOfAnother{
    "chain.staple-of-another",
    error,
    error,
    "the OCSP staple is of the certificate with serial {found}, and its chain is of {subject}, serial {serial}; Envoy refuses the "
    "secret (OCSP response does not match its TLS certificate)",
    "fetch the response of the present certificate, or take tls.ocsp-staple out: openssl ocsp -issuer ca.crt -cert tls.crt "
    "-url URL -respout staple.der",
    "envoy source/common/tls/context_impl.cc"};
extern constexpr FindingSpec kStapleRevoked{
    "chain.staple-revoked",
    error,
    error,
    "the OCSP staple says that {subject}, serial {serial}, is revoked (judged at {at}); clients that look at "
    "it refuse the connection",
    "reissue the certificate with a new key, and find out why it was revoked",
    "RFC 6960 2.2; RFC 6066 8"};
extern constexpr FindingSpec kStapleExpired{
    "chain.staple-expired",
    warning,
    warning,
    "the OCSP staple of {subject} is valid from {this_update} to {next_update}, judged at {at}; Envoy no longer staples it, and "
    "with a strict ocsp_staple_policy refuses handshakes",
    "fetch a new one, and see to it that this happens before nextUpdate: openssl ocsp -issuer ca.crt -cert tls.crt -url URL "
    "-respout staple.der",
    "RFC 6960 4.2.2.1; envoy source/common/tls/ocsp/ocsp.cc"};
extern constexpr FindingSpec kStapleMissing{
    "chain.staple-missing",
    error,
    error,
    "{subject} demands a staple (must-staple), but {_where}; Envoy refuses to serve with it: OCSP response is required for "
    "must-staple certificate",
    "put the response beside it, of a gateway as tls.ocsp-staple of the Secret: openssl ocsp -issuer ca.crt -cert tls.crt -url "
    "URL -respout staple.der; or have it issued without must-staple",
    "RFC 7633 4.2.3; envoy source/common/tls/server_context_impl.cc"};

namespace {

constexpr const FindingSpec* kSpecs[] = {&kIncomplete,
                                         &kUntrustedRoot,
                                         &kExpiredRoot,
                                         &kBadSignature,
                                         &kWrongOrder,
                                         &kRootIncluded,
                                         &kDuplicateCertificate,
                                         &kUnrelatedCertificate,
                                         &kNamesDifferInEncoding,
                                         &kKeyIdMismatch,
                                         &kWeakSignature,
                                         &kUnsupportedAlgorithm,
                                         &kBudgetExhausted,
                                         &kIssuerNotCa,
                                         &kPathLengthExceeded,
                                         &kNameConstraintViolated,
                                         &kNameConstraintUnapplied,
                                         &kNameMismatch,
                                         &kWrongPurpose,
                                         &kLeafIsCa,
                                         &kLeafIsAnchor,
                                         &kNoBacktracking,
                                         &kNoIssuerForEnvoy,
                                         &kPolicyViolated,
                                         &kUnknownCriticalExtension,
                                         &kSelfIssuedLeaf,
                                         &kEnginesDisagree,
                                         &kDoesNotVerify,
                                         &kNotVerified,
                                         &kRevoked,
                                         &kCrlMissing,
                                         &kCrlBadSignature,
                                         &kCrlExpired,
                                         &kCrlNotRead,
                                         &kCrlUnusedByPeers,
                                         &kDeltaCrlUnused,
                                         &kCrlBesideValidator,
                                         &kStapleOfAnother,
                                         &kStapleRevoked,
                                         &kStapleExpired,
                                         &kStapleMissing};

void check_inventory(const Inventory& inventory, const Policy& policy, FindingSink& sink) {
  ToldCrls told = check_revocation(inventory, policy, sink);
  judge_chains(inventory, policy, told, sink);
  check_staples(inventory, policy, sink);
}

}  // namespace

extern const Check k_chain_check;
const Check k_chain_check{"chain", kSpecs, nullptr, nullptr, &check_inventory};

}  // namespace meshcert::checks
