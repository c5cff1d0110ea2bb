#include "input/envoy_secrets.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <array>
#include <functional>
#include <utility>

#include "input/certificates.hpp"
#include "input/data_source.hpp"
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
  artifact.name = entry.name;
  artifact.source = std::move(source);
  artifact.state = entry.state;
  artifact.last_updated = entry.last_updated;
  artifact.version_info = entry.version_info;
  artifact.error_details = entry.error_details;
  return artifact;
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
    if (const auto chain = reader.field(tls, "certificate_chain", Kind::mapping)) {
      read_certificates(*chain, limits_, reader, artifact);
    }
    for (const std::string_view secret : {"private_key", "pkcs12"}) {
      if (const auto key = reader.field(tls, secret, Kind::mapping)) read_key(*key, reader, artifact);
    }
    if (reader.field(tls, "private_key_provider", Kind::mapping)) artifact.key = KeyFacts{true, true, false};
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
    const auto trusted_ca = reader.field(context, "trusted_ca", Kind::mapping);
    if (trusted_ca) read_certificates(*trusted_ca, limits_, reader, trusted);
    if (const auto crl = reader.field(context, "crl", Kind::mapping)) {
      reader.defect(DefectKind::unsupported_block, *crl, "a certificate revocation list", false);
    }
    if (const auto custom = reader.field(context, "custom_validator_config", Kind::mapping)) {
      custom_validator(*custom, reader);
    }
    // The SPIFFE validator comes with an empty trusted_ca: nothing to show for it.
    const bool empty = trusted.certificates.empty() && trusted.defects.empty();
    if (!empty || out_.size() == before) out_.push_back(std::move(trusted));
  }

 private:
  [[nodiscard]] FieldReader fields(std::vector<Defect>& defects) const { return {file_, defects}; }

  void custom_validator(const Place& custom, FieldReader& reader) {
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
    artifact.trust_domain = reader.text(domain, "name");
    if (const auto bundle = reader.field(domain, "trust_bundle", Kind::mapping)) {
      read_certificates(*bundle, limits_, reader, artifact);
    }
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
const StatusRow* read_client_status(const Place& entry) {
  const Node* status = entry.node->field("client_status");
  if (status == nullptr) return nullptr;
  for (std::size_t i = 0; i < kClientStatus.size(); ++i) {
    if (status->text == kClientStatus[i].name || status->text == std::to_string(i)) return &kClientStatus[i];
  }
  return nullptr;
}

void read_error(const Place& place, FieldReader& fields, Entry& entry) {
  if (const auto error = fields.field(place, "error_state", Kind::mapping)) {
    entry.state = SecretState::error;
    entry.error_details = fields.text(*error, "details");
    return;
  }
  const StatusRow* status = read_client_status(place);
  if (status == nullptr || !status->error) return;
  entry.state = SecretState::error;
  entry.error_details = fmt::format("client status {}", status->name);
}

SecretState state_of(SecretList list, bool has_data, std::string_view version) {
  if (list == SecretList::static_list) return SecretState::static_secret;
  if (!has_data || version == "uninitialized") return SecretState::uninitialized;
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
    entry.state = state_of(list, data, entry.version_info);
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
  artifact.defects.push_back(
      Defect{DefectKind::duplicate_name, artifact.source,
             fmt::format("the active secret \"{}\" came before, with other certificates", name), false});
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
