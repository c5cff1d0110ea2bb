#include "input/envoy_secrets.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <array>
#include <functional>
#include <utility>

#include "input/certificates.hpp"
#include "input/data_source.hpp"
#include "input/withheld.hpp"
#include "meshcert/time.hpp"

namespace meshcert::input {
namespace {

using Kind = Node::Kind;

struct ListRow {
  std::string_view field;
  SecretList list;
};
constexpr std::array kLists = {
    ListRow{"dynamic_active_secrets", SecretList::active},
    ListRow{"dynamic_warming_secrets", SecretList::warming},
    ListRow{"static_secrets", SecretList::static_list},
};

// envoy.admin.v3.ClientResourceStatus, by number; those that say the proxy has
// not got what it wants are an error.
struct StatusRow {
  std::string_view name;
  bool error;
};
constexpr std::array kClientStatus = {
    StatusRow{"UNKNOWN", false}, StatusRow{"REQUESTED", false}, StatusRow{"DOES_NOT_EXIST", true},
    StatusRow{"ACKED", false},   StatusRow{"NACKED", true},     StatusRow{"RECEIVED_ERROR", true},
    StatusRow{"TIMEOUT", true},
};

// Facts of an entry that all its artifacts share.
struct Entry {
  std::string name;
  SecretState state = SecretState::none;
  std::optional<Instant> last_updated;
  std::string version_info;
  std::string error_details;
  bool complete = true;  ///< nothing is still to come: without certificates, something is wrong
};

bool is_spiffe(std::string_view name) {
  return name.starts_with("spiffe://");
}
bool has_path(std::string_view spiffe) {
  return spiffe.find('/', std::string_view("spiffe://").size()) != std::string_view::npos;
}

// The names under which a workload asks for its own identity: Istio's and SPIRE's.
bool is_workload_name(std::string_view name) {
  return name == "default" || name == "builtin://" || (is_spiffe(name) && has_path(name));
}

bool is_bundle_name(std::string_view name) {
  return name == "ROOTCA" || name == "ALL" || name.starts_with("file-root:") ||
         name.starts_with("configmap://") || name.ends_with("-cacert") ||
         (is_spiffe(name) && !has_path(name));
}

ArtifactKind kind_by_name(std::string_view name) {
  if (is_workload_name(name)) return ArtifactKind::workload_chain;
  return is_bundle_name(name) ? ArtifactKind::trust_bundle : ArtifactKind::tls_secret;
}

Artifact make_artifact(const Entry& entry, SourceRef source, ArtifactKind kind) {
  Artifact artifact;
  artifact.kind = kind;
  artifact.name = shown(entry.name);
  artifact.source = std::move(source);
  artifact.state = entry.state;
  artifact.last_updated = entry.last_updated;
  artifact.version_info = shown(entry.version_info);
  artifact.error_details = shown(entry.error_details);
  return artifact;
}

bool is_absent(const Node& parent, std::string_view field) {
  const Node* member = parent.field(field);
  return member == nullptr || member->is(Kind::null);
}

std::string describe_members(const Node& mapping) {
  if (!mapping.is(Kind::mapping)) return std::string(kind_name(mapping.kind));
  NameList names;
  for (const Node::Member& member : mapping.members) names.add(member.key);
  return mapping.members.empty() ? "an empty object" : fmt::format("an object with {}", names.text());
}

// Reads the material of one entry.
class MaterialReader {
 public:
  MaterialReader(const std::string& file, const Limits& limits, const Entry& entry,
                 std::vector<Artifact>& out)
      : file_(file), limits_(limits), entry_(entry), out_(out) {}

  void tls_certificate(const Place& tls) {
    Artifact artifact =
        make_artifact(entry_, fields(artifact_defects_).source(tls), kind_by_name(entry_.name));
    FieldReader reader = fields(artifact.defects);
    source(tls, "tls_certificate", "certificate_chain", artifact, !is_absent(*tls.node, "pkcs12"));
    if (const auto key = reader.field(tls, "private_key", Kind::mapping)) read_key(*key, reader, artifact);
    if (const auto pkcs12 = reader.field(tls, "pkcs12", Kind::mapping)) {
      reader.defect(DefectKind::unsupported_block, *pkcs12, "PKCS#12: not read", false);
      read_key(*pkcs12, reader, artifact);
    }
    if (const auto provider = reader.field(tls, "private_key_provider", Kind::mapping)) {
      key_provider(*provider, artifact);
    }
    artifact.kind = ArtifactKind::tls_secret;
    const bool spiffe = !artifact.certificates.empty() && is_workload_leaf(artifact.certificates.front());
    if (spiffe || is_workload_name(entry_.name)) artifact.kind = ArtifactKind::workload_chain;
    out_.push_back(std::move(artifact));
  }

  void validation_context(const Place& context) {
    const std::size_t before = out_.size();
    Artifact trusted =
        make_artifact(entry_, fields(artifact_defects_).source(context), ArtifactKind::trust_bundle);
    FieldReader reader = fields(trusted.defects);
    const auto system = reader.field(context, "system_root_certs", Kind::mapping);
    if (system) {
      reader.defect(DefectKind::unsupported_block, *system, "the proxy's system roots: not in the dump",
                    false);
    }
    const auto custom = reader.field(context, "custom_validator_config", Kind::mapping);
    // The SPIFFE validator comes with an empty trusted_ca.
    const bool absent = is_absent(*context.node, "trusted_ca");
    const bool unused = (custom || system) && (absent || is_empty_source(*context.node->field("trusted_ca")));
    if (!unused) source(context, "validation_context", "trusted_ca", trusted, false);
    if (const auto crl = reader.field(context, "crl", Kind::mapping)) {
      reader.defect(DefectKind::unsupported_block, *crl, "a certificate revocation list", false);
    }
    if (custom) custom_validator(*custom, reader, trusted.certificates.empty() && !system);
    // Nothing to show for an empty trusted_ca.
    const bool empty = trusted.certificates.empty() && trusted.defects.empty();
    if (!empty || out_.size() == before) out_.push_back(std::move(trusted));
  }

 private:
  [[nodiscard]] FieldReader fields(std::vector<Defect>& defects) const { return {file_, defects}; }

  void missing(const Place& place, FieldReader& reader, std::string detail) {
    if (entry_.complete) reader.defect(DefectKind::no_certificates, place, std::move(detail), true);
  }

  // Reads the certificates that one DataSource of a message should hold; that
  // there is none may be said otherwise.
  void source(const Place& parent, std::string_view parent_name, std::string_view name, Artifact& artifact,
              bool told_otherwise) {
    FieldReader reader = fields(artifact.defects);
    const std::size_t before = artifact.defects.size();
    const auto data = reader.field(parent, name, Kind::mapping);
    if (data) read_certificates(*data, limits_, reader, artifact);
    if (told_otherwise || !artifact.certificates.empty() || artifact.defects.size() != before) return;
    if (data) {
      return missing(*data, reader, fmt::format("{} without data: {}", name, describe_members(*data->node)));
    }
    missing(parent, reader,
            fmt::format("{} without {}: {}", parent_name, name, describe_members(*parent.node)));
  }

  // A provider may have the key in its own configuration.
  void key_provider(const Place& provider, Artifact& artifact) {
    const Node* config = provider.node->field("typed_config");
    const bool absent = config == nullptr || config->is(Kind::null) || config->text == "[redacted]";
    if (!artifact.key) artifact.key = KeyFacts{true, absent, false};
    if (absent || !config->is(Kind::mapping)) return;
    FieldReader reader = fields(artifact.defects);
    const auto typed = reader.field(provider, "typed_config", Kind::mapping);
    if (const auto key = reader.field(*typed, "private_key", Kind::mapping)) read_key(*key, reader, artifact);
  }

  void custom_validator(const Place& custom, FieldReader& reader, bool needed) {
    const std::size_t artifacts = out_.size();
    const std::size_t told = reader.told();
    trust_domains(custom, reader);
    if (!needed || out_.size() != artifacts || reader.told() != told) return;
    const Node* config = custom.node->field("typed_config");
    missing(custom, reader,
            fmt::format("custom_validator_config without trust_domains: {}",
                        describe_members(config == nullptr ? *custom.node : *config)));
  }

  void trust_domains(const Place& custom, FieldReader& reader) {
    const auto config = reader.field(custom, "typed_config", Kind::mapping);
    if (!config) return;
    if (const auto bundles = reader.field(*config, "trust_bundles", Kind::mapping)) {
      reader.defect(DefectKind::unsupported_block, *bundles, "a SPIFFE bundle map", true);
    }
    const auto domains = reader.field(*config, "trust_domains", Kind::sequence);
    if (!domains) return;
    for (std::size_t i = 0; i < domains->node->items.size(); ++i) {
      const Place domain = domains->item(i);
      if (reader.expect(domain, Kind::mapping)) trust_domain(domain);
    }
  }

  void trust_domain(const Place& domain) {
    Artifact artifact =
        make_artifact(entry_, fields(artifact_defects_).source(domain), ArtifactKind::trust_bundle);
    FieldReader reader = fields(artifact.defects);
    artifact.trust_domain = shown(reader.text(domain, "name"));
    source(domain, "trust_domains", "trust_bundle", artifact, false);
    out_.push_back(std::move(artifact));
  }

  const std::string& file_;
  const Limits& limits_;
  const Entry& entry_;
  std::vector<Artifact>& out_;
  std::vector<Defect> artifact_defects_;
};

std::optional<Instant> read_time(const Place& parent, FieldReader& fields) {
  const auto place = fields.field(parent, "last_updated", Kind::text);
  if (!place) return std::nullopt;
  const auto instant = parse_rfc3339(place->node->text);
  if (instant) return *instant;
  fields.defect(DefectKind::malformed, *place,
                fmt::format("last_updated is no RFC 3339 time: {}", instant.error()), false);
  return std::nullopt;
}

// client_status may be a name or, as protobuf's JSON form allows, a number.
const StatusRow* read_client_status(const Place& entry, FieldReader& fields) {
  const Node::Member* member = entry.node->field_member("client_status");
  if (member == nullptr || member->value.is(Kind::null)) return nullptr;
  const Node& status = member->value;
  for (std::size_t i = 0; i < kClientStatus.size(); ++i) {
    if (status.text == kClientStatus[i].name || status.text == std::to_string(i)) return &kClientStatus[i];
  }
  const bool scalar = status.is(Kind::text) || status.is(Kind::number);
  fields.defect(DefectKind::malformed, Place{&status, child_pointer(entry.pointer, member->key)},
                scalar ? fmt::format("client_status is none that is known: {}", shown(status.text))
                       : fmt::format("a name or a number is expected here, not {}", kind_name(status.kind)),
                false);
  return nullptr;
}

void read_error(const Place& place, FieldReader& fields, Entry& entry) {
  const StatusRow* status = read_client_status(place, fields);
  if (const auto error = fields.field(place, "error_state", Kind::mapping)) {
    entry.state = SecretState::error;
    entry.error_details = fields.text(*error, "details");
    if (holds_key(entry.error_details)) {
      fields.defect(DefectKind::private_key_in_dump, *error, "key material in the error's details", false);
    }
    return;
  }
  if (status == nullptr || !status->error) return;
  entry.state = SecretState::error;
  entry.error_details = fmt::format("client status {}", status->name);
}

SecretState state_of(SecretList list, bool has_data) {
  if (list == SecretList::static_list) return SecretState::static_secret;
  if (!has_data) return SecretState::uninitialized;
  return list == SecretList::warming ? SecretState::warming : SecretState::active;
}

bool holds_data(const Node& secret) {
  for (const std::string_view field :
       {"tls_certificate", "validation_context", "session_ticket_keys", "generic_secret"}) {
    const Node* member = secret.field(field);
    if (member != nullptr && !member->is(Kind::null)) return true;
  }
  return false;
}

// A misspelt field is data that cannot be read, not data that is yet to come.
bool holds_unknown(const Node& secret) {
  return std::ranges::any_of(secret.members, [](const Node::Member& member) {
    return member.key != "name" && member.key != "@type" && !member.value.is(Kind::null);
  });
}

// Says why an entry that should have data has none.
void note_no_data(const Place& entry, const std::optional<Place>& secret, SecretList list,
                  FieldReader& fields) {
  if (secret && holds_unknown(*secret->node)) {
    fields.defect(DefectKind::malformed, *secret,
                  fmt::format("nothing known in the secret: {}", describe_members(*secret->node)), true);
  } else if (list == SecretList::static_list && (secret || is_absent(*entry.node, "secret"))) {
    fields.defect(DefectKind::no_certificates, secret ? *secret : entry,
                  fmt::format("a static secret without data: {}",
                              describe_members(secret ? *secret->node : *entry.node)),
                  true);
  }
}

std::size_t hash_of(const std::vector<Artifact>& artifacts) {
  std::size_t hash = 0;
  const auto mix = [&hash](std::string_view text) { hash = hash * 31 + std::hash<std::string_view>{}(text); };
  for (const Artifact& artifact : artifacts) {
    mix(artifact.trust_domain);
    for (const Certificate& certificate : artifact.certificates) mix(as_text(certificate.der));
  }
  return hash;
}

void move_to_front(std::vector<Defect>& from, std::vector<Defect>& to) {
  to.insert(to.begin(), std::make_move_iterator(from.begin()), std::make_move_iterator(from.end()));
  from.clear();
}

}  // namespace

void SecretReader::read_dynamic_secret(const Place& entry_place, SecretList list) {
  std::vector<Defect> defects;
  std::vector<Artifact> artifacts;
  FieldReader fields(file_, defects);
  if (fields.expect(entry_place, Kind::mapping)) {
    const auto secret = fields.field(entry_place, "secret", Kind::mapping);
    Entry entry;
    entry.name = fields.text(entry_place, "name");
    if (entry.name.empty() && secret) entry.name = fields.text(*secret, "name");
    entry.version_info = fields.text(entry_place, "version_info");
    entry.last_updated = read_time(entry_place, fields);
    const bool data = secret && holds_data(*secret->node);
    entry.complete = list != SecretList::warming;
    entry.state = state_of(list, data || (secret && holds_unknown(*secret->node)));
    read_error(entry_place, fields, entry);
    MaterialReader material(file_, limits_, entry, artifacts);
    if (data) {
      if (const auto tls = fields.field(*secret, "tls_certificate", Kind::mapping))
        material.tls_certificate(*tls);
      if (const auto context = fields.field(*secret, "validation_context", Kind::mapping)) {
        material.validation_context(*context);
      }
      if (artifacts.empty() && defects.empty()) ++ignored_;
    } else {
      note_no_data(entry_place, secret, list, fields);
      artifacts.push_back(make_artifact(entry, fields.source(entry_place), kind_by_name(entry.name)));
    }
    if (list == SecretList::active) note_duplicate(entry.name, artifacts);
  }
  if (!artifacts.empty()) move_to_front(defects, artifacts.front().defects);
  artifacts_ += artifacts.size();
  for (Artifact& artifact : artifacts) sink_.artifact(std::move(artifact));
  for (Defect& defect : defects) sink_.defect(std::move(defect));
}

void SecretReader::note_duplicate(const std::string& name, std::vector<Artifact>& artifacts) {
  if (artifacts.empty()) return;
  const std::size_t hash = hash_of(artifacts);
  const auto [first, added] = active_.emplace(name, hash);
  if (added || first->second == hash) return;
  Artifact& artifact = artifacts.front();
  artifact.defects.push_back(Defect{
      DefectKind::duplicate_name, artifact.source,
      fmt::format("the active secret \"{}\" came before, with other certificates", shown(name)), false});
}

void SecretReader::read_list(const Place& section, std::string_view field, SecretList list) {
  std::vector<Defect> defects;
  const auto entries = FieldReader(file_, defects).field(section, field, Kind::sequence);
  for (Defect& defect : defects) sink_.defect(std::move(defect));
  if (!entries) return;
  for (std::size_t i = 0; i < entries->node->items.size(); ++i) read_dynamic_secret(entries->item(i), list);
}

void SecretReader::read_section(const Place& section) {
  for (const ListRow& row : kLists) read_list(section, row.field, row.list);
}

bool is_secrets_section(const Node& node) {
  return std::ranges::any_of(kLists,
                             [&node](const ListRow& row) { return node.field(row.field) != nullptr; });
}

}  // namespace meshcert::input
