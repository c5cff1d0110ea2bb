// What carries a caBundle: webhook configurations, CRDs, APIServices, issuers
// (admissionregistration.k8s.io/v1, apiextensions.k8s.io/v1, kube-aggregator,
// cert-manager types_issuer.go).
#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "input/base64_text.hpp"
#include "input/kubernetes_value.hpp"
#include "input/pem.hpp"
#include "input/pem_label.hpp"

namespace meshcert::input {
namespace {

using Kind = Node::Kind;

void read_service(ObjectReading& reading, const Place& parent, WebhookEntry& entry) {
  const auto service = reading.map(parent, "service");
  if (!service) return;
  entry.service_name = reading.text(*service, "name");
  entry.service_namespace = reading.text(*service, "namespace");
}

// What Go's pem.Decode finds first, where that is no certificate; it passes over what it
// cannot read.
std::string describe_first_block(std::string_view text, const Limits& limits) {
  const PemText pem = split_pem(text, limits);
  for (const PemBlock& block : pem.blocks) {
    if (block.fault != PemFault::none) continue;
    std::vector<std::uint8_t> octets;
    const std::string body = plain_body(block);
    if (append_pem_base64(pem_base64(body), octets)) continue;
    if (block.label != "CERTIFICATE") return "of type " + shown_label(block.label);
    return Certificate::decode(octets) ? "" : "no readable certificate";
  }
  return "";
}

// Go's AppendCertsFromPEM, with which the API server reads a bundle, takes blocks of that type alone.
bool lacks_certificate_blocks(std::string_view text, const Limits& limits) {
  const PemText pem = split_pem(text, limits);
  return !pem.blocks.empty() &&
         std::ranges::none_of(pem.blocks, [](const PemBlock& block) { return block.label == "CERTIFICATE"; });
}

// Certificates that nobody reads are none: "TRUSTED CERTIFICATE" of openssl x509 -trustout.
void drop_unread(Artifact& artifact, const std::string& first_block) {
  if (artifact.certificates.empty()) return;
  artifact.certificates.clear();
  artifact.defects.push_back(Defect{DefectKind::no_certificates, artifact.source,
                                    "its first block is " + first_block +
                                        ", and none is of type CERTIFICATE, which the API server takes alone",
                                    true,
                                    "write them anew under that type: openssl x509 -in FILE -out ca.pem"});
}

// Reads the caBundle of a WebhookClientConfig, or of what has the same fields.
void read_bundle(ObjectReading& reading, const Place& parent, WebhookEntry& entry) {
  using enum WebhookEntry::CaBundle;
  entry.where = reading.fields.source(parent);
  const auto value = reading.fields.field(parent, "caBundle", Kind::text);
  if (!value) return;
  entry.where = reading.fields.source(*value);
  entry.ca_bundle = value->node->text.empty() ? empty : given;
  if (value->node->text.empty()) return;
  std::vector<Defect> scratch;
  FieldReader of_placeholder(reading.file, scratch);
  const auto text = decode_value(*value, of_placeholder);
  if (text && is_placeholder(*text)) {
    entry.ca_bundle = placeholder;
    return;
  }
  if (text) entry.first_block = describe_first_block(*text, reading.limits);
  const bool added = read_encoded(reading, parent, "caBundle", ArtifactKind::ca_bundle,
                                  entry.name.empty() ? "caBundle" : entry.name);
  if (!added) return;
  Artifact& artifact = reading.artifacts.back();
  if (text && lacks_certificate_blocks(*text, reading.limits)) drop_unread(artifact, entry.first_block);
}

void add_entry(ObjectReading& reading, WebhookEntry&& entry) {
  auto* carrier = std::get_if<CaBundleCarrier>(&reading.object.spec);
  if (carrier == nullptr) carrier = &reading.object.spec.emplace<CaBundleCarrier>();
  carrier->entries.push_back(std::move(entry));
}

// As Istio writes it, or with an operator.
bool never_matches(ObjectReading& reading, const Place& selector) {
  constexpr std::string_view kLabel = "istio.io/deactivated", kNever = "never-match";
  if (const auto labels = reading.map(selector, "matchLabels")) {
    const Node* value = labels->node->find(kLabel);
    if (value != nullptr && value->is(Kind::text) && value->text == kNever) return true;
  }
  return std::ranges::any_of(reading.mappings(selector, "matchExpressions"), [&](const Place& expression) {
    const auto values = reading.texts(expression, "values");
    return reading.text(expression, "key") == kLabel && reading.text(expression, "operator") == "In" &&
           !values.empty() &&
           std::ranges::all_of(values, [&](const std::string& value) { return value == kNever; });
  });
}

// Both have to match (istio operator/pkg/util NeverMatch).
bool is_deactivated(ObjectReading& reading, const Place& webhook) {
  return std::ranges::any_of(std::array{"namespaceSelector", "objectSelector"}, [&](const char* name) {
    const auto selector = reading.map(webhook, name);
    return selector && never_matches(reading, *selector);
  });
}

// Without failurePolicy, admissionregistration.k8s.io/v1 has Fail.
bool fails_closed(ObjectReading& reading, const Place& webhook) {
  return reading.text(webhook, "failurePolicy") != "Ignore";
}

}  // namespace

void read_webhook_configuration(ObjectReading& reading) {
  reading.object.spec.emplace<CaBundleCarrier>();
  for (const Place& webhook : reading.mappings(reading.root, "webhooks")) {
    WebhookEntry entry;
    entry.name = reading.text(webhook, "name");
    entry.fails_closed = fails_closed(reading, webhook);
    entry.deactivated = is_deactivated(reading, webhook);
    entry.where = reading.fields.source(webhook);
    if (const auto client = reading.map(webhook, "clientConfig")) {
      read_service(reading, *client, entry);
      entry.url = reading.text(*client, "url");
      read_bundle(reading, *client, entry);
    }
    add_entry(reading, std::move(entry));
  }
}

void read_custom_resource_definition(ObjectReading& reading) {
  const auto client = reading.at({"spec", "conversion", "webhook", "clientConfig"});
  if (!client) return;
  WebhookEntry entry;
  entry.name = "conversion";
  read_service(reading, *client, entry);
  entry.url = reading.text(*client, "url");
  read_bundle(reading, *client, entry);
  add_entry(reading, std::move(entry));
}

// An APIService without service is one of the API server itself.
void read_api_service(ObjectReading& reading) {
  using enum WebhookEntry::CaBundle;
  const auto spec = reading.map(reading.root, "spec");
  if (!spec || !reading.map(*spec, "service")) return;
  WebhookEntry entry;
  entry.skips_verification = reading.flag(*spec, "insecureSkipTLSVerify");
  read_service(reading, *spec, entry);
  read_bundle(reading, *spec, entry);
  if (entry.skips_verification && (entry.ca_bundle == absent || entry.ca_bundle == empty)) return;
  add_entry(reading, std::move(entry));
}

void read_issuer(ObjectReading& reading) {
  for (const char* kind : {"vault", "acme", "venafi"}) {
    const auto settings = reading.at({"spec", kind});
    if (settings) read_encoded(reading, *settings, "caBundle", ArtifactKind::ca_bundle, kind);
  }
}

}  // namespace meshcert::input
