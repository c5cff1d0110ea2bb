#include "input/documents.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <utility>

#include "input/capped_sink.hpp"
#include "input/envoy_certs.hpp"
#include "input/envoy_material.hpp"
#include "input/envoy_secrets.hpp"
#include "input/istioctl_list.hpp"
#include "input/yaml_reader.hpp"
#include "input/ztunnel.hpp"

namespace meshcert::input {
namespace {

using Kind = Node::Kind;

bool is_element(const Node& node) {
  return is_ztunnel_identity(node) || is_envoy_certs_entry(node) || is_istioctl_item(node);
}

// Reads the elements of one document, each by its own shape.
class ElementReader {
 public:
  ElementReader(const std::string& file, const Limits& limits, ArtifactSink& sink)
      : file_(file), limits_(limits), sink_(sink), ztunnel_(file, limits, sink), certs_(file, sink) {}

  void list(const Place& place) {
    if (place.node->items.empty()) return note_none(place);
    for (std::size_t i = 0; i < place.node->items.size(); ++i) element(place.item(i));
  }

  void element(const Place& place) {
    if (is_ztunnel_identity(*place.node)) return ztunnel_.read_identity(place);
    if (is_envoy_certs_entry(*place.node)) return certs_.read_entry(place);
    if (is_istioctl_item(*place.node)) return read_istioctl_item(file_, place, limits_, sink_);
    defect(DefectKind::malformed, place,
           fmt::format("neither of ztunnel, nor of Envoy's /certs, nor of istioctl's list: {}",
                       describe_members(*place.node)),
           true);
  }

  // No fault: so is every ztunnel whose node has no workload of the mesh.
  void note_none(const Place& place) {
    defect(DefectKind::unsupported_block, place, "the list is empty: the proxy held no certificate then",
           false);
  }

 private:
  void defect(DefectKind kind, const Place& place, std::string detail, bool lost) {
    sink_.defect(Defect{kind, SourceRef{file_, place.node->line, place.pointer, std::nullopt},
                        std::move(detail), lost});
  }

  const std::string& file_;
  const Limits& limits_;
  ArtifactSink& sink_;
  ZtunnelReader ztunnel_;
  EnvoyCertsReader certs_;
};

// Notes whether anything was found, to tell a document of nothing.
class Watcher : public ArtifactSink {
 public:
  explicit Watcher(ArtifactSink& sink) : sink_(sink) {}
  void artifact(Artifact&& artifact) override {
    any_ = true;
    sink_.artifact(std::move(artifact));
  }
  void defect(Defect&& defect) override {
    any_ = true;
    sink_.defect(std::move(defect));
  }
  [[nodiscard]] bool any() const { return any_; }

 private:
  ArtifactSink& sink_;
  bool any_ = false;
};

// Of a document that is cut off it is not said that nothing is in it.
class RestSink final : public Watcher {
 public:
  using Watcher::Watcher;
  void defect(Defect&& defect) override {
    if (defect.kind != DefectKind::no_certificates) Watcher::defect(std::move(defect));
  }
};

void read_root(const std::string& file, const Node& root, const Limits& limits, ArtifactSink& sink) {
  const Place place{&root, ""};
  Watcher watcher(sink);
  ElementReader reader(file, limits, watcher);
  const Node* list = root.find("certificates");
  const bool is_dump = is_secrets_section(root) || root.field("configs") != nullptr;
  if (!is_dump && list != nullptr && list->is(Kind::sequence)) {
    reader.list(Place{list, child_pointer("", "certificates")});
  } else if (root.is(Kind::sequence) && std::ranges::any_of(root.items, is_element)) {
    reader.list(place);
  } else if (!is_dump && is_element(root)) {
    reader.element(place);
  } else {
    return read_secrets_dump(file, root, limits, sink);
  }
  if (!watcher.any()) reader.note_none(place);
}

}  // namespace

void read_document(const std::string& file, const Node& root, const Limits& limits, ArtifactSink& sink) {
  CappedSink capped(limits, sink);
  read_root(file, root, limits, capped);
  capped.finish();
}

void read_yaml_file(const std::string& file, ByteView octets, const Limits& limits, ArtifactSink& sink) {
  CappedSink capped(limits, sink);
  bool any = false;
  const auto result = read_yaml(file, octets, limits, [&](const Node& root, bool is_whole) {
    if (root.is(Kind::null)) return;  // nothing after the last "---"
    any = true;
    RestSink rest(capped);
    read_root(file, root, limits, is_whole ? static_cast<ArtifactSink&>(capped) : rest);
  });
  capped.finish();
  if (!result)
    return sink.defect(Defect{DefectKind::malformed, result.error().where, result.error().message, true});
  if (any) return;
  sink.defect(Defect{DefectKind::no_certificates, SourceRef{file, 0, "", std::nullopt},
                     "YAML without documents", true});
}

}  // namespace meshcert::input
