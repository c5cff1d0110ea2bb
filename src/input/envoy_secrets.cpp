#include "input/envoy_secrets.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <array>
#include <utility>

#include "input/envoy_material.hpp"
#include "input/secret_names.hpp"
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

// No certificate is lost with it, of whatever kind it is.
std::optional<Instant> read_time(const Place& parent, FieldReader& fields) {
  const Node::Member* member = parent.node->field_member("last_updated");
  if (member == nullptr || member->value.is(Kind::null)) return std::nullopt;
  const Node& value = member->value;
  const auto instant =
      parse_rfc3339(value.is(Kind::text) ? std::string_view(value.text) : std::string_view());
  if (instant) return *instant;
  const Place place{&value, child_pointer(parent.pointer, member->key)};
  fields.defect(DefectKind::malformed, place, explain_no_time("last_updated", value), false);
  if (surely_holds_key(value.text))
    fields.defect(DefectKind::private_key_in_dump, place, "key material where a time belongs", false);
  return std::nullopt;
}

// A name is free text; who pasted a key there is told so.
void note_key_material(const Place& place, const SecretEntry& entry, FieldReader& fields) {
  for (const auto& [text, where] :
       {std::pair{&entry.name, "as the name of a secret"}, {&entry.version_info, "as a version_info"}})
    if (surely_holds_key(*text))
      fields.defect(DefectKind::private_key_in_dump, place, fmt::format("key material {}", where), false);
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

void read_error(const Place& place, FieldReader& fields, SecretEntry& entry) {
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

std::size_t hash_of_all(const std::vector<Artifact>& artifacts) {
  std::size_t sum = 0;
  for (const Artifact& artifact : artifacts) sum = sum * 31 + hash_of(artifact);
  return sum;
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
    SecretEntry entry;
    entry.name = fields.text(entry_place, "name");
    if (entry.name.empty() && secret) entry.name = fields.text(*secret, "name");
    entry.version_info = fields.text(entry_place, "version_info");
    note_key_material(entry_place, entry, fields);
    entry.last_updated = read_time(entry_place, fields);
    const bool data = secret && holds_data(*secret->node);
    const bool unread = !secret && !is_absent(*entry_place.node, "secret");
    entry.complete = list != SecretList::warming;
    entry.state = state_of(list, data || unread || (secret && holds_unknown(*secret->node)));
    read_error(entry_place, fields, entry);
    if (data) {
      const std::size_t told = fields.told();
      read_material(file_, scope_, entry, *secret, fields, artifacts);
      if (artifacts.empty() && fields.told() != told)  // what cannot be read is still one of the proxy's
        artifacts.push_back(make_artifact(entry, fields.source(*secret), kind_by_name(entry.name)));
      if (artifacts.empty() && defects.empty()) ++ignored_;
    } else {
      note_no_data(entry_place, secret, list, fields);
      artifacts.push_back(make_artifact(entry, fields.source(entry_place), kind_by_name(entry.name)));
    }
    if (list == SecretList::active) note_duplicate(entry.name, artifacts);
  }
  hand_on(artifacts, defects);
}

void SecretReader::read_bare_secret(const Place& secret) {
  std::vector<Defect> defects;
  std::vector<Artifact> artifacts;
  FieldReader fields(file_, defects);
  SecretEntry entry;
  entry.name = fields.text(secret, "name");
  read_material(file_, scope_, entry, secret, fields, artifacts);
  hand_on(artifacts, defects);
}

void SecretReader::hand_on(std::vector<Artifact>& artifacts, std::vector<Defect>& defects) {
  if (!artifacts.empty()) move_to_front(defects, artifacts.front().defects);
  for (Artifact& artifact : artifacts) sink_.artifact(std::move(artifact));
  for (Defect& defect : defects) sink_.defect(std::move(defect));
}

void SecretReader::note_duplicate(const std::string& name, std::vector<Artifact>& artifacts) {
  if (artifacts.empty()) return;
  const std::size_t hash = hash_of_all(artifacts);
  const auto [first, added] =
      active_.emplace(document_in_list(artifacts.front().source.pointer) + ' ' + name, hash);
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

std::string document_in_list(std::string_view pointer) {
  if (pointer.size() < 2 || pointer[1] < '0' || pointer[1] > '9') return {};
  const std::size_t end = pointer.find('/', 1);
  if (end == std::string_view::npos) return {};
  const std::string_view rest = pointer.substr(end + 1);
  const std::string_view list = rest.substr(0, rest.find('/'));
  return list == "configs" || secret_list(list) ? std::string(pointer.substr(0, end)) : std::string();
}

std::optional<SecretList> secret_list(std::string_view key) {
  const auto row =
      std::ranges::find_if(kLists, [key](const ListRow& list) { return is_field(key, list.field); });
  return row == kLists.end() ? std::nullopt : std::optional(row->list);
}

bool is_secrets_section(const Node& node) {
  return std::ranges::any_of(kLists,
                             [&node](const ListRow& row) { return node.field(row.field) != nullptr; });
}

}  // namespace meshcert::input
