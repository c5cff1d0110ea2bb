// ztunnel's certificates, and what any list states of one.
#include "tests/unit/input/envoy_fixture.hpp"

using namespace meshcert;
using namespace meshcert::testing;
using enum ArtifactKind;

namespace {

constexpr std::string_view kMe = "spiffe://cluster.local/ns/my-ns/sa/my-sa";

std::string in_quotes(std::string_view text) {
  return "\"" + std::string(text) + "\"";
}

std::string row(const std::string& path, const std::string& more = "") {
  return "{\"pem\":" + in_quotes(encoded(path)) + (more.empty() ? "" : "," + more) + "}";
}

std::string element(const std::string& members) {
  return R"({"certificates":[{"identity":")" + std::string(kMe) + "\"," + members + "}]}";
}

std::string chain(const std::string& rows, const std::string& more = "") {
  return element(R"("state":"Available","certChain":[)" + rows + "]" + more);
}

std::string with_roots(const std::string& rows) {
  return chain(row("workload/healthy.pem"), ",\"rootCerts\":[" + rows + "]");
}

}  // namespace

TEST_CASE("ztunnel: the healthy ones") {
  const Collector dump = read_dump("healthy-ztunnel.json");
  CHECK(dump.defects().empty());
  check(dump, {{workload_chain, kMe, kActive, 1, "/certificates/0/certChain"},
               {trust_bundle, "spiffe://cluster.local", kActive, 1, "/certificates/0/rootCerts"},
               {workload_chain, "spiffe://cluster.local/ns/my-ns/sa/other", kActive, 1,
                "/certificates/1/certChain"}});
  CHECK(dump.artifacts[1].trust_domain == "cluster.local");
  REQUIRE(dump.artifacts[0].listed.size() == 1);
  CHECK(dump.artifacts[0].listed[0].certificate == 0);
  CHECK(dump.artifacts[0].listed[0].serial == serial_hex(dump.artifacts[0].certificates[0]));
  CHECK(dump.artifacts[0].listed[0].not_after == dump.artifacts[0].certificates[0].not_after);
  CHECK(dump.artifacts[0].certificates[0].line == dump.artifacts[0].listed[0].where.line + 1);

  const Collector list = read_dump("healthy-ztunnel-list.json");
  CHECK(list.defects().empty());
  check(list, {{workload_chain, kMe, kActive, 1, "/0/certChain"},
               {trust_bundle, "spiffe://cluster.local", kActive, 1, "/0/certChain"}});
}

TEST_CASE("ztunnel: the dump, its list, one element, and snake_case are the same") {
  const std::string body = R"("identity":")" + std::string(kMe) + R"(","state":"Available",)";
  const std::string camel = "{" + body + "\"certChain\":[" + row("workload/healthy.pem") +
                            "],\"rootCerts\":[" + row("pki/root.pem") + "]}";
  const std::string snake = "{" + body + "\"cert_chain\":[" + row("workload/healthy.pem") +
                            "],\"root_certs\":[" + row("pki/root.pem") + "]}";
  for (const std::string& text : {"{\"certificates\":[" + camel + "],\"services\":[]}", "[" + camel + "]",
                                  camel, snake, "[" + snake + "]"}) {
    CAPTURE(text.substr(0, 40));
    const Collector found = read("f", text);
    CHECK(found.defects().empty());
    REQUIRE(found.artifacts.size() == 2);
    CHECK(found.artifacts[0].kind == workload_chain);
    CHECK(found.artifacts[1].kind == trust_bundle);
    CHECK(found.certificates() == 2);
  }
}

TEST_CASE("ztunnel: an entry without identity is read, and told") {
  const std::string rows = "\"certChain\":[" + row("workload/healthy.pem") + "]";
  const std::string roots = "\"rootCerts\":[" + row("pki/root.pem") + "]";
  const std::pair<std::string, std::size_t> entries[] = {{rows, 1}, {rows + "," + roots, 2}, {roots, 1}};
  for (const auto& [entry, certificates] : entries) {
    CAPTURE(entry.substr(0, 40));
    const Collector found = read("f", "{\"certificates\":[{" + entry + "}]}");
    CHECK(found.certificates() == certificates);
    REQUIRE(found.defects().size() == 1);
    CHECK(found.defects()[0].lost);
    CHECK(found.defects()[0].detail.find("without identity") != std::string::npos);
  }
  // Envoy's /certs has a list of the same name, without PEM.
  const Collector envoy =
      read("f", R"({"certificates":[{"cert_chain":[{"path":"a","serial_number":"1"}]}]})");
  CHECK(envoy.defects().empty());
  CHECK(envoy.artifacts.size() == 1);
}

TEST_CASE("ztunnel: CAs behind a first row that cannot be read are no workload's chain") {
  const std::string roots = ",\"rootCerts\":[" + row("pki/plugin-root.pem") + "]";
  const std::string ca = row("pki/intermediate.pem");
  for (const char* lost : {R"({"pem":"%%"})", R"({"pem":"bm9uZQ=="})", R"("a")", "null"}) {
    CAPTURE(std::string(lost));
    const Collector found = read("f", chain(std::string(lost) + "," + ca, roots));
    CHECK(found.lost());
    REQUIRE(found.artifacts.size() == 3);
    CHECK(found.artifacts[0].certificates.empty());
    CHECK(found.artifacts[1].kind == ca_bundle);
  }
  const Collector whole = read("f", chain(row("workload/healthy-chain.pem") + "," + ca, roots));
  CHECK(whole.artifacts.size() == 2);
}

TEST_CASE("ztunnel: where the root is, in old dumps and new ones") {
  const std::string two = row("workload/healthy-chain.pem") + "," + row("pki/plugin-root.pem");
  struct Row {
    std::string text;
    std::vector<std::pair<ArtifactKind, std::size_t>> artifacts;
    bool lost;
  };
  const Row rows[] = {
      {chain(two), {{workload_chain, 2}, {trust_bundle, 1}}, false},
      {chain(two, ",\"rootCerts\":null"), {{workload_chain, 2}, {trust_bundle, 1}}, false},
      {chain(two, ",\"rootCerts\":[]"), {{workload_chain, 3}}, true},
      {chain(two, ",\"rootCerts\":[" + row("pki/plugin-root.pem") + "]"),
       {{workload_chain, 3}, {trust_bundle, 1}},
       false},
      {chain(row("workload/healthy.pem")), {{workload_chain, 1}}, false},
  };
  for (const Row& expected : rows) {
    const Collector found = read("f", expected.text);
    CHECK(found.lost() == expected.lost);
    REQUIRE(found.artifacts.size() == expected.artifacts.size());
    for (std::size_t i = 0; i < found.artifacts.size(); ++i) {
      CHECK(found.artifacts[i].kind == expected.artifacts[i].first);
      CHECK(found.artifacts[i].certificates.size() == expected.artifacts[i].second);
    }
  }
}

TEST_CASE("ztunnel: states") {
  struct Row {
    std::string_view state, word, error;
    std::string_view defect;
    bool lost;
  };
  const Row rows[] = {
      {"\"Initializing\"", "uninitialized", "", "", false},
      {"\"Unavailable: no\"", "error", "no", "", false},
      {"\"Unavailable\"", "error", "", "", false},
      {"\"Unavailable: the identity is no longer needed\"", "", "the identity is no longer needed",
       "ztunnel says that the identity is no longer needed", false},
      {"\"Available\"", "active", "", "the identity is Available, but its certChain is empty", true},
      {"\"available\"", "", "", "state is none that is known: available", false},
      {"null", "", "", "an identity without state and certificates", true},
      {"7", "", "", "a string is expected here, not a number", true},
  };
  for (const Row& expected : rows) {
    CAPTURE(expected.state);
    const Collector found = read("f", element("\"certChain\":[],\"state\":" + std::string(expected.state)));
    REQUIRE(found.artifacts.size() == 1);
    CHECK(found.artifacts[0].kind == workload_chain);
    CHECK(found.artifacts[0].name == kMe);
    CHECK(to_string(found.artifacts[0].state) == expected.word);
    CHECK(found.artifacts[0].error_details == expected.error);
    CHECK(found.lost() == expected.lost);
    REQUIRE(found.defects().size() == (expected.defect.empty() ? 0 : 1));
    if (!expected.defect.empty()) CHECK(found.defects()[0].detail == expected.defect);
    if (expected.word == "active")
      CHECK(found.defects()[0].fix.find("istioctl ztunnel-config") != std::string::npos);
  }
  const std::string key = base::encode_base64(as_bytes(std::string(200, 'k')));
  const Collector hidden = read("f", element("\"certChain\":[],\"state\":\"Unavailable: " + key + "\""));
  CHECK(hidden.artifacts.at(0).error_details.find(key.substr(0, 40)) == std::string::npos);
}

TEST_CASE("ztunnel: PEM as it is, in base64, and what is neither") {
  std::string raw = pem_of("workload/healthy.pem");
  for (std::size_t at = 0; (at = raw.find('\n', at)) != std::string::npos; at += 2) raw.replace(at, 1, "\\n");
  CHECK(read("f", chain("{\"pem\":" + in_quotes(raw) + "}")).certificates() == 1);
  struct Row {
    std::string text;
    DefectKind kind;
    std::string_view pointer;
  };
  using enum DefectKind;
  const Row rows[] = {
      {chain("{\"pem\":\"!\"}"), not_base64, "/certificates/0/certChain/0/pem"},
      {chain("{\"pem\":\"AAAA\"}"), malformed, "/certificates/0/certChain/0/pem"},
      {chain("{\"pem\":7}"), malformed, "/certificates/0/certChain/0/pem"},
      {chain("{\"pem\":\"\"}"), no_certificates, "/certificates/0/certChain/0"},
      {chain("{}"), no_certificates, "/certificates/0/certChain/0"},
      {chain("[]"), malformed, "/certificates/0/certChain/0"},
      {chain("null"), malformed, "/certificates/0/certChain/0"},
      {with_roots("7"), malformed, "/certificates/0/rootCerts/0"},
      {chain(row("workload/healthy.pem"), ",\"rootCerts\":7"), malformed, "/certificates/0/rootCerts"},
      {element(R"("state":"Available","certChain":{})"), malformed, "/certificates/0/certChain"},
      {R"({"certificates":[{"identity":7,"state":"Initializing"}]})", malformed, "/certificates/0/identity"},
      {R"({"certificates":[7]})", malformed, "/certificates/0"},
      {R"({"certificates":[{"a":1}]})", malformed, "/certificates/0"},
  };
  for (const Row& expected : rows) {
    CAPTURE(expected.text.substr(0, 200));
    const Collector found = read("f", expected.text);
    const auto defects = found.defects();
    REQUIRE_FALSE(defects.empty());
    CHECK(defects[0].kind == expected.kind);
    CHECK(defects[0].where.pointer == expected.pointer);
    CHECK(defects[0].where.line == 1);
    CHECK(found.lost());
  }
}

TEST_CASE("ztunnel: an empty list is no fault, and not passed in silence") {
  for (const char* text : {R"({"certificates":[]})", R"({"certificates":[],"workloads":[]})"}) {
    const Collector found = read("f", text);
    CHECK(found.artifacts.empty());
    REQUIRE(found.loose.size() == 1);
    CHECK(found.loose[0].kind == DefectKind::unsupported_block);
    CHECK_FALSE(found.loose[0].lost);
  }
  CHECK(read("f", R"({"certificates":{}})").lost());
  CHECK(read("f", "[]").lost());
}

TEST_CASE("ztunnel: a private key among the certificates is told, and a bad block does not hide the others") {
  const Collector key = read("f", chain(row("key/encrypted-key.pem")));
  CHECK(key.has(DefectKind::private_key_in_dump));
  CHECK_FALSE(key.lost());
  const Collector bad =
      read("f", with_roots(row("pki/root.pem") + ",{\"pem\":\"AAAA\"}," + row("pki/root-ec.pem")));
  CHECK(bad.lost());
  CHECK(bad.certificates() == 3);
  // What comes second is no leaf, even where the first cannot be read.
  const Collector second =
      read("f", chain("{\"pem\":\"AAAA\"}," + row("pki/intermediate.pem"), ",\"rootCerts\":[]"));
  REQUIRE(second.artifacts.size() == 2);
  CHECK(second.artifacts[0].listed.empty());
  REQUIRE(second.artifacts[1].listed.size() == 1);
  CHECK(second.artifacts[1].listed[0].uris.empty());
}

TEST_CASE("what is stated of a certificate: wrong values cost only themselves") {
  struct Row {
    std::string field, detail;
    bool lost;
  };
  const Row rows[] = {
      {R"("serialNumber":"12x")", "serial_number is no serial number: 12x", false},
      {R"("serialNumber":"")", "", false},
      {R"("serialNumber":12)", "", false},
      {R"("serialNumber":")" + std::string(64, '1') + "\"", "serial_number is no serial number: ", false},
      {R"("serialNumber":[])", "a string is expected here, not a list", true},
      {R"("serialNumber":true)", "a string is expected here, not a boolean", true},
      {R"("validFrom":"yesterday")", "valid_from is \"yesterday\", but must be an RFC 3339 time", false},
      {R"("validFrom":7)", "a string is expected here, not a number", true},
      {R"("expirationTime":"2024-13-01T00:00:00Z")",
       "expiration_time is \"2024-13-01T00:00:00Z\", but must be", false},
      {R"("expirationTime":{})", "a string is expected here, not an object", true},
  };
  for (const Row& expected : rows) {
    CAPTURE(expected.field);
    const Collector found = read("f", chain(row("workload/healthy.pem", expected.field)));
    CHECK(found.certificates() == 1);
    CHECK(found.lost() == expected.lost);
    REQUIRE(found.defects().size() == (expected.detail.empty() ? 0 : 1));
    if (!expected.detail.empty())
      CHECK_MESSAGE(found.defects()[0].detail.starts_with(expected.detail), found.defects()[0].detail);
  }
}

TEST_CASE("serial numbers stated are read as numbers") {
  struct Row {
    std::string_view written, serial;
  };
  const Row rows[] = {
      {"255", "ff"},
      {"0000255", "ff"},
      {"0", "0"},
      {"000", "0"},
      {"-16", "-10"},
      {"0xFF", "ff"},
      {"a0:B1", "a0b1"},
      {"00a0b1", "a0b1"},
      {"340282366920938463463374607431768211456", "100000000000000000000000000000000"},
  };
  for (const Row& expected : rows) {
    CAPTURE(expected.written);
    const Collector found = read("f", chain("{\"serialNumber\":" + in_quotes(expected.written) + "}"));
    REQUIRE(found.artifacts.size() == 1);
    REQUIRE(found.artifacts[0].listed.size() == 1);
    CHECK(found.artifacts[0].listed[0].serial == expected.serial);
    CHECK_FALSE(found.artifacts[0].listed[0].certificate);
    CHECK_FALSE(found.lost());
  }
}
