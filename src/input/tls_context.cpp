#include "input/tls_context.hpp"

#include <array>
#include <ranges>
#include <utility>

#include "base/ascii.hpp"
#include "input/envoy_material.hpp"
#include "input/json_blocks.hpp"
#include "input/jwt_rules.hpp"
#include "input/leniency.hpp"

namespace meshcert::input {
namespace {

using Kind = Node::Kind;

// The fields of a DataSource, in both spellings.
constexpr std::array<std::string_view, 4> kDataSource = {"inline_", "inlineBytes", "inlineString",
                                                         "filename\""};

// Secrets that hold no certificates by their nature.
bool holds_other_data(const Node& secret) {
  return !is_absent(secret, "session_ticket_keys") || !is_absent(secret, "generic_secret");
}

bool holds_anchors(const Node& context) {
  return !is_absent(context, "trusted_ca") || !is_absent(context, "custom_validator_config");
}

// In single quotes stands the name of a listener, which is anybody's choice. "can't" is no quote.
std::string without_quoted(std::string_view details) {
  std::string text;
  bool quoted = false;
  for (std::size_t i = 0; i < details.size(); ++i) {
    const std::size_t beside = quoted ? i + 1 : i - 1;
    const bool in_word = beside < details.size() && base::is_alphanumeric(details[beside]);
    if (details[i] == '\'' && !in_word)
      quoted = !quoted;
    else if (!quoted)
      text += details[i];
  }
  return text;
}

// A listener is refused for many reasons; the words of those of ours (envoy source/common/tls).
bool is_of_certificates(std::string_view details) {
  constexpr std::array<std::string_view, 9> kWords = {"certificate", "private key",   "key_values_mismatch",
                                                      "tls context", "ocsp response", "pkcs12",
                                                      "load crl",    "spiffe bundle", "sha-256"};
  return std::ranges::any_of(kWords, [text = without_quoted(base::lowered(details))](std::string_view word) {
    return text.find(word) != std::string::npos;
  });
}

// Of what cannot be read, the secrets of the same dump tell (input/envoy_secrets.cpp).
std::optional<Instant> update_of(const Node& node) {
  const Node* value = node.field("last_updated");
  if (value == nullptr || !value->is(Kind::text)) return std::nullopt;
  const auto time = parse_rfc3339(value->text);
  return time ? std::optional(*time) : std::nullopt;
}

}  // namespace

bool TlsContextReader::may_hold_material(std::string_view json) {
  // Keys may be spelt with escapes.
  return has_quoted(json, 'i', 'f', kDataSource) || json.find("\\u00") != std::string_view::npos ||
         json.find(kJwtFilterType) != std::string_view::npos;
}

bool TlsContextReader::seeks_references(std::string_view list, std::string_view json) {
  constexpr std::size_t kMostValues = 256;
  if (list != sought_list_) {
    sought_list_ = list;
    sought_ = 0;
  }
  if (sought_ == kMostValues) return false;
  const bool mentioned = json.find("sds_secret_config") != std::string_view::npos ||
                         json.find("SdsSecretConfig") != std::string_view::npos;
  sought_ += mentioned ? 1 : 0;
  return mentioned;
}

void TlsContextReader::note_reference(const Place& reference, FieldReader& fields) {
  if (!reference.node->is(Kind::mapping)) return;
  const std::string name = fields.text(reference, "name");
  constexpr std::size_t kMostNames = 9;  // one more than a NameList shows
  if (!name.empty() && referenced_.size() < kMostNames && referenced_.insert(name).second)
    references_.add(name);
}

void TlsContextReader::note_references(const Place& context, FieldReader& fields) {
  constexpr std::string_view kCertificates = "tls_certificate_sds_secret_configs";
  constexpr std::string_view kAnchors = "validation_context_sds_secret_config";
  if (const auto list = fields.field(context, kCertificates, Kind::sequence)) {
    for (std::size_t i = 0; i < list->node->items.size(); ++i) note_reference(list->item(i), fields);
  }
  if (const auto anchors = fields.field(context, kAnchors, Kind::mapping)) note_reference(*anchors, fields);
}

// Envoy merges the default context with what SDS sends, where Istio leaves these fields out. Where contexts
// differ, chains are judged as in the strictest, and what any of them lets in is told.
void TlsContextReader::note_merged(const Place& combined, FieldReader& fields) {
  constexpr std::size_t kMostNames = 64;
  const auto context = fields.field(combined, "default_validation_context", Kind::mapping);
  const auto anchors = fields.field(combined, "validation_context_sds_secret_config", Kind::mapping);
  if (!anchors) return;
  auto& all = sink_.proxy(combined.pointer).beside;
  const std::string name = fields.text(*anchors, "name");
  if (all.size() >= kMostNames && !all.contains(name)) return;
  Doorkeeper::Beside& beside = all[name];
  if (!context || !is_true(*context->node, "only_verify_leaf_cert_crl")) beside.leaf_crl_only = false;
  if (context) add_leniency(read_leniency(*context, fields), beside.leniency);
}

bool TlsContextReader::may_be_refused(std::string_view json) {
  return json.find("rror_state") != std::string_view::npos ||
         json.find("rrorState") != std::string_view::npos;
}

void TlsContextReader::read_refusal(const Place& listener) {
  if (listener.node->field("error_state") == nullptr || listener.node->field("name") == nullptr) return;
  std::vector<Artifact> artifacts;
  std::vector<Defect> defects;
  FieldReader fields(file_, defects);
  const auto error = fields.field(listener, "error_state", Kind::mapping);
  SecretEntry entry;
  if (error) entry.error_details = fields.text(*error, "details");
  if (is_of_certificates(entry.error_details)) {
    entry.name = fields.text(listener, "name");
    entry.state = SecretState::error;
    artifacts.push_back(make_artifact(entry, fields.source(*error), ArtifactKind::tls_secret));
    artifacts.back().resource = "listener " + entry.name;
  }
  hand_on(artifacts, defects);
}

// With a stack of its own: how deep values nest is the input's choice.
void TlsContextReader::read(const Place& place) {
  std::vector<Visit> pending;
  pending.push_back(Visit{place, ""});
  while (!pending.empty()) {
    const Visit visit = std::move(pending.back());
    pending.pop_back();
    look_into(visit, pending);
  }
}

void TlsContextReader::look_into(const Visit& visit, std::vector<Visit>& pending) {
  const Node& node = *visit.place.node;
  const std::size_t before = pending.size();
  for (std::size_t i = 0; i < node.items.size(); ++i)
    pending.push_back(Visit{visit.place.item(i), visit.owner, visit.updated});
  if (is_jwt_filter(node)) read_jwt_filter(file_, visit.place, scope_.limits, sink_);
  const Node* name = node.find("name");
  const bool names = visit.owner.empty() && name != nullptr && name->is(Kind::text);
  const std::string owner = names ? shown(name->text) : visit.owner;
  const std::optional<Instant> own = update_of(node);
  for (const Node::Member& member : node.members) {
    Visit child{Place{&member.value, child_pointer(visit.place.pointer, member.key)}, owner,
                own ? own : visit.updated};
    if (is_field(member.key, "common_tls_context"))
      context(child);
    else if (is_field(member.key, "static_resources") && member.value.is(Kind::mapping))
      static_resources(child, pending);
    else if (member.value.is(Kind::mapping) || member.value.is(Kind::sequence))
      pending.push_back(std::move(child));
  }
  std::ranges::reverse(pending.begin() + static_cast<std::ptrdiff_t>(before), pending.end());
}

void TlsContextReader::static_resources(Visit& visit, std::vector<Visit>& pending) {
  static_secrets(visit);
  pending.push_back(std::move(visit));
}

// bootstrap.static_resources of a bootstrap: secrets as SecretsConfigDump has them.
void TlsContextReader::static_secrets(const Visit& resources) {
  std::vector<Artifact> artifacts;
  std::vector<Defect> defects;
  FieldReader fields(file_, defects);
  const auto secrets = fields.field(resources.place, "secrets", Kind::sequence);
  for (std::size_t i = 0; secrets && i < secrets->node->items.size(); ++i) {
    const Place secret = secrets->item(i);
    if (!fields.expect(secret, Kind::mapping)) continue;
    SecretEntry entry;
    entry.name = fields.text(secret, "name");
    entry.state = SecretState::static_secret;
    entry.last_updated = resources.updated;
    const std::size_t before = artifacts.size() + defects.size();
    read_material(file_, scope_, entry, secret, fields, artifacts);
    if (artifacts.size() + defects.size() == before && !holds_other_data(*secret.node))
      fields.defect(DefectKind::no_certificates, secret,
                    "a static secret without data: " + describe_members(*secret.node), true);
  }
  hand_on(artifacts, defects);
}

void TlsContextReader::context(const Visit& visit) {
  std::vector<Artifact> artifacts;
  std::vector<Defect> defects;
  FieldReader fields(file_, defects);
  SecretEntry entry;
  entry.name = visit.owner;
  entry.last_updated = visit.updated;
  if (!fields.expect(visit.place, Kind::mapping)) return hand_on(artifacts, defects);
  if (const auto certificates = fields.field(visit.place, "tls_certificates", Kind::sequence)) {
    for (std::size_t i = 0; i < certificates->node->items.size(); ++i) {
      const Place item = certificates->item(i);
      if (fields.expect(item, Kind::mapping)) read_tls_certificate(file_, scope_, entry, item, artifacts);
    }
  }
  const auto read_anchors = [&](const std::optional<Place>& context) {
    if (context && holds_anchors(*context->node))
      read_validation_context(file_, scope_, entry, *context, artifacts);
  };
  read_anchors(fields.field(visit.place, "validation_context", Kind::mapping));
  note_references(visit.place, fields);
  const auto combined = fields.field(visit.place, "combined_validation_context", Kind::mapping);
  if (combined) {
    const auto context = fields.field(*combined, "default_validation_context", Kind::mapping);
    read_anchors(context);
    if (context && !holds_anchors(*context->node) && !is_absent(*context->node, "crl"))
      read_validation_lists(file_, scope_, entry, *context, artifacts);
    note_references(*combined, fields);
    note_merged(*combined, fields);
  }
  hand_on(artifacts, defects);
}

void TlsContextReader::hand_on(std::vector<Artifact>& artifacts, std::vector<Defect>& defects) {
  for (Artifact& artifact : artifacts) sink_.artifact(std::move(artifact));
  for (Defect& defect : defects) sink_.defect(std::move(defect));
}

}  // namespace meshcert::input
