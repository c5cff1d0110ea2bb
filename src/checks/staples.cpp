// OCSP staples: tls.ocsp-staple beside tls.crt in Secrets, ocsp_staple in dumps of Envoy (istio
// pilot/pkg/credentials/kube/secrets.go; envoy source/common/tls/ocsp/ocsp.cc).
#include <algorithm>
#include <array>

#include "checks/revocation.hpp"
#include "checks/trusted_roots.hpp"
#include "meshcert/kubernetes.hpp"
#include "x509/extensions.hpp"
#include "x509/oids.hpp"

namespace meshcert::checks {
namespace {

bool has_pair(const Credential& credential) {
  const auto is_given = [&credential](std::string_view name) {
    const Credential::Key* key = credential.find(name);
    return key != nullptr && !key->empty;
  };
  return is_given("cert") && is_given("key");
}

// What is sent along with a chain; null where nothing is. With Istio's own keys in the Secret,
// istiod takes no staple.
const OcspStaple* staple_of(const Artifact& artifact) {
  if (artifact.staple != nullptr) return artifact.staple.get();
  const auto* credential = artifact.object == nullptr ? nullptr : artifact.object->as<Credential>();
  const bool taken =
      credential != nullptr && credential->staple && artifact.name == "tls.crt" && !has_pair(*credential);
  return taken ? &*credential->staple : nullptr;
}

void check_staple(const Artifact& artifact, const OcspStaple& staple, const Policy& policy,
                  FindingSink& sink) {
  const Certificate& leaf = artifact.certificates[artifact.leaf];
  const OcspAnswer& answer = staple.answer;
  const auto report = [&](const FindingSpec& spec, std::vector<Fact> facts) {
    facts.push_back({"subject", title_of(leaf)});
    facts.push_back({"serial", serial_hex(leaf)});
    sink.report(spec, staple.where, artifact.shown_name(), std::move(facts));
  };
  if (!std::ranges::equal(answer.serial, leaf.serial))
    return report(kStapleOfAnother, {{"found", serial_hex(answer.serial)}});
  if (answer.status == OcspAnswer::Status::revoked) report(kStapleRevoked, {{"at", policy.at}});
  if (answer.next_update && *answer.next_update + policy.skew < policy.at)
    report(kStapleExpired,
           {{"this_update", answer.this_update}, {"next_update", *answer.next_update}, {"at", policy.at}});
}

constexpr x509::Oid kTlsFeature{"1.3.6.1.5.5.7.1.24"};

// The octets that Envoy compares with (source/common/tls/context_impl.cc): of status_request alone
// (RFC 7633 6). A certificate with other features is served without a staple.
constexpr std::array<std::uint8_t, 5> kStatusRequest = {0x30, 0x03, 0x02, 0x01, 0x05};

bool demands_staple(const Certificate& certificate) {
  bool found = false;
  x509::for_each_extension(certificate.extensions, [&found](const x509::RawExtension& one) {
    found = found || (kTlsFeature == one.oid && std::ranges::equal(one.value, kStatusRequest));
  });
  return found;
}

bool may_be_served(const Artifact& artifact) {
  return !artifact.certificates.empty() && artifact.probe == nullptr &&
         (artifact.kind == ArtifactKind::tls_secret || artifact.kind == ArtifactKind::workload_chain ||
          artifact.kind == ArtifactKind::certificate_chain);
}

// What a dump or a file does not show may be there all the same: a warning.
void check_demand(const Artifact& artifact, FindingSink& sink) {
  if (!demands_staple(artifact.certificates[artifact.leaf])) return;
  const auto* credential = artifact.object == nullptr ? nullptr : artifact.object->as<Credential>();
  const auto* staple = credential == nullptr ? nullptr : credential->find("tls.ocsp-staple");
  if (staple != nullptr && !staple->empty && !has_pair(*credential)) return;
  const bool serves = credential != nullptr && artifact.kind == ArtifactKind::tls_secret;
  const Subject leaf{artifact, artifact.certificates[artifact.leaf], artifact.leaf, Role::leaf};
  sink.report_at(serves ? Severity::error : Severity::warning, kStapleMissing, leaf,
                 {{"subject", title_of(leaf.certificate)},
                  {"_where", serves ? "the Secret has no tls.ocsp-staple that istiod takes"
                                    : "none is seen here; agents of a mesh fetch none"}});
}

}  // namespace

void check_staples(const Inventory& inventory, const Policy& policy, FindingSink& sink) {
  for (const Artifact& artifact : inventory.artifacts) {
    if (!may_be_served(artifact)) continue;
    if (const OcspStaple* staple = staple_of(artifact))
      check_staple(artifact, *staple, policy, sink);
    else
      check_demand(artifact, sink);
  }
}

}  // namespace meshcert::checks
