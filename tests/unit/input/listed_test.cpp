// Envoy's /certs and istioctl's list; ztunnel's is in ztunnel_test.cpp.
#include "tests/unit/input/envoy_fixture.hpp"

using namespace meshcert;
using namespace meshcert::testing;
using enum ArtifactKind;

TEST_CASE("/certs: each certificate once, with what is stated of it") {
  const Collector found = read_dump("envoy-certs.json");
  CHECK(found.defects().empty());
  check(found, {{trust_bundle, "<inline>", SecretState::none, 0, "/certificates/0/ca_cert/0"},
                {workload_chain, "<inline>", SecretState::none, 0, "/certificates/0/cert_chain/0"}});
  const Listed& root = found.artifacts[0].listed.at(0);
  CHECK(root.is_ca);
  CHECK(root.uris.empty());
  const Listed& leaf = found.artifacts[1].listed.at(0);
  CHECK_FALSE(leaf.is_ca);
  CHECK_FALSE(leaf.certificate);
  CHECK(leaf.uris == std::vector<std::string>{"spiffe://cluster.local/ns/my-ns/sa/my-sa"});
  CHECK(to_rfc3339(*leaf.not_after) == "2024-01-02T00:00:00Z");
}

TEST_CASE("/certs: rows that differ are all there, and wrong types are told") {
  const auto certs = [](const std::string& rows) {
    return read("f", R"({"certificates":[{"ca_cert":[],"cert_chain":[)" + rows + "]}]}");
  };
  CHECK(certs(R"({"serial_number":"1"},{"serial_number":"2"},{"serial_number":"01"})").artifacts.size() == 2);
  CHECK(certs(R"({"serial_number":"1","path":"a"},{"serial_number":"1","path":"b"})").artifacts.size() == 2);
  CHECK(certs(R"({"serial_number":"10"})").artifacts[0].listed[0].serial == "10");
  const Collector dns = certs(R"({"serial_number":"1","subject_alt_names":[{"dns":"a.example"}]})");
  CHECK(dns.artifacts.at(0).kind == tls_secret);
  CHECK(dns.artifacts.at(0).name == "cert_chain");
  CHECK(dns.defects().empty());
  for (const char* rows : {"7", "{}", R"({"path":1})", R"({"serial_number":"1","subject_alt_names":{}})",
                           R"({"serial_number":"1","subject_alt_names":["x"]})",
                           R"({"serial_number":"1","subject_alt_names":[{"uri":5}]})",
                           R"({"serial_number":"1","expiration_time":5})"}) {
    CAPTURE(rows);
    CHECK(certs(rows).lost());
  }
  CHECK_FALSE(certs("").lost());
  CHECK(certs("").has(DefectKind::unsupported_block));
  CHECK(read("f", R"({"certificates":[{"ca_cert":7,"cert_chain":[]}]})").lost());
}

TEST_CASE("istioctl's list") {
  const Collector found = read_dump("healthy-istioctl-list.json");
  CHECK(found.defects().empty());
  check(found, {{workload_chain, "default", kActive, 1, "/0"}, {trust_bundle, "ROOTCA", kActive, 1, "/1"}});
  CHECK(found.artifacts[0].listed.at(0).certificate == 0);

  struct Row {
    std::string_view members, state;
    bool lost;
  };
  const Row rows[] = {
      {R"("cert":"","state":"UNINITIALIZED")", "uninitialized", false},
      {R"("cert":"","state":"WARMING")", "uninitialized", false},
      {R"("cert":"","state":"WARMING","serial_number":"1")", "warming", false},
      {R"("cert":"","state":"ACTIVE")", "active", true},
      {R"("cert":7,"state":"ACTIVE")", "active", true},
      {R"("cert":"x","state":"ACTIVE")", "active", true},
      {R"("cert":"","state":7)", "", true},
  };
  for (const Row& expected : rows) {
    CAPTURE(expected.members);
    const Collector one =
        read("f", R"([{"resource_name":"kubernetes://x",)" + std::string(expected.members) + "}]");
    REQUIRE(one.artifacts.size() == 1);
    CHECK(to_string(one.artifacts[0].state) == expected.state);
    CHECK(one.lost() == expected.lost);
  }
}
