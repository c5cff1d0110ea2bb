#include "input/proxy_node.hpp"

#include <algorithm>
#include <array>
#include <string_view>

#include "input/withheld.hpp"

namespace meshcert::input {
namespace {

using Kind = Node::Kind;

const Node* inside(const Node* node, std::string_view name) {
  return node == nullptr ? nullptr : node->field(name);
}

const Node* node_of(const Node& config) {
  return inside(inside(&config, "bootstrap"), "node");
}

// The node id of an Istio proxy is TYPE~ADDRESS~POD.NAMESPACE~DOMAIN (istio
// pilot/pkg/model/context.go).
void read_node_id(std::string_view id, Doorkeeper::Proxy& proxy) {
  std::array<std::string_view, 4> parts;
  if (std::ranges::count(id, '~') != parts.size() - 1) return;
  for (std::string_view& part : parts) {
    part = id.substr(0, id.find('~'));
    id.remove_prefix(std::min(part.size() + 1, id.size()));
  }
  proxy.node_type = shown(parts[0]);
  proxy.workload = shown(parts[2]);
}

}  // namespace

bool is_bootstrap(const Node& config) {
  const Node* id = inside(node_of(config), "id");
  return id != nullptr && id->is(Kind::text);
}

void read_proxy_node(const Node& config, Doorkeeper::Proxy& proxy) {
  const Node* node = node_of(config);
  const Node* id = inside(node, "id");
  if (id != nullptr && id->is(Kind::text)) read_node_id(id->text, proxy);
  const Node* labels = inside(inside(node, "metadata"), "LABELS");
  if (labels == nullptr) return;
  for (const Node::Member& label : labels->members)
    if (label.value.is(Kind::text)) proxy.labels.emplace_back(shown(label.key), shown(label.value.text));
}

}  // namespace meshcert::input
