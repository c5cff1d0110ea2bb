#include "input/data_source.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <array>
#include <memory>
#include <utility>

#include "base/lines.hpp"
#include "input/base64_text.hpp"
#include "input/pem_text.hpp"
#include "input/pkcs12.hpp"
#include "input/private_keys.hpp"
#include "input/withheld.hpp"
#include "x509/ocsp.hpp"

namespace meshcert::input {
namespace {

// The four forms of a DataSource, of which one is set.
enum class Form : std::uint8_t { inline_bytes, inline_string, filename, environment_variable };
struct FormRow {
  Form form;
  std::string_view field;
};
constexpr std::array kForms = {
    FormRow{Form::inline_bytes, "inline_bytes"},
    FormRow{Form::inline_string, "inline_string"},
    FormRow{Form::filename, "filename"},
    FormRow{Form::environment_variable, "environment_variable"},
};

struct Value {
  Form form;
  Place place;
  [[nodiscard]] std::string_view text() const { return place.node->text; }
};

std::optional<Value> find_value(const Place& data_source, FieldReader& fields) {
  std::optional<Value> found;
  for (const FormRow& row : kForms) {
    auto place = fields.field(data_source, row.field, Node::Kind::text);
    if (!place) continue;
    if (found) {
      fields.defect(DefectKind::malformed, *place, "a second source of the same data; only the first is read",
                    true);
      continue;
    }
    found = Value{row.form, std::move(*place)};
  }
  return found;
}

bool has_pem(std::string_view text) {
  return text.find("-----BEGIN") != std::string_view::npos || text.find("-----END") != std::string_view::npos;
}

// The base64 of "-----BEGIN ".
bool is_encoded_pem(std::string_view text) {
  return base::trimmed_front(text).starts_with("LS0tLS1CRUdJTi");
}

void append_text(std::string_view text, const Place& place, const Limits& limits, FieldReader& fields,
                 Artifact& artifact) {
  if (base::is_blank(text)) return fields.defect(DefectKind::empty, place, "the value is empty", true);
  if (!has_pem(text)) {
    const bool der = text.starts_with('\x30');
    return fields.defect(DefectKind::malformed, place, der ? "DER, where Envoy reads PEM" : "not PEM", true);
  }
  const auto count = [&] { return artifact.certificates.size() + artifact.crls.size(); };
  const std::size_t before = count();
  const PemTally tally = append_pem(text, PemOrigin{fields.source(place), false}, limits, artifact);
  if (tally.key_line != 0) {
    fields.defect(DefectKind::private_key_in_dump, place, "a private key among the certificates", false);
  }
  if (tally.sets > 0) {
    fields.defect(DefectKind::malformed, place, "PKCS#7, where Envoy reads CERTIFICATE blocks", false);
  }
  if (count() == before && tally.rejected == 0) {
    fields.defect(DefectKind::no_certificates, place, describe(tally), true);
  }
}

void append_bytes(const Place& value, const Limits& limits, FieldReader& fields, Artifact& artifact) {
  auto octets = decode_proto_base64(value.node->text);
  if (!octets) {
    return fields.defect(DefectKind::not_base64, value,
                         fmt::format("{} (at offset {} of the value)", base::describe(octets.error().reason),
                                     octets.error().offset),
                         true);
  }
  if (is_encoded_pem(as_text(*octets))) {
    if (auto twice = decode_proto_base64(as_text(*octets))) {
      fields.defect(DefectKind::double_base64, value, "what it decodes to is again base64, of PEM", false);
      octets = std::move(twice);
    }
  }
  append_text(as_text(*octets), value, limits, fields, artifact);
}

// All proxies are sent the same roots.
void append_known_bytes(const Place& value, DocumentScope& scope, FieldReader& fields, Artifact& artifact) {
  constexpr auto kForm = KnownValues::Form::proto_base64;
  const Node& node = *value.node;
  const bool repeats = is_bundle(artifact.kind) && artifact.certificates.empty();
  if (repeats && scope.known().recall(node.text, kForm, node.line, artifact)) return;
  append_bytes(value, scope.limits, fields, artifact);
  if (repeats) scope.known().note(node.text, kForm, artifact);
}

// The base64 of one, which is no secret wherever it stands.
bool is_certificate(std::string_view text) {
  const auto octets = decode_proto_base64(text);
  return octets && (Certificate::decode(*octets).has_value() ||
                    as_text(*octets).starts_with("-----BEGIN CERTIFICATE-----"));
}

// A name of something outside the dump; who pasted a key there is told so.
void note_external(const Value& value, FieldReader& fields) {
  if (holds_key(value.text()) && !is_certificate(value.text())) {
    fields.defect(DefectKind::private_key_in_dump, value.place, "key material where a name is expected",
                  false);
  }
}

void add_external(const Value& value, FieldReader& fields) {
  const std::string_view what = value.form == Form::filename ? "file" : "environment variable";
  fields.defect(DefectKind::external_file, value.place, fmt::format("{} {}", what, shown(value.text())),
                false);
  note_external(value, fields);
}

// The octets of inline_bytes, of a private key or a key store.
std::optional<base::SecretOctets> decoded_key(const Value& value, FieldReader& fields) {
  auto octets = decode_proto_base64(value.text());
  if (octets) return base::SecretOctets(std::move(*octets));
  fields.defect(DefectKind::not_base64, value.place,
                fmt::format("{} in the private key", base::describe(octets.error().reason)), true);
  return std::nullopt;
}

void append_inline_key(const Value& value, KeyOpener& keys, FieldReader& fields, Artifact& artifact) {
  const KeyPlace place{fields.source(value.place), "", &keys};
  if (value.form == Form::inline_string) return append_key_text(value.text(), place, artifact);
  if (const auto key = decoded_key(value, fields)) append_key_text(as_text(key->reveal()), place, artifact);
}

// Notes that there is a key, and finds the data of one that is in the document as it is.
std::optional<Value> note_key(const Place& data_source, FieldReader& fields, Artifact& artifact) {
  auto value = find_value(data_source, fields);
  if (!value || value->text().empty()) return std::nullopt;
  const bool first = !artifact.key;
  KeyFacts& key = artifact.key ? *artifact.key : artifact.key.emplace();
  key.present = true;
  if (is_redaction(value->text())) {
    key.redacted = first || key.redacted;
    return std::nullopt;
  }
  key.redacted = false;
  if (value->form == Form::inline_bytes || value->form == Form::inline_string) return value;
  note_external(*value, fields);
  return std::nullopt;
}

}  // namespace

void read_certificates(const Place& data_source, DocumentScope& scope, FieldReader& fields,
                       Artifact& artifact) {
  const auto value = find_value(data_source, fields);
  if (!value) return;
  artifact.source = fields.source(value->place);
  switch (value->form) {
    case Form::inline_bytes:
      return append_known_bytes(value->place, scope, fields, artifact);
    case Form::inline_string:
      return append_text(value->text(), value->place, scope.limits, fields, artifact);
    case Form::filename:
    case Form::environment_variable:
      return add_external(*value, fields);
  }
}

void read_pem_value(const Place& value, const Limits& limits, FieldReader& fields, Artifact& artifact) {
  const std::string_view text = value.node->text;
  if (has_pem(text)) return append_text(text, value, limits, fields, artifact);
  append_bytes(value, limits, fields, artifact);
}

std::optional<std::string> read_inline_text(const Place& data_source, FieldReader& fields) {
  const auto value = find_value(data_source, fields);
  if (!value) {
    fields.defect(DefectKind::no_certificates, data_source, "a source without data", true);
    return std::nullopt;
  }
  if (value->form == Form::inline_string) return std::string(value->text());
  if (value->form != Form::inline_bytes) {
    add_external(*value, fields);
    return std::nullopt;
  }
  const auto octets = decode_proto_base64(value->text());
  if (octets) return std::string(octets->begin(), octets->end());
  fields.defect(DefectKind::not_base64, value->place, std::string(base::describe(octets.error().reason)),
                true);
  return std::nullopt;
}

std::optional<base::SecretOctets> read_sensitive(const Place& data_source, FieldReader& fields) {
  const auto value = find_value(data_source, fields);
  // What people write for it may be the password.
  if (!value || value->text().empty() || is_envoy_redaction(value->text())) return std::nullopt;
  const std::string_view text = value->text();
  if (value->form == Form::inline_string)
    return base::SecretOctets(std::vector<std::uint8_t>(text.begin(), text.end()));
  if (value->form != Form::inline_bytes) return std::nullopt;
  auto octets = decode_proto_base64(text);
  if (octets) return base::SecretOctets(std::move(*octets));
  fields.defect(DefectKind::not_base64, value->place,
                std::string(base::describe(octets.error().reason)) + " in a sensitive value", true);
  return std::nullopt;
}

std::string describe_refusal(ByteView staple) {
  const std::string_view envoy = x509::what_envoy_says_of(staple);
  if (envoy.empty() && x509::read_ocsp(staple)) return "";
  return "no OCSP response in DER that answers for one certificate; Envoy refuses a certificate with such a staple" +
         (envoy.empty() ? "" : " (" + std::string(envoy) + ')');
}

void read_staple(const Place& data_source, FieldReader& fields, Artifact& artifact) {
  const auto value = find_value(data_source, fields);
  if (!value || value->text().empty()) return;
  if (value->form == Form::filename || value->form == Form::environment_variable)
    return add_external(*value, fields);
  if (value->form == Form::inline_string)
    return fields.defect(DefectKind::malformed, value->place,
                         "OCSP staple cannot be provided via inline_string: Envoy takes it in DER", true);
  const auto octets = decode_proto_base64(value->text());
  if (!octets)
    return fields.defect(DefectKind::not_base64, value->place,
                         std::string(base::describe(octets.error().reason)), true);
  const std::string refusal = describe_refusal(*octets);
  if (!refusal.empty()) return fields.defect(DefectKind::malformed, value->place, refusal, true);
  auto answer = x509::read_ocsp(*octets);
  artifact.staple =
      std::make_shared<const OcspStaple>(OcspStaple{std::move(*answer), fields.source(value->place)});
}

bool is_empty_source(const Node& data_source) {
  return data_source.is(Node::Kind::mapping) &&
         std::ranges::all_of(kForms, [&data_source](const FormRow& row) {
           const Node* value = data_source.field(row.field);
           return value == nullptr || value->is(Node::Kind::null) ||
                  (value->is(Node::Kind::text) && value->text.empty());
         });
}

void read_key(const Place& data_source, KeyOpener& keys, FieldReader& fields, Artifact& artifact) {
  const auto value = note_key(data_source, fields, artifact);
  if (!value) return;
  append_inline_key(*value, keys, fields, artifact);
  fields.defect(DefectKind::private_key_in_dump, value->place, "a private key that is not redacted", false);
}

void read_key_store(const Place& data_source, KeyOpener& keys, FieldReader& fields, Artifact& artifact) {
  const auto value = note_key(data_source, fields, artifact);
  if (!value || value->form == Form::inline_string || !keys.has_password()) {
    fields.defect(DefectKind::unsupported_block, data_source, "PKCS#12: not read", false);
  } else if (const auto octets = decoded_key(*value, fields)) {
    artifact.source = fields.source(value->place);
    append_pkcs12(octets->reveal(), keys, artifact);
  }
  if (value)
    fields.defect(DefectKind::private_key_in_dump, value->place, "a private key that is not redacted", false);
}

}  // namespace meshcert::input
