#include "input/document.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <array>
#include <cstring>
#include <utility>

#include "input/envoy_material.hpp"
#include "input/json_reader.hpp"

namespace meshcert::input {
namespace {

using Kind = Node::Kind;

constexpr std::string_view kSectionType = "SecretsConfigDump";

constexpr std::array kRules = {
    ListRule{"configs", true},           ListRule{"dynamicActiveSecrets"},
    ListRule{"dynamic_active_secrets"},  ListRule{"dynamicWarmingSecrets"},
    ListRule{"dynamic_warming_secrets"}, ListRule{"staticSecrets"},
    ListRule{"static_secrets"},
};

std::string_view last_part(std::string_view url) {
  return url.substr(url.rfind('.') + 1);
}

bool has_mapping(const Node& node, std::string_view field) {
  const Node* member = node.field(field);
  return member != nullptr && member->is(Kind::mapping);
}

std::string describe_other(const Node& root) {
  if (!root.is(Kind::mapping)) return fmt::format("JSON, but not a secrets dump: {}", kind_name(root.kind));
  if (root.members.empty()) return "an empty object: a dump without secrets";
  return fmt::format("JSON, but not a secrets dump: {}", describe_members(root));
}

// Composes the parts of a JSON document that can matter and gives them to a DocumentReader.
class JsonDocument final : public JsonPartSink {
 public:
  JsonDocument(const std::string& file, const Limits& limits, ArtifactSink& sink)
      : file_(file), limits_(limits), document_(file, limits, sink), json_(file, limits) {}

  bool read(ByteSource& source) {
    auto split = split_json(file_, source, DocumentReader::rules(), limits_, *this);
    if (!split) document_.lose(std::move(split.error()));
    return document_.finish(split.has_value());
  }

  void list(std::string_view key) override { document_.list(key); }

  void part(const JsonPart& part) override {
    if (!document_.wants(part.list, part.text)) {
      if (auto fault = json_.look_over(part.text, part.lines)) lose(part, std::move(*fault));
      return;
    }
    auto node = json_.read(part.text, part.lines);
    if (!node) return lose(part, std::move(node.error()));
    document_.part(part.list, Place{&*node, std::string(part.pointer)});
  }

 private:
  void lose(const JsonPart& part, Error fault) {
    fault.where.pointer = part.pointer;
    document_.lose(std::move(fault));
  }

  const std::string& file_;
  const Limits& limits_;
  DocumentReader document_;
  JsonReader json_;
};

}  // namespace

void Doorkeeper::artifact(Artifact&& artifact) {
  ++artifacts_;
  const bool configured = artifact.state == SecretState::none || artifact.state == SecretState::static_secret;
  if (configured && !artifact.certificates.empty() &&
      !configured_.emplace(artifact.name, hash_of(artifact)).second)
    return;
  sink_.artifact(std::move(artifact));
}

void Doorkeeper::defect(Defect&& defect) {
  lost_ = lost_ || defect.lost;
  sink_.defect(std::move(defect));
}

std::span<const ListRule> DocumentReader::rules() {
  return kRules;
}

bool DocumentReader::wants(std::string_view list, std::string_view text) {
  const bool named =
      list.empty() || list == "[]" || std::ranges::find(kRules, list, &ListRule::key) != kRules.end();
  return named || TlsContextReader::may_hold_material(text) || contexts_.seeks_references(text);
}

void DocumentReader::list(std::string_view key) {
  const bool section = secret_list(key).has_value();
  has_section_ = has_section_ || section;
  has_configs_ = has_configs_ || key == "configs";
  known_ = known_ || section || has_configs_;
}

void DocumentReader::part(std::string_view list, const Place& place) {
  if (list.empty()) return document(place);
  if (list == "configs") return config(place);
  if (const auto secrets = secret_list(list)) return secrets_.read_dynamic_secret(place, *secrets);
  list == "[]" ? object(place) : contexts(place);
}

void DocumentReader::lose(Error error) {
  sink_.defect(Defect{DefectKind::malformed, std::move(error.where), std::move(error.message), true});
}

// One message of a config dump. A section's lists were streamed already, unless
// their keys are spelt in an unusual way; what remains of it is looked at here.
void DocumentReader::config(const Place& place) {
  std::vector<Defect> defects;
  FieldReader fields(file_, defects);
  if (fields.expect(place, Kind::mapping)) {
    const auto url = fields.field(place, "@type", Kind::text);
    const std::string_view type = url ? last_part(url->node->text) : "";
    has_section_ = has_section_ || type == kSectionType;
    // A section of another type can hold TLS contexts alone.
    const bool other = type.ends_with("ConfigDump") && type != kSectionType;
    const bool found = other ? contexts(place) : object(place);
    if (!found && type != kSectionType) other_configs_.add(type.empty() ? "one without @type" : type);
  }
  for (Defect& defect : defects) sink_.defect(std::move(defect));
}

// Whether the object is of a shape we know.
bool DocumentReader::object(const Place& place) {
  const Node& node = *place.node;
  if (is_secrets_section(node)) {
    has_section_ = true;
    secrets_.read_section(place);
  } else if (has_mapping(node, "secret")) {
    secrets_.read_dynamic_secret(place, SecretList::active);
  } else if (has_mapping(node, "tls_certificate") || has_mapping(node, "validation_context")) {
    secrets_.read_bare_secret(place);
  } else {
    return contexts(place);
  }
  known_ = true;
  return true;
}

bool DocumentReader::contexts(const Place& place) {
  const std::size_t before = sink_.artifacts();
  contexts_.read(place);
  const bool found = sink_.artifacts() != before;
  known_ = known_ || found;
  return found;
}

void DocumentReader::document(const Place& root) {
  const Node& node = *root.node;
  line_ = node.line;
  other_ = describe_other(node);
  for (std::size_t i = 0; i < node.items.size(); ++i) part("[]", root.item(i));
  std::vector<Defect> defects;
  const auto configs = FieldReader(file_, defects).field(root, "configs", Kind::sequence);
  for (Defect& defect : defects) sink_.defect(std::move(defect));
  if (configs) {
    list("configs");
    for (std::size_t i = 0; i < configs->node->items.size(); ++i) part("configs", configs->item(i));
  }
  if (node.is(Kind::mapping) && !configs) object(root);
}

std::string DocumentReader::describe_nothing() const {
  if (secrets_.ignored() != 0)
    return fmt::format("{} secrets, none of a kind that holds certificates", secrets_.ignored());
  const std::string by_sds = contexts_.references().empty()
                                 ? ""
                                 : "; its TLS contexts get these secrets by SDS: " + contexts_.references();
  if (!has_configs_) return has_section_ ? "the dump holds no secrets" : other_ + by_sds;
  if (has_section_) return "the SecretsConfigDump of this config dump holds no certificates";
  const std::string others = other_configs_.text();
  if (others.empty()) return "a config dump without sections";
  return fmt::format("a config dump without SecretsConfigDump; its sections are {}{}", others, by_sds);
}

bool DocumentReader::finish(bool whole) {
  if (whole && sink_.artifacts() == 0 && !sink_.lost()) {
    sink_.defect(Defect{DefectKind::no_certificates, SourceRef{file_, line_, "", std::nullopt},
                        describe_nothing(), true});
  }
  return known_;
}

bool read_json_document(const std::string& file, ByteSource& source, const Limits& limits,
                        ArtifactSink& sink) {
  JsonDocument document(file, limits, sink);
  return document.read(source);
}

}  // namespace meshcert::input
