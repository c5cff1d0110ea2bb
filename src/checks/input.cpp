// Family input: the octets themselves, and what was met on the way to them. What is said
// stands here; what is looked at, in input_encoding.cpp and input_reading.cpp.

#include "checks/check.hpp"
#include "checks/input_encoding.hpp"
#include "checks/input_reading.hpp"

namespace meshcert::checks {

using enum Severity;

extern constexpr FindingSpec kMalformedExtension{"input.malformed-extension",
                                                 error,
                                                 error,
                                                 "{extensions} did not decode: {_who}",
                                                 "reissue it; find out which tool encoded it",
                                                 "RFC 5280 4.2"};
extern constexpr FindingSpec kNotStrictDer{
    "input.not-strict-der",
    warning,
    warning,
    "not strict DER: {defects}",
    "reissue it with a CA that encodes DER; look at what rewrote the certificate",
    "RFC 5280 4.1; X.690 10, 11"};
extern constexpr FindingSpec kRefusedByGo{
    "input.refused-by-go",
    error,
    error,
    "Go (istiod, the API server, SPIRE) cannot parse this certificate: {reason}; {_others}",
    "reissue it as RFC 5280 says, with what every peer reads",
    "RFC 5280 4.1.2.4, 4.2; go src/crypto/x509/parser.go"};
extern constexpr FindingSpec kBoringSslRefuses{
    "input.refused-by-envoy",
    error,
    error,
    "Envoy (BoringSSL) takes no chain with this certificate: {found}, but it must {required}; OpenSSL and Go "
    "(istiod) let it pass",
    "{_reissue}",
    "RFC 5280 4.2.1.9, 4.2.1.13; boringssl crypto/x509/v3_purp.cc"};
extern constexpr FindingSpec kSerialNotPositive{
    "input.serial-not-positive",
    info,
    info,
    "the serial number is {serial}; RFC 5280 wants a positive one of at most 20 octets{_refused}",
    "nothing breaks today; give its successor a random positive serial number",
    "RFC 5280 4.1.2.2"};
extern constexpr FindingSpec kNoSubjectName{
    "input.no-subject-name",
    error,
    error,
    "the certificate names nobody: its subject is empty and it has no subjectAltName; one of the two must "
    "say whose it is",
    "reissue it with the SPIFFE ID or the DNS names that it is for, in a critical subjectAltName",
    "RFC 5280 4.1.2.6; envoy source/common/tls/server_context_impl.cc"};
extern constexpr FindingSpec kEmptyCaName{
    "input.empty-ca-name",
    warning,
    warning,
    "{_whose} name is empty; a CA must have one, and whoever looks for issuers by name takes this one for "
    "every other nameless CA",
    "give the CA a name when it is made anew; OpenSSL and Go take certificates of a nameless CA",
    "RFC 5280 4.1.2.4, 4.1.2.6"};
extern constexpr FindingSpec kUnmatchableDnsName{
    "input.unmatchable-dns-name",
    warning,
    warning,
    "no client finds the host that it looks for in the DNS name {names} of subjectAltName: {_why}",
    "reissue it with host names as DNS names, addresses as IP addresses (cert-manager: spec.dnsNames, "
    "spec.ipAddresses)",
    "RFC 5280 4.2.1.6; RFC 9525 6.3"};

extern constexpr FindingSpec kBrokenPemBlock{
    "input.broken-pem-block",
    error,
    error,
    "a PEM block is broken: {detail}",
    "copy the block again from its source, whole, with its BEGIN and END lines",
    "RFC 7468 2"};
extern constexpr FindingSpec kJoinedPemBlocks{
    "input.joined-pem-blocks",
    error,
    error,
    "two PEM blocks are joined on one line: {detail}; read here, but Go (istiod) drops the second or "
    "both, and OpenSSL reads neither",
    "put a line break between them: meshcert inspect -o pem FILE > clean.pem (certificates alone); end every file with one "
    "before concatenating, as sed -e '$a\\' FILE does",
    "RFC 7468 2; istio/istio#22530"};
extern constexpr FindingSpec kNotBase64{"input.not-base64",
                                        error,
                                        error,
                                        "this is not base64: {detail}",
                                        "dump it again, or copy the value whole",
                                        "RFC 4648 4"};
extern constexpr FindingSpec kMalformed{
    "input.malformed",
    error,
    error,
    "cannot be decoded: {detail}",
    "produce it again; if it was copied by hand or cut by a pager, take it from its source",
    "RFC 5280 4.1; RFC 8259"};
extern constexpr FindingSpec kDoubleBase64{
    "input.double-base64",
    warning,
    warning,
    "the value is base64 twice: {detail}; decoded here, refused by whoever reads it next",
    "encode it once: Secret data and caBundle are base64 of PEM, not of base64",
    "RFC 4648 4"};
extern constexpr FindingSpec kUnsupportedBlock{"input.unsupported-block",
                                               info,
                                               info,
                                               "passed over: {detail}",
                                               "nothing to do if it was not meant to be inspected",
                                               "RFC 7468"};
extern constexpr FindingSpec kEmptyInput{
    "input.empty",
    error,
    error,
    "the input is empty: {detail}",
    "check the command that should have produced it: its error may have gone to stderr, and kubectl -o "
    "jsonpath prints nothing where a field does not exist",
    "docs/inputs.md"};
extern constexpr FindingSpec kNoCertificates{
    "input.no-certificates",
    error,
    error,
    "no certificate in it: {detail}",
    "check that this is the file or dump you meant; for a proxy: istioctl proxy-config secret POD -n "
    "NAMESPACE -o json",
    "docs/inputs.md"};
extern constexpr FindingSpec kTrailingData{
    "input.trailing-data",
    warning,
    warning,
    "octets follow the certificate: {detail}",
    "produce the file again; Go refuses a certificate with anything behind it",
    "RFC 5280 4.1"};
extern constexpr FindingSpec kPrivateKeyInDump{
    "input.private-key-in-dump",
    warning,
    warning,
    "private key material where none belongs: {detail}",
    "treat the key as disclosed: replace it, with the certificate that was issued for it, and delete this file",
    "envoy source/common/protobuf/utility.cc"};
extern constexpr FindingSpec kRedactedKey{
    "input.redacted-key",
    info,
    info,
    "a placeholder, such as Envoy's [redacted] or must-gather's N bytes long, stands where a private key should be: {detail}; "
    "the key was not judged, and no proxy can use the placeholder",
    "where this is to be used, put the key there: a dump never has it. That of a workload stays in its agent; that of a "
    "gateway is in the Secret that istiod reads",
    "envoy source/common/protobuf/utility.cc"};
extern constexpr FindingSpec kExternalFile{
    "input.external-file",
    info,
    info,
    "the data is not in the input: {detail}",
    "read it where the proxy runs: kubectl exec POD -c istio-proxy -- cat FILE",
    "envoy config.core.v3.DataSource"};
extern constexpr FindingSpec kFirstBlockHidesProblem{
    "input.first-block-hides-problem",
    warning,
    warning,
    "tools that read the first certificate alone (istioctl proxy-config secret, openssl x509, istiod's expiry "
    "metrics) show this as valid until {shown_not_after}; certificate {certificate} {_problem}{_more}",
    "judge every certificate, as meshcert expiry does; alert on no tool that reads one block",
    "istio istioctl/pkg/writer/compare/sds/util.go"};
extern constexpr FindingSpec kDuplicateName{
    "input.duplicate-name",
    info,
    info,
    "the name is used more than once with different content: {detail}",
    "tell them apart by their place in the dump; Envoy keys secrets by name and SDS source",
    "envoy source/common/secret/secret_manager_impl.cc"};
extern constexpr FindingSpec kMetadataDisagrees{
    "input.metadata-disagrees",
    warning,
    warning,
    "the {field} stated beside the certificate is {stated}, but the certificate itself says {found}, and that "
    "counts",
    "do not believe tables made of what is stated, as istioctl ztunnel-config certificates is; take the dump "
    "again, and if it still disagrees, find out what rewrote it",
    "istio istioctl/pkg/writer/ztunnel/configdump/certificates.go"};
extern constexpr FindingSpec kSeveralClusters{
    "input.several-clusters",
    warning,
    warning,
    "{object} is here as two objects, with uid {found} and, in {first}, {uid}{_more}: these are two clusters, or one at two "
    "times, but what refers to objects by name is judged as if all inputs were one",
    "give a run to each cluster, with its own files alone; of one cluster, leave the older dump out",
    "kubernetes apimachinery meta/v1 types.go"};
extern constexpr FindingSpec kLimitReached{
    "input.limit-reached",
    error,
    error,
    "not everything was read or judged: {detail}",
    "give fewer inputs at a time, or raise the limit; meshcert sweep keeps nothing and has no such limit",
    "docs/limits.md"};
extern constexpr FindingSpec kListedOnly{
    "input.listed-only",
    info,
    info,
    "{count} {_certificates} only listed here, without usable PEM: the dates and URIs stated are judged; issuers, "
    "keys, usages and chains are not known",
    "get the certificates: istioctl proxy-config secret POD -n NAMESPACE -o json; of a ztunnel: "
    "istioctl ztunnel-config certificates -o json",
    "envoy admin.v3.CertificateDetails"};

namespace {

constexpr const FindingSpec* kSpecs[] = {
    &kBrokenPemBlock,         &kJoinedPemBlocks,  &kNotBase64,         &kMalformed,
    &kMalformedExtension,     &kNotStrictDer,     &kRefusedByGo,       &kBoringSslRefuses,
    &kSerialNotPositive,      &kNoSubjectName,    &kEmptyCaName,       &kUnmatchableDnsName,
    &kDoubleBase64,           &kUnsupportedBlock, &kEmptyInput,        &kNoCertificates,
    &kTrailingData,           &kPrivateKeyInDump, &kRedactedKey,       &kExternalFile,
    &kFirstBlockHidesProblem, &kDuplicateName,    &kMetadataDisagrees, &kListedOnly,
    &kSeveralClusters,        &kLimitReached};

}  // namespace

extern const Check k_input_check;
const Check k_input_check{"input", kSpecs, &check_encoding, &check_reading, &check_inputs};

}  // namespace meshcert::checks
