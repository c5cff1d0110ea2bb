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
  explicit LossWatcher(ArtifactSink& sink) : sink_(sink) {}
  void artifact(Artifact&& artifact) override { sink_.artifact(std::move(artifact)); }
  void defect(Defect&& defect) override {
    lost_ = lost_ || defect.lost;
    sink_.defect(std::move(defect));
  }
  [[nodiscard]] bool lost() const { return lost_; }

 private:
  ArtifactSink& sink_;
  bool lost_ = false;
};

}  // namespace

void read_secrets_dump(const std::string& file, const Node& root, const Limits& limits, ArtifactSink& sink) {
  LossWatcher watcher(sink);
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
