// Family input: the octets themselves. Readers record what they meet as
// defects; here they become findings, one row a kind.

#include <algorithm>
#include <map>
#include <utility>

#include "base/words.hpp"
#include "checks/check.hpp"
#include "checks/input_encoding.hpp"
#include "checks/managed.hpp"
#include "checks/metadata.hpp"
#include "checks/validity.hpp"
#include "meshcert/kubernetes.hpp"

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

namespace {

constexpr FindingSpec kBrokenPemBlock{
    "input.broken-pem-block",
    error,
    error,
    "a PEM block is broken: {detail}",
    "copy the block again from its source, whole, with its BEGIN and END lines",
    "RFC 7468 2"};
constexpr FindingSpec kJoinedPemBlocks{
    "input.joined-pem-blocks",
    error,
    error,
    "two PEM blocks are joined on one line: {detail}; read here, but Go (istiod) drops the second or "
    "both, and OpenSSL reads neither",
    "put a line break between them; end every file with one before concatenating: sed -e '$a\\'",
    "RFC 7468 2; istio/istio#22530"};
constexpr FindingSpec kNotBase64{"input.not-base64",
                                 error,
                                 error,
                                 "this is not base64: {detail}",
                                 "dump it again, or copy the value whole",
                                 "RFC 4648 4"};
constexpr FindingSpec kMalformed{
    "input.malformed",
    error,
    error,
    "cannot be decoded: {detail}",
    "produce it again; if it was copied by hand or cut by a pager, take it from its source",
    "RFC 5280 4.1; RFC 8259"};
constexpr FindingSpec kDoubleBase64{
    "input.double-base64",
    warning,
    warning,
    "the value is base64 twice: {detail}; decoded here, refused by whoever reads it next",
    "encode it once: Secret data and caBundle are base64 of PEM, not of base64",
    "RFC 4648 4"};
constexpr FindingSpec kUnsupportedBlock{"input.unsupported-block",
                                        info,
                                        info,
                                        "passed over: {detail}",
                                        "nothing to do if it was not meant to be inspected",
                                        "RFC 7468"};
constexpr FindingSpec kEmpty{
    "input.empty",
    error,
    error,
    "the input is empty: {detail}",
    "check the command that should have produced it: its error may have gone to stderr, and kubectl -o "
    "jsonpath prints nothing where a field does not exist",
    "docs/inputs.md"};
constexpr FindingSpec kNoCertificates{
    "input.no-certificates",
    error,
    error,
    "no certificate in it: {detail}",
    "check that this is the file or dump you meant; for a proxy: istioctl proxy-config secret POD -n "
    "NAMESPACE -o json",
    "docs/inputs.md"};
constexpr FindingSpec kTrailingData{
    "input.trailing-data",
    warning,
    warning,
    "octets follow the certificate: {detail}",
    "produce the file again; Go refuses a certificate with anything behind it",
    "RFC 5280 4.1"};
constexpr FindingSpec kPrivateKeyInDump{
    "input.private-key-in-dump",
    warning,
    warning,
    "private key material where none belongs: {detail}",
    "treat the key as disclosed: delete this file, reissue the certificate with a new key",
    "envoy source/common/protobuf/utility.cc"};
constexpr FindingSpec kRedactedKey{
    "input.redacted-key",
    info,
    info,
    "Envoy's placeholder [redacted] stands where a private key should be: {detail}; Envoy prints it in its admin "
    "dumps, and no proxy can use it",
    "put the key there: a dump never has it. That of a workload stays in its agent; that of a gateway is in the "
    "Secret that istiod reads",
    "envoy source/common/protobuf/utility.cc"};
constexpr FindingSpec kExternalFile{
    "input.external-file",
    info,
    info,
    "the data is not in the input: {detail}",
    "read it where the proxy runs: kubectl exec POD -c istio-proxy -- cat FILE",
    "envoy config.core.v3.DataSource"};
constexpr FindingSpec kFirstBlockHidesProblem{
    "input.first-block-hides-problem",
    warning,
    warning,
    "tools that read the first certificate alone (istioctl proxy-config secret, openssl x509, istiod's expiry "
    "metrics) show this as valid until {shown_not_after}; certificate {certificate} {_problem}{_more}",
    "judge every certificate, as meshcert expiry does; alert on no tool that reads one block",
    "istio istioctl/pkg/writer/compare/sds/util.go"};
constexpr FindingSpec kDuplicateName{
    "input.duplicate-name",
    info,
    info,
    "the name is used more than once with different content: {detail}",
    "tell them apart by their place in the dump; Envoy keys secrets by name and SDS source",
    "envoy source/common/secret/secret_manager_impl.cc"};
constexpr FindingSpec kMetadataDisagrees{
    "input.metadata-disagrees",
    warning,
    warning,
    "the {field} stated beside the certificate is {stated}, but the certificate itself says {found}, and that "
    "counts",
    "do not believe tables made of what is stated, as istioctl ztunnel-config certificates is; take the dump "
    "again, and if it still disagrees, find out what rewrote it",
    "istio istioctl/pkg/writer/ztunnel/configdump/certificates.go"};
constexpr FindingSpec kLimitReached{
    "input.limit-reached",
    error,
    error,
    "not everything was read or judged: {detail}",
    "give fewer inputs at a time, or raise the limit; meshcert sweep keeps nothing and has no such limit",
    "docs/limits.md"};
constexpr FindingSpec kListedOnly{
    "input.listed-only",
    info,
    info,
    "{count} {_certificates} only listed here, without usable PEM: the dates stated are judged; issuers, keys, "
    "usages and chains are not known",
    "get the certificates: istioctl proxy-config secret POD -n NAMESPACE -o json; of a ztunnel: "
    "istioctl ztunnel-config certificates -o json",
    "envoy admin.v3.CertificateDetails"};

constexpr const FindingSpec* kSpecs[] = {&kBrokenPemBlock,
                                         &kJoinedPemBlocks,
                                         &kNotBase64,
                                         &kMalformed,
                                         &kMalformedExtension,
                                         &kNotStrictDer,
                                         &kRefusedByGo,
                                         &kSerialNotPositive,
                                         &kNoSubjectName,
                                         &kEmptyCaName,
                                         &kDoubleBase64,
                                         &kUnsupportedBlock,
                                         &kEmpty,
                                         &kNoCertificates,
                                         &kTrailingData,
                                         &kPrivateKeyInDump,
                                         &kRedactedKey,
                                         &kExternalFile,
                                         &kFirstBlockHidesProblem,
                                         &kDuplicateName,
                                         &kMetadataDisagrees,
                                         &kListedOnly,
                                         &kLimitReached};

// Null for what is said of keys (src/checks/key.cpp).
const FindingSpec* spec_of(DefectKind kind) {
  switch (kind) {
    case DefectKind::broken_pem_block:
      return &kBrokenPemBlock;
    case DefectKind::joined_pem_blocks:
      return &kJoinedPemBlocks;
    case DefectKind::not_base64:
      return &kNotBase64;
    case DefectKind::malformed:
      return &kMalformed;
    case DefectKind::double_base64:
      return &kDoubleBase64;
    case DefectKind::unsupported_block:
      return &kUnsupportedBlock;
    case DefectKind::empty:
      return &kEmpty;
    case DefectKind::no_certificates:
      return &kNoCertificates;
    case DefectKind::trailing_data:
      return &kTrailingData;
    case DefectKind::private_key_in_dump:
      return &kPrivateKeyInDump;
    case DefectKind::redacted_key:
      return &kRedactedKey;
    case DefectKind::external_file:
      return &kExternalFile;
    case DefectKind::duplicate_name:
      return &kDuplicateName;
    case DefectKind::limit_reached:
      return &kLimitReached;
    case DefectKind::key_encrypted:
    case DefectKind::key_unparsable:
    case DefectKind::key_missing:
      return nullptr;
  }
  return nullptr;
}

void report_defect(const Defect& defect, const std::string& resource, FindingSink& sink) {
  const FindingSpec* spec = spec_of(defect.kind);
  if (spec == nullptr) return;
  std::vector<Fact> facts{{"detail", defect.detail}};
  if (!defect.fix.empty()) facts.push_back({"_fix", defect.fix});
  sink.report(*spec, defect.where, resource, std::move(facts));
}

// What is wrong with its dates, so that no peer takes it; "" when nothing is.
// A bundle may hold a root ahead of its time.
std::string problem_of(const Certificate& certificate, bool in_bundle, const Policy& policy) {
  if (is_expired(certificate, policy)) return "expired at " + to_rfc3339(certificate.not_after);
  if (certificate.not_after < certificate.not_before) return "can never be valid";
  if (is_not_yet_valid(certificate, policy) && !in_bundle)
    return "is not valid before " + to_rfc3339(certificate.not_before);
  return {};
}

void check_first_block(const Artifact& artifact, const Policy& policy, FindingSink& sink) {
  const auto& certificates = artifact.certificates;
  // A pointer to a date is of no use where dates are not judged.
  if (!sink.wants("validity.expired")) return;
  const bool in_bundle = is_bundle(artifact.kind);
  if (certificates.size() < 2 || !problem_of(certificates.front(), in_bundle, policy).empty()) return;
  std::size_t count = 0, first = 0;
  for (std::size_t i = certificates.size() - 1; i > 0; --i) {
    if (problem_of(certificates[i], in_bundle, policy).empty()) continue;
    ++count;
    first = i;
  }
  if (count == 0) return;
  SourceRef where = source_of(artifact, first);
  sink.report(kFirstBlockHidesProblem, std::move(where), artifact,
              {{"shown_not_after", certificates.front().not_after},
               {"certificate", static_cast<std::int64_t>(first)},
               {"certificates", static_cast<std::int64_t>(count)},
               {"_problem", problem_of(certificates[first], in_bundle, policy)},
               {"_more", count == 1 ? std::string() : ", and it is not the only one"}});
}

void check_artifact(const Artifact& artifact, const Policy& policy, FindingSink& sink) {
  check_first_block(artifact, policy, sink);
  const std::string& resource = artifact.shown_name();
  for (const Defect& defect : artifact.defects) report_defect(defect, resource, sink);
  for (const Listed& listed : artifact.listed) {
    if (!listed.certificate) continue;
    const Certificate& certificate = artifact.certificates[*listed.certificate];
    for (Disagreement& one : disagreements(listed, certificate))
      sink.report(kMetadataDisagrees, source_of(artifact, *listed.certificate), resource,
                  {{"field", std::string(one.field)},
                   {"stated", std::move(one.stated)},
                   {"found", std::move(one.found)}});
  }
}

// cert-manager's status against the Secret that it keeps.
void check_managed(const Inventory& inventory, FindingSink& sink) {
  for (const Managed& managed : find_managed(inventory)) {
    const auto& stated = managed.certificate->not_after;
    if (!stated || *stated == managed.leaf.certificate.not_after) continue;
    sink.report(
        kMetadataDisagrees, managed.leaf,
        {{"field", "notAfter in the status of " + managed.object->title()},
         {"stated", to_rfc3339(*stated)},
         {"found", to_rfc3339(managed.leaf.certificate.not_after)},
         {"_fix",
          std::string("find out who else writes the Secret, for cert-manager will issue anew: cmctl status "
                      "certificate NAME; a GitOps tool that restores an old Secret does this")}});
  }
}

// Once for each file: a proxy lists dozens.
void check_listed(const Inventory& inventory, FindingSink& sink) {
  std::map<std::string_view, std::pair<SourceRef, std::int64_t>> files;
  for (const Artifact& artifact : inventory.artifacts) {
    const auto count = std::ranges::count_if(artifact.listed, [](const Listed& l) { return !l.certificate; });
    if (count != 0) files.try_emplace(artifact.source.file, artifact.source, 0).first->second.second += count;
  }
  for (const auto& [file, place] : files) {
    const bool one = place.second == 1;
    sink.report(kListedOnly, SourceRef{place.first.file, place.first.line, "", std::nullopt}, "",
                {{"count", place.second},
                 {"_certificates", std::string(one ? "certificate is" : "certificates are")}});
  }
}

std::string objects_of(const Inventory& inventory) {
  return base::some_of(inventory.objects, "", 3, [](const auto& object) { return object->title(); });
}

// An input that could be read and of which nothing was judged makes the run incomplete; that it did
// has to be said.
void check_nothing(const Inventory& inventory, FindingSink& sink) {
  const bool told = !inventory.defects.empty() || !inventory.errors.empty();
  const auto is_judged = [](const auto& object) { return object->is_judged(); };
  if (told || !inventory.artifacts.empty() || std::ranges::any_of(inventory.objects, is_judged)) return;
  if (inventory.objects.empty() && inventory.inputs == 0) return;
  const SourceRef where = inventory.objects.empty() ? SourceRef{} : inventory.objects.front()->source;
  const std::string detail = inventory.objects.empty()
                                 ? "nothing in it is of a known format"
                                 : objects_of(inventory) + ", of which no rule judges anything by itself";
  sink.report(kNoCertificates, where, "",
              {{"detail", detail},
               {"_fix",
                "give it together with what it refers to: the Secrets and ConfigMaps with certificates, the "
                "webhook configurations (kubectl get KIND -A -o yaml)"}});
}

void check_inventory(const Inventory& inventory, const Policy&, FindingSink& sink) {
  for (const Defect& defect : inventory.defects) report_defect(defect, "", sink);
  check_listed(inventory, sink);
  check_managed(inventory, sink);
  check_nothing(inventory, sink);
}

}  // namespace

extern const Check k_input_check;
const Check k_input_check{"input", kSpecs, &check_encoding, &check_artifact, &check_inventory};

}  // namespace meshcert::checks
