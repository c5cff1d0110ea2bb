#include "tests/unit/report/hand_made.hpp"

#include <doctest/doctest.h>

namespace meshcert::testing {
namespace {

/// tlv encodes one DER element with a length below 64 KiB.
std::string tlv(unsigned char tag, const std::string& contents) {
  std::string out(1, static_cast<char>(tag));
  const std::size_t size = contents.size();
  if (size >= 0x100) out += "\x82" + std::string(1, static_cast<char>(size >> 8));
  if (size >= 0x80 && size < 0x100) out += "\x81";
  return out + static_cast<char>(size & 0xff) + contents;
}

/// rdns is an RDNSequence's contents with one common name, a UTF8String.
std::string rdns(const std::string& common_name) {
  return tlv(0x31, tlv(0x30, tlv(0x06, "\x55\x04\x03") + tlv(0x0c, common_name)));
}

ByteView keep(Artifact& artifact, const std::string& octets) {
  const ByteView view = as_bytes(octets);
  artifact.storage.push_back(std::make_unique<const std::vector<std::uint8_t>>(view.begin(), view.end()));
  return *artifact.storage.back();
}

void set_names(Artifact& artifact, Certificate& certificate, const CertificateText& text) {
  std::string names;
  for (const std::string& uri : text.uris) names += tlv(0x86, uri);
  for (const std::string& name : text.dns_names) names += tlv(0x82, name);
  if (names.empty()) return;
  SubjectAltName san;
  san.names = GeneralNames(keep(artifact, names));
  san.count = static_cast<std::uint32_t>(text.uris.size() + text.dns_names.size());
  san.uri_count = static_cast<std::uint32_t>(text.uris.size());
  if (!text.uris.empty()) san.first_uri = as_text(san.names.begin()->value);
  certificate.extensions.subject_alt_name.set(true, san);
}

constexpr FindingSpec kExpired{"validity.expired", Severity::error,
                               Severity::error,    "expired {expired_seconds} ago",
                               "restart {who}",    "RFC 5280 4.1.2.5"};
constexpr FindingSpec kTwin{
    "root.twin-subject",
    Severity::warning,
    Severity::warning,
    "two roots with one subject and different keys, which readers of names alone take for one another",
    "look at what {who} trusts",
    ""};

SourceRef place(const std::string& file, std::uint32_t line, const std::string& pointer,
                std::optional<std::uint32_t> certificate = std::nullopt) {
  return {file, line, pointer, certificate};
}

Artifact artifact(ArtifactKind kind, const std::string& name, const SourceRef& where, SecretState state) {
  Artifact made;
  made.kind = kind;
  made.name = name;
  made.source = where;
  made.state = state;
  return made;
}

}  // namespace

Instant instant(const std::string& text) {
  const auto parsed = parse_rfc3339(text);
  REQUIRE(parsed);
  return *parsed;
}

void add_certificate(Artifact& artifact, const CertificateText& text) {
  Certificate certificate;
  certificate.version = 3;
  certificate.serial = keep(artifact, text.serial);
  certificate.subject.rdns = keep(artifact, rdns(text.common_name));
  certificate.issuer.rdns = keep(artifact, rdns("Root"));
  certificate.not_before = text.not_before;
  certificate.not_after = text.not_after;
  certificate.extensions.basic_constraints.set(true, BasicConstraints{text.is_ca, std::nullopt});
  set_names(artifact, certificate, text);
  artifact.certificates.push_back(certificate);
}

Report healthy_and_expired() {
  Report report;
  report.verb = "inspect";
  report.policy.at = instant("2024-01-02T02:00:00Z");
  auto& artifacts = report.inventory.artifacts;
  artifacts.push_back(
      artifact(ArtifactKind::workload_chain, "default", place("dump.json", 12, "/a/0"), SecretState::active));
  add_certificate(artifacts.back(), {"",
                                     {"spiffe://cluster.local/ns/shop/sa/cart"},
                                     {},
                                     instant("2024-01-01T00:00:00Z"),
                                     instant("2024-01-02T00:00:00Z")});
  artifacts.push_back(
      artifact(ArtifactKind::trust_bundle, "ROOTCA", place("dump.json", 20, "/a/1"), SecretState::active));
  add_certificate(
      artifacts.back(),
      {"Root", {}, {}, instant("2023-01-01T00:00:00Z"), instant("2033-01-01T00:00:00Z"), true, "\x01"});
  add_certificate(
      artifacts.back(),
      {"Other", {}, {}, instant("2023-01-01T00:00:00Z"), instant("2033-01-01T00:00:00Z"), true, "\x02"});
  artifacts.push_back(artifact(ArtifactKind::tls_secret, "kubernetes://gw", place("dump.json", 30, "/w/0"),
                               SecretState::uninitialized));
  report.inventory.inputs = 1;
  report.inventory.errors.push_back(Error{place("other.pem", 0, ""), "Permission denied"});
  report.unread = 1;
  report.findings.push_back(
      {&kTwin, Severity::warning, place("dump.json", 20, "/a/1", 1), "ROOTCA", {{"who", "the proxy"}}});
  report.findings.push_back({&kExpired,
                             Severity::error,
                             place("dump.json", 12, "/a/0", 0),
                             "default",
                             {{"expired_seconds", Seconds(7200)}, {"who", "the pod"}}});
  return report;
}

Report hostile_report(const std::string& text) {
  Report report;
  report.verb = "inspect";
  auto& artifacts = report.inventory.artifacts;
  for (int number = 0; number < 2; ++number) {
    // Two files, so that the table names them.
    const SourceRef where = place(text + std::to_string(number), 1, "/" + text);
    artifacts.push_back(artifact(ArtifactKind::trust_bundle, text, where, SecretState::error));
    Artifact& made = artifacts.back();
    made.resource = made.version_info = made.error_details = made.trust_domain = text;
    add_certificate(made, {text, {text, text}, {text}});
    add_certificate(made, {text, {}, {text}});
    add_certificate(made, {text, {}, {}});
  }
  report.inventory.errors.push_back(Error{place(text, 0, text), text});
  report.findings.push_back({&kExpired,
                             Severity::error,
                             place(text, 0, "/" + text, 0),
                             text,
                             {{"expired_seconds", text}, {"who", text}}});
  return report;
}

}  // namespace meshcert::testing
