// Family probe: how a conversation with a server ended, and what it agreed to. What
// it presented is judged as any chain is.

#include "meshcert/probe.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "checks/check.hpp"
#include "meshcert/verification.hpp"
#include "path/peer_name.hpp"
#include "x509/titles.hpp"

namespace meshcert::checks {
namespace {

using enum Severity;

constexpr FindingSpec kRefused{
    "probe.refused",
    error,
    error,
    "nothing listens at {address}: {detail}",
    "is the port right, and does the workload run? kubectl get endpointslices -n NAMESPACE; inside a mesh, "
    "probe from a pod",
    "RFC 9293 3.5"};
constexpr FindingSpec kUnreachable{
    "probe.unreachable", error,         error, "{target} cannot be reached ({stage}): {detail}",
    "{_next}",           "RFC 9293 3.9"};
constexpr FindingSpec kTimeout{
    "probe.timeout", error,
    error,           "{target} did not finish in time; it was still at the stage {stage}: {detail}",
    "{_next}",       "RFC 9293 3.8"};
constexpr FindingSpec kOversized{
    "probe.oversized",
    error,
    error,
    "{target} sent more than a handshake may have ({detail}) and was cut off",
    "no chain of a mesh is that long: look at what listens there; --max-handshake raises the limit",
    "docs/limits.md"};
constexpr FindingSpec kReset{
    "probe.reset", error,
    error,         "{detail} during the {stage}, without a TLS alert; {_required} is required",
    "{_next}",     "RFC 8446 6.1"};
constexpr FindingSpec kAlert{"probe.alert", error,
                             error,         "the server broke off the handshake with the alert {alert}",
                             "{_next}",     "RFC 8446 6.2"};
constexpr FindingSpec kClientCertificateRequired{
    "probe.client-certificate-required",
    info,
    info,
    "the server requires a client certificate and got none ({detail}); its chain is shown all the same",
    "to go on as a workload, give its own: --cert cert-chain.pem --key key.pem",
    "RFC 8446 4.4.2.4"};
constexpr FindingSpec kClientCertificateRefused{
    "probe.client-certificate-refused",
    error,
    error,
    "the server refused the client certificate given ({detail}); it accepts {issuers}",
    "inspect it: meshcert inspect CERT; was it issued below one of these CAs, and is it still valid?",
    "RFC 8446 6.2"};
constexpr FindingSpec kPlaintextServer{
    "probe.plaintext-server",
    error,
    error,
    "the server speaks plain text, not TLS: it answered \"{detail}\"",
    "is it another port? For a protocol that begins in plain text: --starttls smtp (imap, pop3, ldap, postgres, "
    "mysql, ftp, xmpp)",
    "RFC 8446 5.1"};
constexpr FindingSpec kStarttlsRefused{
    "probe.starttls-refused",
    error,
    error,
    "the server does not go over to TLS: it answered \"{detail}\"",
    "is TLS configured there, and is it the protocol named by --starttls? Where TLS begins at once, leave "
    "--starttls out",
    "RFC 3207 4"};
constexpr FindingSpec kHandshakeFailed{
    "probe.handshake-failed",
    error,
    error,
    "what the server sent is no handshake that can be finished: {detail}",
    "the chain, where there is one, is judged below; restrict the versions to see which one fails: --tls-max 1.2",
    "RFC 8446 4"};
constexpr FindingSpec kPlaintextAccepted{
    "probe.plaintext-accepted",
    error,
    error,
    "{target} speaks plain text (it answered an HTTP request with \"{detail}\"), so mutual TLS is not enforced there",
    "set the PeerAuthentication of the workload to STRICT: kubectl get peerauthentication -A; probe again",
    "istio security/v1 PeerAuthentication"};
constexpr FindingSpec kNotVerified{
    "probe.not-verified",
    info,
    info,
    "the chain of {target} was held against no roots: whoever answers there may have made it up, whatever its names say; "
    "it needs the roots that its clients trust",
    "kubectl get configmap istio-ca-root-cert -n NAMESPACE -o jsonpath='{{.data.root-cert\\.pem}}' > root.pem; then probe "
    "with --trust root.pem, and --id SPIFFE-ID or --dns NAME for whom you expect",
    "RFC 5280 6"};
constexpr FindingSpec kNoName{
    "probe.no-name",
    info,
    info,
    "the chain of {target} was held against no name: any certificate of these roots would have done; it needs the name "
    "that its clients ask for{_asked}",
    "say whom you expect: --dns NAME or --ip ADDRESS for a server, --id SPIFFE-ID for a workload",
    "RFC 6125 6; X509-SVID 5.2"};
constexpr FindingSpec kOldProtocol{
    "probe.old-protocol",
    warning,
    warning,
    "the server agreed on {protocol}; TLS 1.2 or later is required",
    "raise its lowest version: minProtocolVersion in the Gateway, meshMTLS.minProtocolVersion in the mesh",
    "RFC 8996"};
constexpr FindingSpec kAlpnNotChosen{
    "probe.alpn-not-chosen",
    warning,
    warning,
    "the server chose none of the protocols offered ({offered}) and went on without one",
    "a workload's inbound listener knows istio and istio-http/1.1: does another filter chain answer here?",
    "RFC 7301 3.2"};
constexpr FindingSpec kStapleRevoked{
    "probe.staple-revoked",
    error,
    error,
    "the stapled OCSP response says that the certificate is {status}, but it must be good",
    "have the certificate issued again",
    "RFC 6960 2.2"};
constexpr FindingSpec kStapleExpired{
    "probe.staple-expired",
    warning,
    warning,
    "the stapled OCSP response expired at {next_update} (nextUpdate)",
    "let the server fetch a new one; clients treat an old one as none, or refuse it",
    "RFC 6960 4.2.2.1"};

constexpr const FindingSpec* kSpecs[] = {&kRefused,
                                         &kUnreachable,
                                         &kTimeout,
                                         &kOversized,
                                         &kReset,
                                         &kAlert,
                                         &kClientCertificateRequired,
                                         &kClientCertificateRefused,
                                         &kPlaintextServer,
                                         &kStarttlsRefused,
                                         &kHandshakeFailed,
                                         &kPlaintextAccepted,
                                         &kNotVerified,
                                         &kNoName,
                                         &kOldProtocol,
                                         &kAlpnNotChosen,
                                         &kStapleRevoked,
                                         &kStapleExpired};

struct Advice {
  std::string_view word, text;
};

// By the alert.
constexpr Advice kAlerts[] = {
    {"unrecognized_name", "the server has no certificate for the name asked for: --sni NAME"},
    {"no_application_protocol",
     "the server knows none of the protocols offered: --alpn istio, --alpn h2,http/1.1"},
    {"protocol_version",
     "the server takes none of the TLS versions offered: leave --tls-min and --tls-max out; one that breaks off at "
     "TLS 1.3 needs --tls-max 1.2"},
    {"handshake_failure",
     "no parameters in common, or no certificate for this name: --sni NAME, --alpn istio, --tls-max 1.2; a server "
     "that wants a client certificate may say this too: --cert --key"},
    {"",
     "look at the server's own log at this time; --sni and --alpn choose another certificate or filter chain"},
};

// By the stage at which it ended.
constexpr Advice kStages[] = {
    {"lookup",
     "does the name exist here? Names of services are known inside the cluster alone: probe from a pod, or kubectl "
     "port-forward -n NAMESPACE service/NAME PORT and probe 127.0.0.1:PORT"},
    {"connect",
     "does a firewall or a NetworkPolicy drop the packets? kubectl get networkpolicy -A; --timeout 30s"},
    {"starttls", "is it the protocol named by --starttls? A server that waits for TLS says nothing"},
    {"",
     "does the server wait for something else, such as a plain request or STARTTLS? --timeout gives it more time"},
};

std::string advice(std::span<const Advice> table, std::string_view word) {
  const auto row =
      std::ranges::find_if(table, [word](const Advice& a) { return a.word.empty() || a.word == word; });
  return std::string(row->text);
}

std::string issuers_text(const Probe& probe) {
  constexpr std::size_t kShown = 5;
  if (probe.issuer_count == 0) return "certificates of any CA, as it names none";
  std::string text = "those of ";
  for (std::size_t i = 0; i < probe.issuers.size() && i < kShown; ++i)
    text += (i == 0 ? "" : "; ") + probe.issuers[i];
  return probe.issuer_count > kShown ? text + fmt::format(" and {} others", probe.issuer_count - kShown)
                                     : text;
}

std::vector<Fact> facts_of(const Probe& probe) {
  return {{"target", probe.target},
          {"address", probe.address.empty() ? probe.target : probe.address},
          {"stage", probe.stage},
          {"detail", probe.detail.empty() ? std::string("nothing more is known") : probe.detail}};
}

void report_end(const FindingSpec& spec, const Artifact& artifact, FindingSink& sink,
                std::vector<Fact> more = {}) {
  std::vector<Fact> facts = facts_of(*artifact.probe);
  facts.insert(facts.end(), more.begin(), more.end());
  sink.report(spec, artifact, std::move(facts));
}

void report_reset(const Artifact& artifact, FindingSink& sink) {
  const bool starttls = artifact.probe->stage == "starttls";
  const bool begun = !artifact.certificates.empty() || !artifact.probe->protocol.empty();
  report_end(
      kReset, artifact, sink,
      {{"_required", starttls ? "a greeting of the protocol named by --starttls, and its consent to TLS"
                     : begun  ? "the rest of the handshake"
                              : "a ServerHello"},
       {"_next", starttls ? "is it that protocol, and its port? Where TLS begins at once, leave --starttls "
                            "out; some servers close on clients that they do not know"
                 : begun
                     ? "the server's own log at this time says why it left; it may want a client certificate "
                       "(--cert, --key) or another version (--tls-max 1.2)"
                     : "does the server want another ALPN or server name? --alpn istio, --sni NAME; "
                       "does a proxy or a firewall stand between? A NetworkPolicy or an L4 policy "
                       "ends connections like this"}});
}

void check_end(const Artifact& artifact, FindingSink& sink) {
  const Probe& probe = *artifact.probe;
  switch (probe.outcome) {
    case ProbeOutcome::refused:
      return report_end(kRefused, artifact, sink);
    case ProbeOutcome::unreachable:
      return report_end(
          kUnreachable, artifact, sink,
          {{"_next", artifact.name.starts_with("unix:")
                         ? std::string("does the socket exist, and may it be opened from here? ls -l PATH")
                         : advice(kStages, probe.stage)}});
    case ProbeOutcome::timeout:
      return report_end(kTimeout, artifact, sink,
                        {{"_next", probe.received == 0
                                       ? advice(kStages, probe.stage)
                                       : std::string("it answers, and too slowly: is it overloaded, or does "
                                                     "it hold connections open? --timeout gives it "
                                                     "more time")}});
    case ProbeOutcome::oversized:
      return report_end(kOversized, artifact, sink);
    case ProbeOutcome::reset:
      return report_reset(artifact, sink);
    case ProbeOutcome::alert:
      return report_end(kAlert, artifact, sink,
                        {{"alert", probe.detail}, {"_next", advice(kAlerts, probe.detail)}});
    case ProbeOutcome::client_certificate_required:
      return probe.certificate_sent
                 ? report_end(kClientCertificateRefused, artifact, sink, {{"issuers", issuers_text(probe)}})
                 : report_end(kClientCertificateRequired, artifact, sink);
    case ProbeOutcome::plaintext_server:
      return report_end(kPlaintextServer, artifact, sink);
    case ProbeOutcome::starttls_refused:
      return report_end(kStarttlsRefused, artifact, sink);
    case ProbeOutcome::handshake_failed:
      return report_end(kHandshakeFailed, artifact, sink);
    case ProbeOutcome::plaintext_answered:
      return report_end(kPlaintextAccepted, artifact, sink);
    case ProbeOutcome::established:
    case ProbeOutcome::plaintext_rejected:
      return;
  }
}

void check_agreement(const Artifact& artifact, FindingSink& sink) {
  const Probe& probe = *artifact.probe;
  if (probe.protocol == "TLSv1" || probe.protocol == "TLSv1.1")
    sink.report(kOldProtocol, artifact, {{"protocol", probe.protocol}});
  if (probe.outcome == ProbeOutcome::established && !probe.offered_alpn.empty() && probe.alpn.empty())
    sink.report(kAlpnNotChosen, artifact, {{"offered", probe.offered_alpn}});
}

void check_staple(const Artifact& artifact, const Policy& policy, FindingSink& sink) {
  const auto& staple = artifact.probe->staple;
  if (!staple) return;
  if (staple->status == "revoked") sink.report(kStapleRevoked, artifact, {{"status", staple->status}});
  if (staple->next_update && *staple->next_update + policy.skew < policy.at)
    sink.report(kStapleExpired, artifact, {{"next_update", *staple->next_update}});
}

// No client that asks for a host by this name takes another's certificate; a workload's peers look for no
// host.
std::string other_name_than(const Artifact& artifact) {
  const std::string& asked = artifact.probe->server_name;
  const Certificate& leaf = artifact.certificates[artifact.leaf];
  const auto& names = leaf.extensions.subject_alt_name;
  if (asked.empty() || (names && names->has_spiffe_uri) ||
      path::has_name(leaf, {path::PeerName::Kind::dns, asked}))
    return {};
  return "; it was asked for " + asked + ", and its leaf, " + title_of(leaf) + ", is not for that";
}

void check_verified(const Artifact& artifact, const Policy& policy, FindingSink& sink) {
  if (artifact.certificates.empty()) return;
  if (!policy.names_roots()) return sink.report(kNotVerified, artifact, {{"target", artifact.probe->target}});
  const Verification& asked = *policy.verification;
  const bool names = asked.names_somebody() || policy.identity.any() || policy.expectations != nullptr;
  if (!names)
    sink.report(kNoName, artifact,
                {{"target", artifact.probe->target}, {"_asked", other_name_than(artifact)}});
}

void check_artifact(const Artifact& artifact, const Policy& policy, FindingSink& sink) {
  if (!artifact.probe) return;
  check_end(artifact, sink);
  check_verified(artifact, policy, sink);
  check_agreement(artifact, sink);
  check_staple(artifact, policy, sink);
}

}  // namespace

extern const Check k_probe_check;
const Check k_probe_check{"probe", kSpecs, nullptr, &check_artifact};

}  // namespace meshcert::checks
