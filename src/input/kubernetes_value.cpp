#include "input/kubernetes_value.hpp"

#include <fmt/format.h>
#include <utility>

#include "base/lines.hpp"
#include "input/base64_text.hpp"
#include "input/foreign.hpp"
#include "input/pem_label.hpp"
#include "input/pem_text.hpp"
#include "input/private_keys.hpp"

namespace meshcert::input {
namespace {

using Kind = Node::Kind;
using Bytes = std::vector<std::uint8_t>;

constexpr std::string_view kEncode = "encode it once: base64 -w0 FILE; or put it under stringData as it is";

constexpr std::string_view kRedacted = "[redacted]";

// The base64 of "-----BEGIN ".
constexpr std::string_view kPemInBase64 = "LS0tLS1CRUdJTi";

std::string text_of(const Bytes& octets) {
  return std::string(as_text(octets));  // octet by octet, iterators would copy
}

void tell(DefectKind kind, const Place& value, std::string detail, bool lost, std::string_view fix,
          FieldReader& fields) {
  fields.defect(Defect{kind, fields.source(value), std::move(detail), lost, std::string(fix)});
}

// Go decodes with the standard alphabet and padding alone, so the API server does.
std::optional<Bytes> decoded(const Place& value, FieldReader& fields) {
  auto octets = base::decode_base64(value.node->text);
  if (octets) return std::move(*octets);
  const auto error = octets.error();
  const std::string why =
      fmt::format("{} (at offset {} of the value)", base::describe(error.reason), error.offset);
  auto lenient = decode_proto_base64(value.node->text);
  if (!lenient) {
    tell(DefectKind::not_base64, value, why, true, "", fields);
    return std::nullopt;
  }
  if (error.reason != base::Base64Error::Reason::nonzero_trailing_bits)
    tell(DefectKind::not_base64, value, why + ": it was read, but the API server refuses it", false, kEncode,
         fields);
  return std::move(*lenient);
}

}  // namespace

bool is_pem(std::string_view text) {
  return text.find("-----BEGIN") != std::string_view::npos || text.find("-----END") != std::string_view::npos;
}

bool holds_certificates(std::string_view text) {
  constexpr std::string_view kBegin = "-----BEGIN";
  for (std::size_t at = text.find(kBegin); at != std::string_view::npos;
       at = text.find(kBegin, at + kBegin.size())) {
    const std::string_view label = text.substr(at + kBegin.size(), 24);
    if (label.find("CERTIFICATE-") != std::string_view::npos || label.starts_with(" PKCS7")) return true;
  }
  return false;
}

bool is_placeholder(std::string_view text) {
  return base::is_blank(text);
}

std::optional<std::string> decode_value(const Place& value, FieldReader& fields) {
  const std::string_view text = value.node->text;
  if (is_pem(text)) {
    tell(DefectKind::not_base64, value, "PEM as it is, where its base64 belongs; the API server refuses it",
         false, kEncode, fields);
    return std::string(text);
  }
  const auto once = decoded(value, fields);
  if (!once) return std::nullopt;
  if (!as_text(*once).starts_with(kPemInBase64)) return text_of(*once);
  const auto twice = decode_proto_base64(as_text(*once));
  if (!twice) return text_of(*once);
  fields.defect(DefectKind::double_base64, value, "what it decodes to is again base64, of PEM", false);
  return text_of(*twice);
}

namespace {

// What is no PEM is of no use to istiod and Envoy, whatever it is.
bool tell_unless_pem(std::string_view text, const Place& value, FieldReader& fields) {
  if (is_pem(text)) return false;
  const auto foreign = recognise_foreign_octets(as_bytes(text));
  const bool der = text.starts_with('\x30');
  const std::string what = foreign ? foreign->what : der ? "DER, where istiod and Envoy read PEM" : "not PEM";
  fields.defect(DefectKind::malformed, value, what, true);
  return true;
}

}  // namespace

std::string first_label(std::string_view text) {
  constexpr std::string_view kBegin = "-----BEGIN ";
  const std::size_t at = text.find(kBegin);
  if (at == std::string_view::npos) return "";
  text.remove_prefix(at + kBegin.size());
  return shown_label(text.substr(0, text.find("-----")));
}

bool is_withheld(const Place& value) {
  const Node& node = *value.node;
  if (node.is(Kind::sequence))
    return node.items.size() == 1 && node.items.front().is(Kind::text) &&
           is_redaction(node.items.front().text);
  return is_redaction(node.text);
}

Defect withheld_value(SourceRef where, const std::string& key, const KubernetesObject& object) {
  return {
      DefectKind::external_file, std::move(where),
      "a placeholder stands under " + key + " of " + object.title() + ", which was not judged", false,
      "give the object as it is in the cluster: kubectl get secrets,configmaps -A -o yaml | meshcert inspect"};
}

Defect missing_half(SourceRef where, std::string detail, const base::SecretPair& pair) {
  return {
      DefectKind::key_missing, std::move(where), std::move(detail), false,
      "write both halves: " + base::fill_secret_command(pair) +
          "; if cert-manager is to do so, see why it did not: kubectl describe certificate -n NAMESPACE; if the "
          "value was taken out by hand, write [redacted] in its place"};
}

void append_crls(std::string_view text, const Place& value, const Limits& limits, FieldReader& fields,
                 Artifact& artifact) {
  if (tell_unless_pem(text, value, fields)) return;
  const PemTally tally = append_pem(text, PemOrigin{fields.source(value), false}, limits, artifact);
  const std::size_t certificates = artifact.certificates.size();
  artifact.certificates.clear();
  if (artifact.key)
    fields.defect(DefectKind::private_key_in_dump, value,
                  "a private key among CRLs, which are for everybody to read", false);
  artifact.key.reset();
  if (tally.crls == 0 && tally.rejected == 0)
    return fields.defect(DefectKind::malformed, value, "no CRL in it, but " + describe(tally), true);
  if (certificates != 0)
    fields.defect(DefectKind::unsupported_block, value,
                  fmt::format("CERTIFICATE among CRLs ({} of them; Envoy passes them over)", certificates),
                  false);
}

void append_value(std::string_view text, const Place& value, ObjectReading& reading, FieldReader& fields,
                  Artifact& artifact) {
  if (tell_unless_pem(text, value, fields)) return;
  const std::size_t before = artifact.certificates.size();
  const PemOrigin origin{fields.source(value), false, &reading.keys};
  const PemTally tally = append_pem(text, origin, reading.limits, artifact);
  if (tally.sets > 0)
    fields.defect(DefectKind::malformed, value, "PKCS#7, where istiod and Envoy read CERTIFICATE blocks",
                  false);
  if (artifact.certificates.size() == before && tally.rejected == 0)
    fields.defect(DefectKind::no_certificates, value, describe(tally), true);
}

std::string append_key(const Place& value, bool encoded, KeyOpener& keys, FieldReader& fields,
                       Artifact& artifact) {
  const KeyPlace where{fields.source(value), "", &keys};
  if (is_withheld(value)) {
    append_key_text(kRedacted, where, artifact);
    return "";
  }
  if (!encoded) {
    append_key_text(value.node->text, where, artifact);
    return first_label(value.node->text);
  }
  auto octets = decode_value(value, fields);
  if (!octets) {
    if (!artifact.key) artifact.key.emplace();
    artifact.key->present = true;
    return "";
  }
  const base::WipedText text(std::move(*octets));
  append_key_text(text.reveal(), where, artifact);
  return first_label(text.reveal());
}

void tell_exposed_key(const Place& value, const KubernetesObject& object, FieldReader& fields,
                      Artifact& artifact) {
  if (!artifact.key) return;
  fields.defect(
      Defect{DefectKind::private_key_in_dump, fields.source(value),
             "a private key among certificates, which everybody reads who may list " + object.kind, false,
             "treat the key as disclosed: have a new certificate issued with a new key, and put the CA's "
             "certificates alone into the bundle"});
  artifact.key.reset();
}

bool read_encoded(ObjectReading& reading, const Place& parent, std::string_view field, ArtifactKind kind,
                  std::string name) {
  const auto value = reading.fields.field(parent, field, Kind::text);
  if (!value || value->node->text.empty()) return false;
  Artifact artifact = reading.begin(kind, std::move(name), *value);
  FieldReader fields(reading.file, artifact.defects);
  if (const auto text = decode_value(*value, fields)) append_value(*text, *value, reading, fields, artifact);
  if (is_bundle(kind)) tell_exposed_key(*value, reading.object, fields, artifact);
  reading.artifacts.push_back(std::move(artifact));
  return true;
}

}  // namespace meshcert::input
