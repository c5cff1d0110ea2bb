// Two control planes in one cluster: the sample with one thing changed.
#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "meshcert/input.hpp"
#include "meshcert/inspect.hpp"
#include "tests/support/source_tree.hpp"

using namespace meshcert;
using namespace meshcert::testing;

namespace {

using Places = std::vector<std::string>;

using Items = std::vector<std::string>;

/// moved is the same object in another namespace.
std::string moved(std::string item, const std::string& space) {
  const std::string system = "namespace: istio-system";
  return item.replace(item.find(system), system.size(), "namespace: " + space);
}

/// items_of cuts a List into its objects.
Items items_of(const std::string& text) {
  Items items;
  for (std::size_t at = text.find("\n- ") + 1; text.compare(at, 2, "- ") == 0;) {
    const std::size_t end = std::min(text.find("\n- ", at), text.find("\nkind: List", at)) + 1;
    items.push_back(text.substr(at, end - at));
    at = end;
  }
  return items;
}

std::string joined(const Items& items) {
  std::string text = "apiVersion: v1\nkind: List\nitems:\n";
  for (const std::string& item : items) text += item;
  return text;
}

/// differing lists where bundle.differs is told, each place once.
Places differing(const Items& items) {
  InventorySink sink;
  const std::string text = joined(items);
  REQUIRE(read_input("f.yaml", as_bytes(text), {}, sink));
  Policy policy;
  policy.at = *parse_rfc3339("2024-01-01T06:00:00Z");
  Places places;
  for (const Finding& finding : judge(sink.inventory, policy, Selection{{"bundle.differs"}, {}}))
    if (places.empty() || places.back() != finding.resource) places.push_back(finding.resource);
  return places;
}

}  // namespace

TEST_CASE("mesh roots: control planes that agree with themselves need not agree with each other") {
  // istio-ca-secret; the roots of istio-system, shop; the configuration of istio-bank; the roots of that,
  // bank, loans.
  const Items items = items_of(read_source("certs/bundle/healthy-two-meshes.yaml"));
  REQUIRE(items.size() == 7);
  CHECK(differing(items).empty());
  // Without what tells that a control plane is there, its namespaces are out of step.
  Items unknown = items;
  unknown.erase(unknown.begin() + 3);
  CHECK(differing(unknown).size() == 3);
  // A control plane whose own namespace holds the other's root is none of its own.
  Items mixed = items;
  mixed[4] = moved(items[1], "istio-bank");
  CHECK(differing(mixed) ==
        Places{"ConfigMap bank/istio-ca-root-cert", "ConfigMap loans/istio-ca-root-cert"});
  // The CA and the namespace of its istiod are at odds.
  Items at_odds = items;
  at_odds[0] = moved(items[0], "istio-bank");
  CHECK_FALSE(differing(at_odds).empty());
}

TEST_CASE(
    "mesh roots: a CA that istiod made is left over beside one that was plugged in, or is another mesh's") {
  // cacerts; istio-ca-secret; the roots of istio-system, which are those of cacerts.
  const Items items = items_of(read_source("certs/bundle/healthy-plugged-in.yaml"));
  const Items others = items_of(read_source("certs/bundle/healthy-two-meshes.yaml"));
  REQUIRE(items.size() == 3);
  const std::string ca = moved(items[1], "istio-bank");
  const std::string own = moved(others[1], "istio-bank"), shop = others[2];
  CHECK(differing({items[0], ca, items[2], own, shop}).empty());
  // Its own namespace does not go by it.
  CHECK(differing({items[0], ca, items[2], shop}) == Places{"ConfigMap shop/istio-ca-root-cert"});
  CHECK(differing({items[0], ca, items[2], moved(items[2], "istio-bank")}).empty());
  // But where an istiod runs, it goes by its CA.
  const std::string configuration = others[3];
  CHECK(differing({items[0], ca, items[2], configuration, own, shop}).empty());
  CHECK(differing({items[0], ca, items[2], configuration}).empty());
  CHECK(differing({items[0], ca, items[2], configuration, moved(items[2], "istio-bank")}) ==
        Places{"Secret istio-bank/istio-ca-secret"});
  CHECK(differing({items[0], moved(items[1], "shop"), items[2], configuration, moved(items[2], "shop")})
            .empty());
}

TEST_CASE("mesh roots: beside the certificate of another CA, the one that istiod made is left over") {
  const Items items = items_of(read_source("certs/bundle/healthy-two-meshes.yaml"));
  const std::string ca = items[0], own = items[1];
  const auto with = [](std::string text, const std::string& from, const std::string& to) {
    return text.replace(text.find(from), from.size(), to);
  };
  // The roots of the other mesh, in its place.
  const std::string roots = with(items[4], "namespace: istio-bank", "namespace: istio-system");
  CHECK_FALSE(differing({ca, roots}).empty());
  const std::string values = with(with(roots, "root-cert.pem:", "ca.crt:"), "  data:", "  stringData:");
  const std::string served = with(with(values, "ConfigMap", "Secret"), "istio-ca-root-cert", "istiod-tls");
  CHECK(differing({ca, roots, served}).empty());
  CHECK(differing({ca, own, served}).empty());
}

TEST_CASE("mesh roots: where an istiod runs, its mesh is that of its CA, whatever its own namespace holds") {
  const Items items = items_of(read_source("certs/bundle/healthy-plugged-in.yaml"));
  const Items others = items_of(read_source("certs/bundle/healthy-two-meshes.yaml"));
  const std::string ca =
      moved(items_of(read_source("certs/cacerts/healthy-root.yaml")).front(), "istio-bank");
  const std::string configuration = others[3], shop = others[2];
  // It writes to no namespace of its own (discoverySelectors).
  CHECK(differing({items[0], items[2], ca, configuration, shop}).empty());
  CHECK_FALSE(differing({items[0], items[2], ca, shop}).empty());
  // It has not yet written what it signs with: that is its own matter, and none of the other mesh.
  CHECK(differing({items[0], items[2], ca, configuration, others[4], others[5]}) ==
        Places{"Secret istio-bank/cacerts"});
}
