// Family usage: key usage, extended key usage and the CA flag, for the role a
// certificate has (or is asked about: `usage --role`).

#include "base/words.hpp"
#include "checks/check.hpp"
#include "checks/signing_ca.hpp"
#include "checks/trusted_roots.hpp"
#include "meshcert/verification.hpp"

namespace meshcert::checks {
namespace {

using enum Severity;

constexpr std::string_view kReissueLeaf =
    "reissue it; a workload's certificate has keyUsage critical digitalSignature (and "
    "keyEncipherment), basicConstraints CA:FALSE";

constexpr std::string_view kReissueOther =
    "reissue it with keyUsage critical digitalSignature (of an RSA key, and keyEncipherment)";

constexpr std::string_view kReissueCa =
    "reissue the CA certificate with a critical keyUsage that has keyCertSign: go-spiffe refuses the "
    "chains of an intermediate without";

constexpr FindingSpec kNoKeyUsage{"usage.no-key-usage",
                                  error,
                                  error,
                                  "the workload's certificate has no keyUsage; an X509-SVID must have it",
                                  kReissueLeaf,
                                  "X509-SVID 4.3"};
constexpr FindingSpec kCaNoKeyUsage{
    "usage.ca-no-key-usage",
    info,
    error,
    "the CA certificate has no keyUsage; RFC 5280 asks CAs for keyCertSign there, verifiers take its "
    "absence as every usage",
    "nothing breaks; give its successor a critical keyUsage with keyCertSign",
    "RFC 5280 4.2.1.3; X509-SVID 4.3"};
constexpr FindingSpec kKeyUsageNotCritical{
    "usage.key-usage-not-critical",
    warning,
    error,
    "keyUsage ({found}) is not critical; X509-SVID requires and RFC 5280 recommends that it is",
    "reissue it with a critical keyUsage; Istio's own CA marks it so",
    "X509-SVID 4.3; RFC 5280 4.2.1.3"};
constexpr FindingSpec kNoDigitalSignature{
    "usage.no-digital-signature",
    error,
    error,
    "keyUsage ({found}) lacks digitalSignature, without which a TLS handshake cannot prove possession of the key",
    kReissueLeaf,
    "X509-SVID 4.3"};
constexpr FindingSpec kLeafSignsCertificates{
    "usage.leaf-signs-certificates",
    error,
    error,
    "the workload's certificate has keyUsage keyCertSign; a leaf must not, and SPIFFE validators "
    "refuse it (Envoy: 'cert precheck')",
    kReissueLeaf,
    "X509-SVID 4.3, 5.2"};
constexpr FindingSpec kLeafSignsCrls{
    "usage.leaf-signs-crls",
    error,
    error,
    "the workload's certificate has keyUsage cRLSign; a leaf must not, and SPIFFE validators refuse it "
    "(Envoy: 'cert precheck')",
    kReissueLeaf,
    "X509-SVID 4.3, 5.2"};
constexpr FindingSpec kLeafIsCa{
    "usage.leaf-is-ca",
    error,
    error,
    "the workload's certificate says CA:TRUE; a signing certificate must not authenticate a workload",
    "put the workload's own certificate first in the chain, or reissue it with CA:FALSE",
    "X509-SVID 4.1, 5.2"};
constexpr FindingSpec kCaFlagMissing{
    "usage.ca-flag-missing",
    error,
    error,
    "a signing certificate must say CA:TRUE; its basicConstraints {found}, so nothing below it verifies",
    "reissue the CA certificate with critical basicConstraints CA:TRUE",
    "RFC 5280 4.2.1.9; X509-SVID 4.1"};
constexpr FindingSpec kCaCannotSign{
    "usage.ca-cannot-sign",
    error,
    error,
    "the CA's keyUsage ({found}) lacks keyCertSign, so nothing it signed verifies",
    "reissue the CA certificate with keyUsage keyCertSign",
    "RFC 5280 4.2.1.3; X509-SVID 4.3"};
constexpr FindingSpec kEkuLacksServerAuth{
    "usage.eku-lacks-server-auth",
    error,
    error,
    "extendedKeyUsage ({found}) lacks serverAuth: clients refuse it as a server's certificate{_any}",
    "reissue it with extendedKeyUsage serverAuth{_and_client}",
    "X509-SVID 4.4; RFC 5280 4.2.1.12"};
constexpr FindingSpec kEkuLacksClientAuth{
    "usage.eku-lacks-client-auth",
    error,
    error,
    "extendedKeyUsage ({found}) lacks clientAuth: servers refuse it as a client's certificate{_any}",
    "reissue it with extendedKeyUsage clientAuth{_and_server}",
    "X509-SVID 4.4; RFC 5280 4.2.1.12"};
constexpr FindingSpec kNoExtendedKeyUsage{
    "usage.no-extended-key-usage",
    info,
    info,
    "the workload's certificate has no extendedKeyUsage; X509-SVID wants serverAuth and clientAuth in it, though peers "
    "take one without for every use",
    "have it issued with extendedKeyUsage serverAuth and clientAuth, as istiod and SPIRE do",
    "X509-SVID 4.4"};
constexpr FindingSpec kCaEkuRestricts{
    "usage.ca-eku-restricts",
    warning,
    warning,
    "the CA's extendedKeyUsage ({found}) lacks {missing}; {_who} read it as a limit "
    "on what it may issue, so mutual TLS fails below it",
    "reissue the CA certificate without extendedKeyUsage, or with serverAuth and clientAuth",
    "X509-SVID 4.4"};

constexpr const FindingSpec* kSpecs[] = {&kNoKeyUsage,         &kCaNoKeyUsage,          &kKeyUsageNotCritical,
                                         &kNoDigitalSignature, &kLeafSignsCertificates, &kLeafSignsCrls,
                                         &kLeafIsCa,           &kCaFlagMissing,         &kCaCannotSign,
                                         &kEkuLacksServerAuth, &kEkuLacksClientAuth,    &kNoExtendedKeyUsage,
                                         &kCaEkuRestricts};

Fact found_usage(const Extensions& extensions) {
  return {"found", base::join(key_usage_names(*extensions.key_usage), "none")};
}

Fact found_eku(const Extensions& extensions) {
  return {"found", base::join(extended_key_usage_names(*extensions.extended_key_usage), "none")};
}

void check_signature_use(const Subject& subject, FindingSink& sink) {
  const Extensions& extensions = subject.certificate.extensions;
  if (extensions.key_usage && !extensions.key_usage->has(KeyUsage::digital_signature))
    sink.report(kNoDigitalSignature, subject,
                subject.in_workload_chain()
                    ? std::vector<Fact>{found_usage(extensions)}
                    : std::vector<Fact>{found_usage(extensions), {"_fix", kReissueOther}});
}

void check_leaf_key_usage(const Subject& subject, FindingSink& sink) {
  const Extensions& extensions = subject.certificate.extensions;
  if (extensions.key_usage.absent()) return sink.report(kNoKeyUsage, subject);
  if (!extensions.key_usage) return;
  const KeyUsage usage = *extensions.key_usage;
  check_signature_use(subject, sink);
  if (usage.has(KeyUsage::key_cert_sign)) sink.report(kLeafSignsCertificates, subject);
  if (usage.has(KeyUsage::crl_sign)) sink.report(kLeafSignsCrls, subject);
}

// OpenSSL, BoringSSL (crypto/x509/v3_purp) and webpki want the usage itself, Go takes "any" for it.
Fact who_takes_any(const ExtendedKeyUsage& eku) {
  return {"_any", eku.any ? "; Go takes anyExtendedKeyUsage for it, OpenSSL, BoringSSL (Envoy) and "
                            "rustls (ztunnel) do not"
                          : ""};
}

void check_server_auth(const Subject& subject, FindingSink& sink, bool both) {
  const auto& eku = subject.certificate.extensions.extended_key_usage;
  if (eku && !eku->server_auth)
    sink.report(kEkuLacksServerAuth, subject,
                {found_eku(subject.certificate.extensions),
                 who_takes_any(*eku),
                 {"_and_client", both ? " and clientAuth" : ""}});
}

void check_client_auth(const Subject& subject, FindingSink& sink, bool both) {
  const auto& eku = subject.certificate.extensions.extended_key_usage;
  if (eku && !eku->client_auth)
    sink.report(kEkuLacksClientAuth, subject,
                {found_eku(subject.certificate.extensions),
                 who_takes_any(*eku),
                 {"_and_server", both ? " and serverAuth" : ""}});
}

void check_workload(const Subject& subject, FindingSink& sink) {
  if (subject.certificate.is_ca()) sink.report(kLeafIsCa, subject);
  check_leaf_key_usage(subject, sink);
  check_server_auth(subject, sink, true);
  check_client_auth(subject, sink, true);
  if (!subject.certificate.is_ca() && subject.certificate.extensions.extended_key_usage.absent())
    sink.report(kNoExtendedKeyUsage, subject);
}

// A v1 certificate has no extensions at all; Go, OpenSSL and BoringSSL take a
// self-issued one as an anchor.
bool is_v1_anchor(const Certificate& certificate) {
  return certificate.version == 1 && certificate.is_self_issued();
}

void check_ca_flag(const Subject& subject, FindingSink& sink) {
  const Certificate& certificate = subject.certificate;
  const auto& constraints = certificate.extensions.basic_constraints;
  if (certificate.is_ca() || constraints.malformed() || is_v1_anchor(certificate)) return;
  sink.report(kCaFlagMissing, subject, {{"found", constraints ? "say CA:FALSE" : "are absent"}});
}

void check_ca_key_usage(const Subject& subject, const Policy& policy, FindingSink& sink) {
  const Extensions& extensions = subject.certificate.extensions;
  if (extensions.key_usage.absent())
    sink.report(
        kCaNoKeyUsage, subject,
        policy.profile == Profile::spiffe ? std::vector<Fact>{{"_fix", kReissueCa}} : std::vector<Fact>{});
  if (extensions.key_usage && !extensions.key_usage->has(KeyUsage::key_cert_sign))
    sink.report(kCaCannotSign, subject, {found_usage(extensions)});
}

/// What a CA is for where it stands. The root in a chain is nobody's anchor; peers use their own copy.
enum class Need : std::uint8_t { nothing, either, both };

Need need_of(const Subject& subject, const Policy& policy) {
  if (subject.in_workload_chain()) return subject.role == Role::intermediate ? Need::both : Need::nothing;
  const ArtifactKind kind = subject.artifact.kind;
  if (is_bundle(kind) ? kind == ArtifactKind::trust_bundle && is_of_the_mesh(subject.artifact)
                      : kind == ArtifactKind::ca_secret && is_signing_ca(subject.artifact))
    return Need::both;
  if (policy.usage_role == UsageRole::ca) return Need::both;
  // Others may be the CA of a gateway's clients, or of a server.
  return is_bundle(kind) || kind == ArtifactKind::ca_secret ? Need::either : Need::nothing;
}

// RFC 5280 6.1 has no use for an anchor's own usages, but Go, OpenSSL and BoringSSL look at them as at
// those of any other CA; webpki does not.
void check_ca_eku(const Subject& subject, const Policy& policy, FindingSink& sink) {
  const auto& eku = subject.certificate.extensions.extended_key_usage;
  const Need need = eku ? need_of(subject, policy) : Need::nothing;
  if (need == Need::nothing || (eku->server_auth && eku->client_auth)) return;
  if (need == Need::either && (eku->server_auth || eku->client_auth)) return;
  std::string missing = eku->server_auth ? "clientAuth" : "serverAuth";
  if (!eku->server_auth && !eku->client_auth) missing += " and clientAuth";
  sink.report(kCaEkuRestricts, subject,
              {found_eku(subject.certificate.extensions),
               {"missing", std::move(missing)},
               {"_who", eku->any ? "OpenSSL and BoringSSL (not Go, which takes anyExtendedKeyUsage)"
                                 : "OpenSSL, Go and BoringSSL"}});
}

void check_ca(const Subject& subject, const Policy& policy, FindingSink& sink) {
  check_ca_flag(subject, sink);
  if (subject.certificate.is_ca() || is_v1_anchor(subject.certificate))
    check_ca_key_usage(subject, policy, sink);
  check_ca_eku(subject, policy, sink);
}

// A role that was asked for is that of the certificate one would present: the
// leaf, or the first of a file of CA certificates.
bool is_presented(const Subject& subject) {
  return subject.role == Role::leaf ||
         (subject.index == 0 && subject.artifact.kind == ArtifactKind::ca_bundle);
}

UsageRole role_asked(const Policy& policy) {
  const ChainPurpose purpose = policy.verification ? policy.verification->purpose : ChainPurpose::unstated;
  if (purpose == ChainPurpose::server) return UsageRole::server;
  return purpose == ChainPurpose::client ? UsageRole::client : UsageRole::automatic;
}

// A leaf that is no workload's is for what is asked, for what presented it, or for what it says. A
// credential of a proxy's is a server's; in a Secret one for clients alone is theirs: where a gateway
// serves it, the family gateway says so.
UsageRole role_of_leaf(const Subject& subject, const Policy& policy) {
  const Artifact& artifact = subject.artifact;
  const auto& usage = subject.certificate.extensions.extended_key_usage;
  const bool stated = usage && (usage->server_auth || usage->client_auth);
  const bool secret = artifact.kind == ArtifactKind::tls_secret;
  if (artifact.kind == ArtifactKind::certificate_chain && role_asked(policy) != UsageRole::automatic)
    return role_asked(policy);
  if ((artifact.presented && !artifact.probe) || (secret && (!stated || !artifact.object)))
    return UsageRole::server;
  if (!stated) return UsageRole::automatic;
  return usage->server_auth ? UsageRole::server : UsageRole::client;
}

UsageRole effective_role(const Subject& subject, const Policy& policy) {
  const bool asked = policy.usage_role != UsageRole::automatic;
  if (asked && is_presented(subject)) return policy.usage_role;
  if (subject.role == Role::leaf) {
    if (subject.in_workload_chain()) return UsageRole::workload;
    return role_of_leaf(subject, policy);
  }
  const bool anchors =
      subject.artifact.kind == ArtifactKind::trust_bundle || is_v1_anchor(subject.certificate);
  // Without a CA flag keyCertSign alone says so (RFC 5280 4.2.1.9 asks for both).
  const auto& usage = subject.certificate.extensions.key_usage;
  const bool claims = usage && usage->has(KeyUsage::key_cert_sign);
  return subject.signs() || claims || anchors || policy.usage_role == UsageRole::ca ? UsageRole::ca
                                                                                    : UsageRole::automatic;
}

void check_certificate(const Subject& subject, const Policy& policy, FindingSink& sink) {
  const Extensions& extensions = subject.certificate.extensions;
  switch (effective_role(subject, policy)) {
    case UsageRole::workload:
      check_workload(subject, sink);
      break;
    case UsageRole::server:
      check_signature_use(subject, sink);
      check_server_auth(subject, sink, false);
      break;
    case UsageRole::client:
      check_signature_use(subject, sink);
      check_client_auth(subject, sink, false);
      break;
    case UsageRole::ca:
      check_ca(subject, policy, sink);
      break;
    case UsageRole::automatic:
      break;
  }
  if (extensions.key_usage && !extensions.key_usage.critical())
    sink.report(kKeyUsageNotCritical, subject, {found_usage(extensions)});
}

}  // namespace

extern const Check k_usage_check;
const Check k_usage_check{"usage", kSpecs, &check_certificate};

}  // namespace meshcert::checks
