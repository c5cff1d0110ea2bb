// What in Kubernetes objects cannot be what it should.
#include <doctest/doctest.h>

#include <string>
#include <utility>

#include "tests/support/collector.hpp"

using namespace meshcert;
using namespace meshcert::testing;

TEST_CASE("kubernetes: a remote secret holds kubeconfigs, and what is none is told") {
  const auto remote = [](const std::string& label, const std::string& value) {
    return read("f.yaml", "apiVersion: v1\nkind: Secret\nmetadata: {name: s, labels: {istio/multiCluster: '" +
                              label + "'}}\nstringData: {c2: \"" + value + "\"}\n");
  };
  const std::string config =
      "apiVersion: v1\\nkind: Config\\nclusters:\\n- cluster: {server: https://c2}\\n  name: c2\\n";
  CHECK_FALSE(remote("true", config).has(DefectKind::malformed));
  for (const char* bad : {"a: b: c", "junk", "[1]", "clusters: 5", "", " \\n"}) {
    const Collector found = remote("true", bad);
    CHECK(found.lost());
    REQUIRE(found.has(DefectKind::malformed));
    REQUIRE(found.artifacts.size() == 1);
    CHECK(found.artifacts[0].resource == "Secret s");
    CHECK(found.artifacts[0].defects[0].where.pointer.starts_with("/stringData/c2"));
    CHECK_FALSE(remote("false", bad).has(DefectKind::malformed));
  }
  CHECK(read("f.yaml",
             "apiVersion: v1\nkind: Secret\nmetadata: {name: s, labels: {istio/multiCluster: 'true'}}\n"
             "data: {c2: '!'}\n")
            .lost());
}

TEST_CASE("kubernetes: a kind that is spelt nearly as one of ours is told, also in a list") {
  const auto in_list = [](const std::string& version, const std::string& kind) {
    return read("f.yaml",
                "apiVersion: v1\nkind: List\nitems:\n- {apiVersion: " + version + ", kind: " + kind +
                    ", metadata: {name: q}}\n- {apiVersion: v1, kind: Namespace, metadata: {name: n}}\n");
  };
  for (const auto& [version, kind] : {std::pair{"v1", "Secrte"},
                                      {"v1", "secret"},
                                      {"v1", "configMaps"},
                                      {"v1", "Pods"},
                                      {"networking.istio.io/v1", "Gatewy"}}) {
    const Collector found = in_list(version, kind);
    REQUIRE(found.has(DefectKind::malformed));
    CHECK(found.loose[0].where.pointer == "/items/0");
    CHECK(found.lost());
  }
  // Others are right, and none of ours.
  for (const auto& [version, kind] : {std::pair{"v1", "Node"},
                                      {"v1", "Service"},
                                      {"v1", "Secret"},
                                      {"networking.istio.io/v1", "VirtualService"},
                                      {"gateway.networking.k8s.io/v1alpha2", "BackendLBPolicy"},
                                      {"example.org/v1", "Secrets"}})
    CHECK_FALSE(in_list(version, kind).has(DefectKind::malformed));
}
