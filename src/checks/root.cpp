// Family root: is the root the one this trust domain should have? It speaks
// only when something is expected: CN and O prove nothing by themselves, and a
// healthy old Citadel root is O=k8s.cluster.local for the domain cluster.local.

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "checks/check.hpp"
#include "checks/trusted_roots.hpp"

namespace meshcert::checks {
namespace {

using enum Severity;

constexpr FindingSpec kUnexpectedCn{
    "root.unexpected-cn",
    error,
    error,
    "the root's CN is {found}, expected {expected}{_looks}",
    "find out which CA this is before trusting it: compare meshcert root -o json with the "
    "istio-ca-root-cert ConfigMap; if the CA was changed on purpose, correct the expectation",
    "RFC 5280 4.1.2.6"};
constexpr FindingSpec kUnexpectedOrganization{
    "root.unexpected-organization",
    error,
    error,
    "the root's O is {found}, expected {expected}{_looks}",
    "find out which CA this is before trusting it: compare meshcert root -o json with the "
    "istio-ca-root-cert ConfigMap; if the CA was changed on purpose, correct the expectation",
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
    "the anchor {subject} is not self-signed{_why}: Envoy takes it as an anchor (PARTIAL_CHAIN), "
    "verifiers that want a root do not",
    "put the root that issued it into the bundle",
    "RFC 5280 3.2"};
constexpr FindingSpec kPinMismatch{
    "root.pin-mismatch",
    error,
    error,
    "the root's SHA-256 is {found}; allowed is {expected}",
    "if the root was rotated on purpose, pin the new fingerprint as well; if not, treat it as an attack",
    "docs/meshcert.1"};
constexpr FindingSpec kSharedBetweenTrustDomains{
    "root.shared-between-trust-domains",
    warning,
    warning,
    "the root {subject} is trusted for {trust_domain} and for {other}: its CA can issue identities of both, so "
    "the one no longer keeps the other out",
    "give each trust domain a root of its own; to join them on purpose, federate their bundles",
    "SPIFFE Trust Domain and Bundle 6.2"};
constexpr FindingSpec kNoRoot{
    "root.no-root",
    error,
    error,
    "a root was expected, but no input holds a trust bundle",
    "dump ROOTCA of a pod (istioctl proxy-config secret POD -o json) or the ConfigMap: kubectl get cm "
    "istio-ca-root-cert -o jsonpath='{{.data.root-cert\\.pem}}'",
    "docs/inputs.md"};

constexpr const FindingSpec* kSpecs[] = {
    &kUnexpectedCn, &kUnexpectedOrganization,    &kUnexpectedId, &kNotSelfSigned,
    &kPinMismatch,  &kSharedBetweenTrustDomains, &kNoRoot};

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

void expect_exactly(const FindingSpec& spec, const Subject& subject, const Values& found,
                    const Values& expected, FindingSink& sink) {
  if (found != expected) report_unexpected(spec, subject, shown(found), shown(expected), sink);
}

// istiod's self-signed root is O=<trust domain> and nothing else (istio
// security/pkg/pki/ca/ca.go); Google's Mesh CA is named in its CN; SPIRE's own CA
// carries the ID of its trust domain. Where a CA was plugged in, none of these
// should be there: istiod's own name says that the Secret cacerts was not read.
void check_authority(const Subject& subject, const RootExpectation& expected, const Values& names,
                     const Values& organizations, FindingSink& sink) {
  const std::string id(spiffe_id_of(subject.certificate));
  switch (expected.authority) {
    case RootAuthority::unstated:
      return;
    case RootAuthority::istiod:
      expect_exactly(kUnexpectedCn, subject, names, {}, sink);
      return expect_exactly(kUnexpectedOrganization, subject, organizations, {expected.trust_domain}, sink);
    case RootAuthority::mesh_ca:
      if (!names_mesh_ca(names))
        report_unexpected(kUnexpectedCn, subject, shown(names), "to contain " + std::string(kMeshCa), sink);
      return expect_exactly(kUnexpectedOrganization, subject, organizations, {"Google LLC"}, sink);
    case RootAuthority::spire:
      if (id != "spiffe://" + expected.trust_domain)
        report_unexpected(kUnexpectedId, subject, id.empty() ? "absent" : id,
                          "spiffe://" + expected.trust_domain, sink);
      return;
    case RootAuthority::custom:
      if (is_istiod_root_name(subject.certificate.subject) && organizations == Values{expected.trust_domain})
        report_unexpected(kUnexpectedOrganization, subject, shown(organizations), "to be your own CA's",
                          sink);
      if (names_mesh_ca(names))
        report_unexpected(kUnexpectedCn, subject, shown(names), "to be your own CA's", sink);
      return;
  }
}

void check_self_signed(const Subject& subject, FindingSink& sink) {
  const Certificate& certificate = subject.certificate;
  const bool issued = !certificate.is_self_issued();
  if (!issued && certificate.self_signed.value_or(true)) return;
  sink.report(kNotSelfSigned, subject,
              {{"subject", to_rfc4514(certificate.subject)},
               {"_why", issued ? " but issued by " + to_rfc4514(certificate.issuer)
                               : std::string(": issuer and subject agree, but another key signed it")}});
}

void check_pin(const Subject& subject, const Values& pins, FindingSink& sink) {
  if (pins.empty()) return;
  const std::string fingerprint = sha256_fingerprint(subject.certificate);
  if (std::ranges::find(pins, fingerprint) == pins.end())
    sink.report(kPinMismatch, subject, {{"found", fingerprint}, {"expected", shown(pins)}});
}

// A bundle that is stated to be another trust domain's is not this expectation's.
bool concerns(const Artifact& artifact, const RootExpectation& expected) {
  const bool domain = artifact.trust_domain.empty() || artifact.trust_domain == expected.trust_domain;
  return is_bundle(artifact.kind) && domain && is_of_the_mesh(artifact);
}

// Istio serves its root at the end of a workload's chain as well.
bool is_root_of_chain(const Subject& subject) {
  return subject.in_workload_chain() && subject.role == Role::root;
}

void check_expectation(const Subject& subject, const RootExpectation& expected, FindingSink& sink) {
  const Values names = attribute_values(subject.certificate.subject, AttributeType::common_name);
  const Values organizations = attribute_values(subject.certificate.subject, AttributeType::organization);
  check_authority(subject, expected, names, organizations, sink);
  expect_pattern(kUnexpectedCn, subject, names, expected.common_name, sink);
  expect_pattern(kUnexpectedOrganization, subject, organizations, expected.organization, sink);
  check_pin(subject, expected.pins, sink);
}

void check_certificate(const Subject& subject, const Policy& policy, FindingSink& sink) {
  const RootExpectation& expected = policy.root;
  if (!expected.any() || (!concerns(subject.artifact, expected) && !is_root_of_chain(subject))) return;
  check_expectation(subject, expected, sink);
  check_self_signed(subject, sink);
}

// The trust domains of the workloads that each file holds.
using DomainsOfFiles = std::map<std::string_view, std::set<std::string_view>>;

DomainsOfFiles domains_of_files(const Inventory& inventory) {
  DomainsOfFiles domains;
  for (const Artifact& artifact : inventory.artifacts)
    if (artifact.kind == ArtifactKind::workload_chain && !artifact.certificates.empty())
      domains[artifact.source.file].insert(trust_domain_of(artifact));
  return domains;
}

bool is_of_domain(const Artifact& bundle, const std::string& domain, const DomainsOfFiles& domains) {
  if (!bundle.trust_domain.empty()) return bundle.trust_domain == domain;
  const auto found = domains.find(bundle.source.file);
  return found != domains.end() && found->second.contains(domain);
}

// The same key in the bundles of two trust domains of one dump; said once for a key.
void check_shared(const Inventory& inventory, FindingSink& sink) {
  struct First {
    std::string_view trust_domain;
    bool told = false;
  };
  std::map<std::pair<std::string_view, std::string_view>, First> seen;  // by file and key
  for (const Artifact& artifact : inventory.artifacts) {
    if (!is_bundle(artifact.kind) || artifact.trust_domain.empty()) continue;
    for (std::size_t i = 0; i < artifact.certificates.size(); ++i) {
      const Certificate& root = artifact.certificates[i];
      const auto [entry, added] =
          seen.try_emplace({artifact.source.file, as_text(root.key.spki)}, First{artifact.trust_domain});
      First& first = entry->second;
      if (added || first.told || first.trust_domain == artifact.trust_domain) continue;
      first.told = true;
      sink.report(kSharedBetweenTrustDomains, Subject{artifact, root, i, role_of(artifact, i)},
                  {{"subject", to_rfc4514(root.subject)},
                   {"trust_domain", artifact.trust_domain},
                   {"other", std::string(first.trust_domain)}});
    }
  }
}

// --expect: what the roots of a trust domain must be, wherever a dump of one of
// its workloads shows them.
void check_expected_roots(const Inventory& inventory, const Expectations& expectations, FindingSink& sink) {
  const DomainsOfFiles domains = domains_of_files(inventory);
  for (const Artifact& artifact : inventory.artifacts) {
    if (!is_bundle(artifact.kind) || !is_of_the_mesh(artifact)) continue;
    for (const RootExpectation& expected : expectations.roots) {
      if (!is_of_domain(artifact, expected.trust_domain, domains)) continue;
      for (std::size_t i = 0; i < artifact.certificates.size(); ++i)
        check_expectation(Subject{artifact, artifact.certificates[i], i, role_of(artifact, i)}, expected,
                          sink);
    }
  }
}

void check_inventory(const Inventory& inventory, const Policy& policy, FindingSink& sink) {
  check_shared(inventory, sink);
  if (policy.expectations != nullptr) check_expected_roots(inventory, *policy.expectations, sink);
  const auto judged = [&](const Artifact& artifact) {
    if (concerns(artifact, policy.root)) return !artifact.certificates.empty();
    const bool chain = artifact.kind == ArtifactKind::workload_chain;
    return chain && !artifact.certificates.empty() &&
           role_of(artifact, artifact.certificates.size() - 1) == Role::root;
  };
  if (policy.root.any() && !std::ranges::any_of(inventory.artifacts, judged))
    sink.report(kNoRoot, first_input(inventory), "");
}

}  // namespace

extern const Check k_root_check;
const Check k_root_check{"root", kSpecs, &check_certificate, nullptr, &check_inventory};

}  // namespace meshcert::checks
