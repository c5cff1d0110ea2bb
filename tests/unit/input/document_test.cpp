#include <doctest/doctest.h>

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "tests/support/collector.hpp"
#include "tests/support/source_tree.hpp"

using namespace meshcert;
using namespace meshcert::testing;
using nlohmann::json;

namespace {

// The healthy dump as Envoy's admin endpoint prints it: default and ROOTCA.
json section() {
  return json::parse(read_source("certs/dumps/healthy-snake-case.json")).at("configs").at(1);
}

json entry(std::size_t index) {
  return section().at("dynamic_active_secrets").at(index);
}

json tls(std::size_t index, const char* field) {
  return entry(index).at("secret").at(field);
}

std::vector<std::string> names(const Collector& found) {
  std::vector<std::string> all;
  for (const Artifact& artifact : found.artifacts) all.push_back(artifact.name);
  return all;
}

// A TLS context as clusters and listeners have it.
json context(json common) {
  return {{"name", "envoy.transport_sockets.tls"},
          {"typed_config", {{"common_tls_context", std::move(common)}}}};
}

}  // namespace

TEST_CASE("documents: a dump may come in any of its shapes") {
  const json one = section();
  struct Row {
    const char* what;
    json document;
    std::size_t artifacts;
  };
  const json two = {entry(0), entry(1)};
  const Row rows[] = {
      {"a config dump", {{"configs", {one}}}, 2},
      {"a bare section", one, 2},
      {"a bare list of sections", json::array({one}), 2},
      {"a bare list of config dumps", json::array({{{"configs", {one}}}}), 2},
      {"a bare list of entries", two, 2},
      {"a bare entry", entry(0), 1},
      {"a bare secret", entry(0).at("secret"), 1},
      {"a list of secrets", json::array({entry(0).at("secret"), entry(1).at("secret")}), 2},
      {"entries in configs (?resource=dynamic_active_secrets)", {{"configs", two}}, 2},
  };
  for (const Row& row : rows) {
    CAPTURE(row.what);
    const Collector found = read("f", row.document.dump(1));
    CHECK(found.defects().empty());
    CHECK(found.artifacts.size() == row.artifacts);
    CHECK(found.certificates() >= row.artifacts);
    CHECK(found.artifacts.at(0).name == "default");
  }
}

TEST_CASE("documents: material inside clusters and listeners") {
  const json chain = tls(0, "tls_certificate");
  const json anchors = tls(1, "validation_context");
  const json cluster = {{"name", "outbound|80||svc"},
                        {"transport_socket_matches",
                         {{{"name", "m"}, {"transport_socket", context({{"tls_certificates", {chain}}})}}}}};
  const json listener = {
      {"name", "0.0.0.0_443"},
      {"active_state",
       {{"listener",
         {{"filter_chains",
           {{{"transport_socket",
              context({{"combined_validation_context", {{"default_validation_context", anchors}}}})}}}}}}}}};
  const json dump = {{"configs",
                      {{{"@type", "type.googleapis.com/envoy.admin.v3.ClustersConfigDump"},
                        {"dynamic_active_clusters", {{{"cluster", cluster}}}}},
                       {{"@type", "type.googleapis.com/envoy.admin.v3.ListenersConfigDump"},
                        {"dynamic_listeners", {listener}}}}}};
  const Collector found = read("f", dump.dump(1));
  CHECK(found.defects().empty());
  REQUIRE(names(found) == std::vector<std::string>{"outbound|80||svc", "0.0.0.0_443"});
  CHECK(found.artifacts[0].kind == ArtifactKind::workload_chain);
  CHECK(found.artifacts[1].kind == ArtifactKind::trust_bundle);
  CHECK(
      found.artifacts[0].source.pointer ==
      "/configs/0/dynamic_active_clusters/0/cluster/transport_socket_matches/0/transport_socket/typed_config/"
      "common_tls_context/tls_certificates/0/certificate_chain/inline_bytes");
  // As `istioctl proxy-config cluster -o json` prints it, and alone.
  CHECK(read("f", json::array({cluster}).dump()).artifacts.size() == 1);
  CHECK(read("f", cluster.dump()).artifacts.size() == 1);
}

TEST_CASE("documents: contexts that hold nothing are no loss, broken ones are") {
  struct Row {
    json common;
    bool lost;
  };
  const Row rows[] = {
      {{{"tls_certificate_sds_secret_configs", {{{"name", "default"}}}}}, false},
      {{{"validation_context", {{"match_subject_alt_names", {{{"exact", "spiffe://a/b"}}}}}}}, false},
      {{{"tls_certificates", json::array()}}, false},
      {{{"tls_certificates", {{{"certificate_chain", {{"filename", "/etc/certs/cert-chain.pem"}}}}}}}, false},
      {{{"tls_certificates", {{{"certificate_chain", {{"inline_string", "nonsense"}}}}}}}, true},
      {{{"tls_certificates", {{{"certificate_chain", {{"inline_bytes", 7}}}}}}}, true},
      {{{"tls_certificates", {7}}, {"x", "inline_bytes"}}, true},
      {{{"tls_certificates", 7}, {"x", "inline_bytes"}}, true},
      {{{"validation_context", {{"trusted_ca", {{"inline_string", ""}}}}}}, true},
  };
  for (const Row& row : rows) {
    CAPTURE(row.common.dump());
    const json cluster = {{"name", "c"}, {"transport_socket", context(row.common)}};
    const json section = {{"@type", "envoy.admin.v3.ClustersConfigDump"},
                          {"static_clusters", {{{"cluster", cluster}}}}};
    // A healthy section beside it, so that only the context speaks.
    const Collector found = read("f", json{{"configs", {section, ::section()}}}.dump());
    CHECK(found.lost() == row.lost);
    CHECK(found.certificates() == 2);
  }
}

TEST_CASE("documents: a config dump without secrets names those it refers to") {
  const json combined = {{"validation_context_sds_secret_config", {{"name", "ROOTCA"}}}};
  const json both = {{"tls_certificate_sds_secret_configs", {{{"name", "default"}}, {{"name", "default"}}}},
                     {"combined_validation_context", combined}};
  const auto dump = [&](const json& common) {
    const json cluster = {{"name", "c"}, {"transport_socket", context(common)}};
    const json section = {{"@type", "envoy.admin.v3.ClustersConfigDump"},
                          {"static_clusters", {{{"cluster", cluster}}}}};
    return read("f", json{{"configs", {section}}}.dump()).defects();
  };
  REQUIRE(dump(both).size() == 1);
  CHECK(dump(both)[0].detail ==
        "a config dump without SecretsConfigDump; its sections are ClustersConfigDump; "
        "its TLS contexts get these secrets by SDS: default, ROOTCA");
  REQUIRE(dump(json::object()).size() == 1);
  CHECK(dump(json::object())[0].detail ==
        "a config dump without SecretsConfigDump; its sections are ClustersConfigDump");
}

TEST_CASE("documents: a config dump says whose it is, wherever its bootstrap stands") {
  const auto bootstrap = [](const char* id) {
    return json{{"@type", "envoy.admin.v3.BootstrapConfigDump"}, {"bootstrap", {{"node", {{"id", id}}}}}};
  };
  const json named = bootstrap("sidecar~10.0.0.1~my-app-0.my-ns~my-ns.svc.cluster.local");
  const json other = bootstrap("not-of-istio");
  const json configs[] = {json::array({named, section()}), json::array({section(), named})};
  for (const json& list : configs) {
    const Collector found = read("f", json{{"configs", list}}.dump());
    REQUIRE(found.artifacts.size() == 2);
    CHECK(found.artifacts[0].workload == "my-app-0.my-ns");
    CHECK(found.artifacts[1].workload == "my-app-0.my-ns");
  }
  CHECK(read("f", json{{"configs", {other, section()}}}.dump()).artifacts.at(1).workload.empty());
  CHECK(read("f", json{{"configs", {section()}}}.dump()).artifacts.at(1).workload.empty());
}

TEST_CASE("documents: secrets of a bootstrap that cannot be read are told") {
  const auto lost = [](const json& secrets) {
    const json bootstrap = {{"@type", "envoy.admin.v3.BootstrapConfigDump"},
                            {"bootstrap", {{"static_resources", {{"secrets", secrets}}}}}};
    return read("f", json{{"configs", {bootstrap, section()}}}.dump()).lost();
  };
  const json good = {{"name", "s"}, {"tls_certificate", tls(0, "tls_certificate")}};
  const json tickets = {{"name", "s"}, {"session_ticket_keys", {{"keys", json::array()}}}};
  CHECK_FALSE(lost(json::array({good})));
  CHECK_FALSE(lost(json::array({tickets})));
  CHECK_FALSE(lost(json::array()));
  CHECK(lost(json::object({{"a", 1}})));
  CHECK(lost(json::array({good, "abc"})));
  CHECK(lost(json::array({{{"name", "q"}}})));
  CHECK(lost(json::array({{{"name", "q"}, {"tls_certificat", json::object()}}})));
}

TEST_CASE("documents: in a list of dumps, each is a dump of its own") {
  const auto of_pod = [](const char* pod) {
    const std::string id = std::string("sidecar~10.0.0.1~") + pod + "~my-ns.svc.cluster.local";
    return json{
        {"configs",
         {section(),
          {{"@type", "envoy.admin.v3.BootstrapConfigDump"}, {"bootstrap", {{"node", {{"id", id}}}}}}}}};
  };
  json other = of_pod("b.my-ns");
  json& secrets = other["configs"][0]["dynamic_active_secrets"];
  secrets[0]["secret"]["tls_certificate"]["certificate_chain"] =
      tls(1, "validation_context").at("trusted_ca");
  const Collector found = read("f", json::array({of_pod("a.my-ns"), other}).dump());
  REQUIRE(found.artifacts.size() == 4);
  CHECK(found.artifacts[0].workload == "a.my-ns");
  CHECK(found.artifacts[1].document == "/0");
  CHECK(found.artifacts[2].workload == "b.my-ns");
  CHECK(found.artifacts[3].document == "/1");
  CHECK_FALSE(found.has(DefectKind::duplicate_name));
  // Entries of one list are of one dump.
  CHECK(read("f", json{entry(0), entry(1)}.dump()).artifacts.at(1).document.empty());
  CHECK(read("f", json::array({section(), section()}).dump()).artifacts.at(3).document == "/1");
}

TEST_CASE("documents: a second copy that tells more is not passed over") {
  const json good = entry(0).at("secret");
  json bad = good;
  const std::string pem = read_source("certs/workload/healthy.pem");
  bad["tls_certificate"]["certificate_chain"] = {
      {"inline_string", pem + "-----BEGIN CERTIFICATE-----\nMIIB!!!!\n"}};
  json same = good;
  same["tls_certificate"]["certificate_chain"] = {{"inline_string", pem}};
  CHECK_FALSE(read("f", json::array({same, same}).dump()).lost());
  CHECK(read("f", json::array({same, same}).dump()).artifacts.size() == 1);
  CHECK(read("f", json::array({same, bad}).dump()).lost());
  CHECK(read("f", json::array({bad, same}).dump()).lost());
}

TEST_CASE("documents: configs do not hide what else stands at the root") {
  json document = {{"configs", {section()}}};
  CHECK(read("f", document.dump()).defects().empty());
  document["dynamicActiveSecrets"] = {{"a", 1}};
  CHECK(read("f", document.dump()).lost());
}

TEST_CASE("documents: keys of the input do not leak or swell in pointers") {
  for (const std::string& name : {std::string("-----BEGIN PRIVATE KEY-----"), std::string(5000, 'k')}) {
    const json certificate = {{"certificate_chain", {{"filename", "a"}}}};
    const json inner = {{"common_tls_context", {{"tls_certificates", {certificate}}}}};
    const Collector found =
        read("f", json{{"configs", {{{"@type", "x.ClustersConfigDump"}, {name, {inner}}}}}}.dump());
    REQUIRE(found.artifacts.size() == 1);
    CHECK(found.artifacts[0].source.pointer.size() < 2000);
    CHECK(found.artifacts[0].source.pointer.find("PRIVATE KEY-----") == std::string::npos);
  }
}

TEST_CASE("documents: what bootstrap and sections both hold is read once") {
  const json secret = {{"name", "file-pair"}, {"tls_certificate", tls(0, "tls_certificate")}};
  const json bootstrap = {{"@type", "envoy.admin.v3.BootstrapConfigDump"},
                          {"bootstrap", {{"static_resources", {{"secrets", {secret}}}}}}};
  json secrets = {{"@type", "envoy.admin.v3.SecretsConfigDump"},
                  {"static_secrets", {{{"name", "file-pair"}, {"secret", secret}}}}};
  CHECK(names(read("f", json{{"configs", {bootstrap}}}.dump())) == std::vector<std::string>{"file-pair"});
  CHECK(names(read("f", json{{"configs", {bootstrap, secrets}}}.dump())) ==
        std::vector<std::string>{"file-pair"});
  // The same name with other certificates is another thing.
  secrets["static_secrets"][0]["secret"]["tls_certificate"]["certificate_chain"] =
      tls(1, "validation_context").at("trusted_ca");
  CHECK(read("f", json{{"configs", {bootstrap, secrets}}}.dump()).artifacts.size() == 2);
}

TEST_CASE("documents: the type of a section decides, and one bad part does not hide the rest") {
  json odd = section();
  odd["@type"] = "type.googleapis.com/envoy.admin.v2alpha.SecretsConfigDump";
  CHECK(read("f", json{{"configs", {odd}}}.dump()).artifacts.size() == 2);
  std::string text = json{{"configs", {section()}}}.dump();
  const std::string name = R"("name":"default")";
  const std::size_t at = text.find(name);
  REQUIRE(at != std::string::npos);
  text.replace(at, name.size(), R"("name":"default","name":"default")");
  const Collector found = read("f", text);
  CHECK(found.lost());
  CHECK(names(found) == std::vector<std::string>{"ROOTCA"});
  REQUIRE(found.has(DefectKind::malformed));
  CHECK(found.defects().at(0).where.pointer == "/configs/0/dynamic_active_secrets/0");
}
