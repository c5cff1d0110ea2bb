// Family root: is the root the one this trust domain should have? Of names it speaks only when something
// is expected: a healthy old Citadel root is O=k8s.cluster.local. Keys: root_keys.cpp; bundles:
// root_bundles.cpp.

#include <algorithm>
#include <set>

#include "checks/root_bundles.hpp"
#include "checks/root_keys.hpp"
#include "checks/trust_domains.hpp"
#include "checks/trusted_roots.hpp"
#include "meshcert/spiffe_id.hpp"
#include "x509/name_match.hpp"

namespace meshcert::checks {

using enum Severity;

extern constexpr FindingSpec kSharedBetweenTrustDomains{
    "root.shared-between-trust-domains",
    warning,
    warning,
    "the root {subject} is trusted for {trust_domain} and for {other}: its CA can issue identities of both, so "
    "the one no longer keeps the other out",
    "give each trust domain a root of its own; to join them on purpose, federate their bundles",
    "SPIFFE Trust Domain and Bundle 6.2"};
extern constexpr FindingSpec kRotatedSameKey{
    "root.rotated-same-key",
    info,
    info,
    "the root {subject} stands in the bundle twice with one key, until {not_after} and until {other_not_after}: it was "
    "renewed, and what chains to the one chains to the other, unless it names its issuer by serial number",
    "nothing breaks while both are valid; once every peer has the later one, and nothing names the earlier by its serial "
    "number any more (openssl x509 -ext authorityKeyIdentifier), take the earlier out before it expires, for Envoy may pick "
    "the expired one (envoyproxy/envoy#38302)",
    "istio security/pkg/pki/ca: selfsignedcarootcertrotator.go"};
extern constexpr FindingSpec kTwinSubject{
    "root.twin-subject",
    warning,
    warning,
    "the bundle holds {keys} roots that are called {subject}, each with another key, until {_ends}; nothing but the "
    "signature tells which is meant, and Envoy (BoringSSL) and OpenSSL try the first of that name alone",
    "take out what nothing chains to any more: a CA that was created anew keeps its name and changes its key; roots "
    "that are to live side by side need key identifiers, and so does what they issue",
    "RFC 5280 4.2.1.1, 4.2.1.2; openssl crypto/x509/x509_vfy.c"};
extern constexpr FindingSpec kMissingFromBundle{
    "root.missing-from-bundle",
    error,
    error,
    "workloads of {trust_domain} chain to the root {root}{_key} ({workloads}), and this bundle of the same trust domain "
    "lacks it: {_holds}; who trusts this bundle refuses them{_doubt}",
    "put a root into every bundle before the first certificate under it is issued (istiod: root-cert.pem of the Secret "
    "cacerts), then restart the workloads that lag behind; meshcert bundle A B compares two bundles",
    "SPIFFE Trust Domain and Bundle 4; RFC 5280 6.1.1 (d)"};

extern constexpr FindingSpec kAcceptsUntrusted{
    "root.accepts-untrusted",
    warning,
    error,
    "the validation context of {bundle} has Envoy let in peers whose chain leads to none of its anchors "
    "(trust_chain_verification: ACCEPT_UNTRUSTED): whoever makes up a certificate with the right names is let in",
    "take trust_chain_verification out of the EnvoyFilter or the configuration that sets it; to take another CA's peers, trust its root",
    "envoy tls.v3.CertificateValidationContext.trust_chain_verification; X509-SVID 5.1"};
extern constexpr FindingSpec kAcceptsExpired{
    "root.accepts-expired",
    warning,
    error,
    "the validation context of {bundle} has Envoy take certificates that have expired (allow_expired_certificate)",
    "take allow_expired_certificate out of the EnvoyFilter or the configuration that sets it, once the peers have valid certificates: "
    "meshcert sweep finds those that have none",
    "envoy tls.v3.CertificateValidationContext.allow_expired_certificate; RFC 5280 6.1.3 (a) (2)"};

namespace {

constexpr std::string_view kFindOut =
    "find out which CA this is before trusting it: compare meshcert root -o json with the istio-ca-root-cert ConfigMap; "
    "if the CA was changed on purpose, correct the expectation";

constexpr FindingSpec kUnexpectedCn{
    "root.unexpected-cn", error, error, "the root's CN is {found}, expected {expected}{_looks}", kFindOut,
    "RFC 5280 4.1.2.6"};
constexpr FindingSpec kUnexpectedOrganization{"root.unexpected-organization",
                                              error,
                                              error,
                                              "the root's O is {found}, expected {expected}{_looks}",
                                              kFindOut,
                                              "RFC 5280 4.1.2.6"};
constexpr FindingSpec kUnexpectedId{
    "root.unexpected-id",
    error,
    error,
    "the root's URI SAN is {found}, expected {expected}{_looks}",
    "find out which CA this is; with an UpstreamAuthority, SPIRE's bundle holds the upstream's root: then ask "
    "for --ca custom",
    "X509-SVID 3.2"};
constexpr FindingSpec kNotSelfSigned{
    "root.not-self-signed",
    warning,
    warning,
    "the anchor {subject} is not self-signed{_why}: {_who}",
    "put the root that issued it into the bundle",
    "RFC 5280 3.2; envoy source/extensions/transport_sockets/tls/cert_validator/spiffe/spiffe_validator.cc"};
constexpr FindingSpec kPinMismatch{
    "root.pin-mismatch",
    error,
    error,
    "the root's SHA-256 is {found}, none of those pinned: {expected}",
    "if the root was rotated on purpose, pin the new fingerprint as well; if not, treat it as an attack",
    "docs/meshcert.1"};
constexpr FindingSpec kNoRoot{
    "root.no-root",
    error,
    error,
    "a root was expected, but no input holds a trust bundle{_of}",
    "dump ROOTCA of a pod (istioctl proxy-config secret POD -o json) or the ConfigMap: kubectl get cm "
    "istio-ca-root-cert -o jsonpath='{{.data.root-cert\\.pem}}'",
    "docs/inputs.md"};

constexpr const FindingSpec* kSpecs[] = {&kUnexpectedCn,      &kUnexpectedOrganization,
                                         &kUnexpectedId,      &kNotSelfSigned,
                                         &kPinMismatch,       &kSharedBetweenTrustDomains,
                                         &kRotatedSameKey,    &kTwinSubject,
                                         &kMissingFromBundle, &kNoRoot,
                                         &kAcceptsUntrusted,  &kAcceptsExpired};

using Values = std::vector<std::string>;

std::string shown(const Values& values) {
  std::string out;
  for (const std::string& value : values) out += (out.empty() ? "" : ", ") + (value.empty() ? "\"\"" : value);
  return values.empty() ? "absent" : out;
}

constexpr std::string_view kMeshCa = "istio_v1_cloud_workload_root-signer";

bool names_mesh_ca(const Values& names) {
  return std::ranges::any_of(names,
                             [](const std::string& name) { return name.find(kMeshCa) != std::string::npos; });
}

// The one URI of a SPIFFE signing certificate names its trust domain alone.
std::string_view spiffe_id_of(const Certificate& certificate) {
  const auto& names = certificate.extensions.subject_alt_name;
  return names && names->uri_count == 1 && names->has_spiffe_uri ? names->first_uri : std::string_view{};
}

// Whose root it looks like; names prove nothing, but tell where to look.
std::string looks_like(const Certificate& root) {
  if (names_mesh_ca(attribute_values(root.subject, AttributeType::common_name)))
    return "; it looks like Google's Mesh CA";
  if (!spiffe_id_of(root).empty()) return "; it looks like SPIRE's own CA";
  if (is_istiod_root_name(root.subject))
    return "; it looks like istiod's own CA for the trust domain " +
           shown(attribute_values(root.subject, AttributeType::organization));
  return "; it looks like a CA of your own (a plugged-in CA or an upstream's root)";
}

void report_unexpected(const FindingSpec& spec, const Subject& subject, std::string found,
                       std::string expected, FindingSink& sink) {
  sink.report(spec, subject,
              {{"found", std::move(found)},
               {"expected", std::move(expected)},
               {"_looks", looks_like(subject.certificate)}});
}

void expect_pattern(const FindingSpec& spec, const Subject& subject, const Values& found,
                    const std::optional<Pattern>& pattern, FindingSink& sink) {
  if (!pattern) return;
  const auto matches = [&](const std::string& value) { return pattern->matches(value); };
  if (found.empty() ? pattern->matches("") : std::ranges::all_of(found, matches)) return;
  report_unexpected(spec, subject, shown(found), "to match " + pattern->expression(), sink);
}

// Whose root it may be; anybody's where neither the caller nor the input says.
StatedDomains expected_domains(const StatedDomains& stated, const RootExpectation& expected) {
  return expected.trust_domain.empty() ? stated : StatedDomains(expected.trust_domain);
}

void check_istiod(const Subject& subject, const StatedDomains& domains, const Values& names,
                  const Values& organizations, FindingSink& sink) {
  if (!names.empty()) report_unexpected(kUnexpectedCn, subject, shown(names), "absent", sink);
  const bool one = organizations.size() == 1;
  if (one && (domains.empty() ? TrustDomain::parse(organizations.front()).has_value()
                              : domains.contains(organizations.front())))
    return;
  report_unexpected(
      kUnexpectedOrganization, subject, shown(organizations),
      domains.empty() ? "to be a trust domain (which one, --trust-domain says)" : domains.to_text(), sink);
}

void check_mesh_ca(const Subject& subject, const Values& names, const Values& organizations,
                   FindingSink& sink) {
  const Values google{"Google LLC"};
  if (!names_mesh_ca(names))
    report_unexpected(kUnexpectedCn, subject, shown(names), "to contain " + std::string(kMeshCa), sink);
  if (organizations != google)
    report_unexpected(kUnexpectedOrganization, subject, shown(organizations), shown(google), sink);
}

void check_spire(const Subject& subject, const StatedDomains& domains, FindingSink& sink) {
  constexpr std::string_view kScheme = "spiffe://";
  const std::string_view id = spiffe_id_of(subject.certificate);
  const std::string_view domain = id.starts_with(kScheme) ? id.substr(kScheme.size()) : std::string_view();
  if (domains.empty() ? TrustDomain::parse(domain).has_value() : domains.contains(domain)) return;
  report_unexpected(kUnexpectedId, subject, id.empty() ? "absent" : std::string(id),
                    domains.empty() ? "to be the ID of a trust domain" : domains.to_text(kScheme), sink);
}

// Where a CA was plugged in: istiod's own name says that the Secret cacerts was not read.
void check_custom(const Subject& subject, const StatedDomains& domains, const Values& names,
                  const Values& organizations, FindingSink& sink) {
  const bool istiod = is_istiod_root_name(subject.certificate.subject) && organizations.size() == 1;
  const StatedDomains istios = domains.empty() ? StatedDomains("cluster.local") : domains;
  if (istiod && istios.contains(organizations.front()))
    report_unexpected(kUnexpectedOrganization, subject, shown(organizations), "to be your own CA's", sink);
  if (names_mesh_ca(names))
    report_unexpected(kUnexpectedCn, subject, shown(names), "to be your own CA's", sink);
}

// istiod's self-signed root is O=<trust domain> and nothing else (istio
// security/pkg/pki/ca/ca.go); Google's Mesh CA is named in its CN; SPIRE's own CA
// carries the ID of its trust domain.
void check_authority(const Subject& subject, RootAuthority authority, const StatedDomains& domains,
                     const Values& names, const Values& organizations, FindingSink& sink) {
  switch (authority) {
    case RootAuthority::unstated:
      return;
    case RootAuthority::istiod:
      return check_istiod(subject, domains, names, organizations, sink);
    case RootAuthority::mesh_ca:
      return check_mesh_ca(subject, names, organizations, sink);
    case RootAuthority::spire:
      return check_spire(subject, domains, sink);
    case RootAuthority::custom:
      return check_custom(subject, domains, names, organizations, sink);
  }
}

// What could not be read may be a root.
bool may_hold_root(const Artifact& bundle) {
  return std::ranges::any_of(bundle.certificates, &Certificate::is_self_issued) ||
         std::ranges::any_of(bundle.defects, &Defect::lost);
}

// Envoy's SPIFFE validator has stores of its own for trust domains, and sets the flag in none.
std::string takers_of_anchor(const Artifact& bundle) {
  if (bundle.bundle != nullptr && !is_of_spiffe_validator(bundle))
    return "Envoy's SPIFFE validator, where it is given this, sets no PARTIAL_CHAIN and ends no path at it; Go "
           "(istiod, go-spiffe) does";
  if (!is_of_spiffe_validator(bundle))
    return "Envoy takes it as an anchor (PARTIAL_CHAIN), verifiers that want a root do not";
  return "Envoy's SPIFFE validator, which sets no PARTIAL_CHAIN, ends no path at it and refuses " +
         (may_hold_root(bundle) ? "what has no other way to a root"
                                : "every peer of the trust domain " + bundle.trust_domain);
}

void check_self_signed(const Subject& subject, FindingSink& sink) {
  const Certificate& certificate = subject.certificate;
  const bool issued = !x509::is_self_issued(certificate);
  if (!issued && certificate.self_signed.value_or(true)) return;
  const Artifact& bundle = subject.artifact;
  std::vector<Fact> facts{
      {"subject", title_of(certificate)},
      {"_why", issued ? " but issued by " + to_rfc4514(certificate.issuer)
                      : std::string(": issuer and subject agree, but another key signed it")},
      {"_who", takers_of_anchor(bundle)}};
  if (is_of_spiffe_validator(bundle) && !may_hold_root(bundle))
    return sink.report_at(error, kNotSelfSigned, subject, std::move(facts));
  sink.report(kNotSelfSigned, subject, std::move(facts));
}

// Without an expectation it is said of the mesh's own anchors, where their issuer is not beside them.
void check_anchors(const Artifact& bundle, FindingSink& sink) {
  if (bundle.kind != ArtifactKind::trust_bundle || !is_of_the_mesh(bundle)) return;
  for (std::size_t i = 0; i < bundle.certificates.size(); ++i) {
    const Certificate& anchor = bundle.certificates[i];
    const bool has_issuer = std::ranges::any_of(
        bundle.certificates, [&](const Certificate& other) { return other.subject == anchor.issuer; });
    if (anchor.is_ca() && !has_issuer) check_self_signed(Subject::of(bundle, i), sink);
  }
}

void check_pin(const Subject& subject, const Values& pins, FindingSink& sink) {
  if (pins.empty()) return;
  const std::string fingerprint = sha256_fingerprint(subject.certificate);
  if (std::ranges::find(pins, fingerprint) == pins.end())
    sink.report(kPinMismatch, subject, {{"found", fingerprint}, {"expected", shown(pins)}});
}

void check_expectation(const Subject& subject, const StatedDomains& stated, const RootExpectation& expected,
                       FindingSink& sink) {
  const Values names = attribute_values(subject.certificate.subject, AttributeType::common_name);
  const Values organizations = attribute_values(subject.certificate.subject, AttributeType::organization);
  check_authority(subject, expected.authority, expected_domains(stated, expected), names, organizations,
                  sink);
  expect_pattern(kUnexpectedCn, subject, names, expected.common_name, sink);
  expect_pattern(kUnexpectedOrganization, subject, organizations, expected.organization, sink);
  check_pin(subject, expected.pins, sink);
}

// What is stated to be another trust domain's is not this expectation's.
bool concerns(const Artifact& artifact, const RootExpectation& expected) {
  const std::string_view own = own_trust_domain(artifact);
  return expected.any() && (expected.trust_domain.empty() || own.empty() || own == expected.trust_domain);
}

// --expect speaks of the roots of a trust domain wherever a dump of one of its
// workloads shows them.
void check_root(const Subject& subject, const StatedDomains& stated, const Policy& policy,
                FindingSink& sink) {
  if (concerns(subject.artifact, policy.root)) {
    check_expectation(subject, stated, policy.root, sink);
    check_self_signed(subject, sink);
  }
  if (policy.expectations == nullptr) return;
  for (const RootExpectation& expected : policy.expectations->roots)
    if (stated.contains(expected.trust_domain)) check_expectation(subject, stated, expected, sink);
}

using Parts = std::set<const Artifact*>;

/// parts_below_roots are the files of plugged-in CAs beside their root: of those the names say what they are
/// (istio security/pkg/pki/ca/ca.go).
Parts parts_below_roots(const Inventory& inventory) {
  std::set<std::string> directories;
  for (const Artifact& artifact : inventory.artifacts)
    if (is_file(artifact, "root-cert.pem") && !artifact.certificates.empty())
      directories.insert(directory_of(artifact));
  Parts parts;
  for (const Artifact& artifact : inventory.artifacts)
    if (is_bundle(artifact.kind) &&
        (is_file(artifact, "ca-cert.pem") || is_file(artifact, "cert-chain.pem")) &&
        directories.contains(directory_of(artifact)))
      parts.insert(&artifact);
  return parts;
}

void check_roots(const Inventory& inventory, const Parts& below, const Policy& policy, FindingSink& sink) {
  const TrustDomains domains(inventory);
  for (const Artifact& artifact : inventory.artifacts) {
    if (below.contains(&artifact)) continue;
    const StatedDomains stated = domains.of(artifact);
    for (std::size_t i = 0; i < artifact.certificates.size(); ++i)
      if (shows_root(artifact, i)) check_root(Subject::of(artifact, i), stated, policy, sink);
  }
}

// An expectation that met no root was not fulfilled; those of other trust domains
// are named, for the wrong one may have been asked about.
void check_any_root(const Inventory& inventory, const Parts& below, const RootExpectation& expected,
                    FindingSink& sink) {
  StatedDomains::Names others;
  for (const Artifact& artifact : inventory.artifacts) {
    if (!shows_roots(artifact) || below.contains(&artifact)) continue;
    if (concerns(artifact, expected)) return;
    others.insert(own_trust_domain(artifact));
  }
  std::vector<Fact> facts{{"_of", std::string()}};
  if (!others.empty()) {
    const std::string there = list_of(others, " and ");
    facts = {{"_of", " of the trust domain " + expected.trust_domain + ", only of " + there},
             {"_fix", "ask about the trust domain that is there (--trust-domain), or dump a workload of " +
                          expected.trust_domain}};
  }
  sink.report(kNoRoot, first_input(inventory), "", std::move(facts));
}

void check_bundle(const Artifact& artifact, const Policy& policy, FindingSink& sink) {
  check_rotated_keys(artifact, policy, sink);
  check_leniency(artifact, sink);
}

void check_inventory(const Inventory& inventory, const Policy& policy, FindingSink& sink) {
  check_shared_keys(inventory, sink);
  check_twins(inventory, sink);
  check_missing_roots(inventory, sink);
  if (!policy.root.any())
    for (const Artifact& artifact : inventory.artifacts) check_anchors(artifact, sink);
  if (!policy.asks_for_roots()) return;
  const Parts below = parts_below_roots(inventory);
  check_roots(inventory, below, policy, sink);
  if (policy.root.any()) check_any_root(inventory, below, policy.root, sink);
}

}  // namespace

extern const Check k_root_check;
const Check k_root_check{"root", kSpecs, nullptr, &check_bundle, &check_inventory};

}  // namespace meshcert::checks
