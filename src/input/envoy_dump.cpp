#include <fmt/format.h>
#include <string>
#include <utility>

#include "input/envoy_secrets.hpp"
#include "input/withheld.hpp"

namespace meshcert::input {
namespace {

constexpr std::string_view kSectionType = "SecretsConfigDump";

std::string_view last_part(std::string_view url) {
  return url.substr(url.rfind('.') + 1);
}

std::string describe_other(const Node& root) {
  if (!root.is(Node::Kind::mapping))
    return fmt::format("JSON, but not a secrets dump: {}", kind_name(root.kind));
  if (root.members.empty()) return "an empty object: a dump without secrets";
  NameList names;
  for (const Node::Member& member : root.members) names.add(member.key);
  return fmt::format("JSON, but not a secrets dump: an object with {}", names.text());
}

// Reads each SecretsConfigDump of a config dump; the answer says why there was none.
std::string read_configs(const Place& configs, FieldReader& fields, SecretReader& reader) {
  NameList others;
  bool found = false;
  for (std::size_t i = 0; i < configs.node->items.size(); ++i) {
    const Place config = configs.item(i);
    if (!fields.expect(config, Node::Kind::mapping)) continue;
    const auto url = fields.field(config, "@type", Node::Kind::text);
    const std::string_view type = url ? last_part(url->node->text) : "";
    if (type != kSectionType) {
      others.add(type.empty() ? "one without @type" : type);
      continue;
    }
    found = true;
    reader.read_section(config);
  }
  if (found) return "the SecretsConfigDump of this config dump holds no certificates";
  if (configs.node->items.empty()) return "a config dump without sections";
  return fmt::format("a config dump without SecretsConfigDump; its sections are {}", others.text());
}

// Passes everything on and remembers whether something was lost.
class LossWatcher final : public ArtifactSink {
 public:
  LossWatcher(ArtifactSink& sink, std::string workload) : sink_(sink), workload_(std::move(workload)) {}
  void artifact(Artifact&& artifact) override {
    artifact.workload = workload_;
    sink_.artifact(std::move(artifact));
  }
  void defect(Defect&& defect) override {
    lost_ = lost_ || defect.lost;
    sink_.defect(std::move(defect));
  }
  [[nodiscard]] bool lost() const { return lost_; }

 private:
  ArtifactSink& sink_;
  std::string workload_;
  bool lost_ = false;
};

// The node id of an Istio proxy is TYPE~ADDRESS~POD.NAMESPACE~DOMAIN (istio
// pilot/pkg/model/context.go).
std::string_view workload_of(std::string_view node_id) {
  constexpr std::size_t kParts = 4;
  std::string_view workload;
  std::size_t parts = 1;
  for (; node_id.find('~') != std::string_view::npos; ++parts) {
    if (parts == 3) workload = node_id.substr(0, node_id.find('~'));
    node_id.remove_prefix(node_id.find('~') + 1);
  }
  return parts == kParts ? workload : std::string_view{};
}

// Whose dump it is, by the bootstrap section of a config dump; "" where it is
// not said.
std::string find_workload(const Node& root) {
  const Node* configs = root.field("configs");
  if (configs == nullptr) return {};
  for (const Node& config : configs->items) {
    const Node* found = &config;
    for (const std::string_view name : {"bootstrap", "node", "id"})
      found = found == nullptr ? nullptr : found->field(name);
    if (found != nullptr && found->is(Node::Kind::text)) return shown(std::string(workload_of(found->text)));
  }
  return {};
}

}  // namespace

void read_secrets_dump(const std::string& file, const Node& root, const Limits& limits, ArtifactSink& sink) {
  LossWatcher watcher(sink, find_workload(root));
  SecretReader reader(file, limits, watcher);
  const Place place{&root, ""};
  std::vector<Defect> defects;
  FieldReader fields(file, defects);
  std::string nothing = describe_other(root);
  if (is_secrets_section(root)) {
    reader.read_section(place);
    nothing = "the dump holds no secrets";
  }
  if (const auto configs = fields.field(place, "configs", Node::Kind::sequence)) {
    nothing = read_configs(*configs, fields, reader);
  }
  for (Defect& defect : defects) watcher.defect(std::move(defect));
  if (reader.artifacts() != 0 || watcher.lost()) return;
  if (reader.ignored() != 0)
    nothing = fmt::format("{} secrets, none of a kind that holds certificates", reader.ignored());
  sink.defect(Defect{DefectKind::no_certificates, SourceRef{file, root.line, "", std::nullopt},
                     std::move(nothing), true});
}

}  // namespace meshcert::input
