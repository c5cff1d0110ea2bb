#include "tests/unit/input/envoy_fixture.hpp"

using namespace meshcert;
using namespace meshcert::testing;
using enum ArtifactKind;

TEST_CASE("dumps: the healthy ones") {
  struct Row {
    std::string name;
    std::vector<Expected> artifacts;
  };
  const Row rows[] = {
      {"healthy.json",
       {{workload_chain, "default", kActive, 1, kChain0}, {trust_bundle, "ROOTCA", kActive, 1, kRoot1}}},
      {"healthy-plugin-ca.json",
       {{workload_chain, "default", kActive, 2, kChain0}, {trust_bundle, "ROOTCA", kActive, 1, kRoot1}}},
      {"healthy-mixed-spelling.json",
       {{workload_chain, "default", kActive, 1,
         "/dynamicActiveSecrets/0/secret/tls_certificate/certificate_chain/inline_bytes"},
        {trust_bundle, "ROOTCA", kActive, 1,
         "/dynamicActiveSecrets/1/secret/validation_context/trusted_ca/inline_bytes"}}},
      {"healthy-snake-case.json",
       {{workload_chain, "default", kActive, 1,
         "/configs/1/dynamic_active_secrets/0/secret/tls_certificate/certificate_chain/inline_bytes"},
        {trust_bundle, "ROOTCA", kActive, 1,
         "/configs/1/dynamic_active_secrets/1/secret/validation_context/trusted_ca/inline_bytes"}}},
      {"healthy-static.json",
       {{workload_chain, "default", SecretState::static_secret, 1,
         "/staticSecrets/0/secret/tlsCertificate/certificateChain/inlineString"},
        {trust_bundle, "ROOTCA", SecretState::static_secret, 1,
         "/staticSecrets/1/secret/validationContext/trustedCa/inlineString"}}},
      {"healthy-gateway.json",
       {{workload_chain, "default", kActive, 1, kChain0},
        {trust_bundle, "ROOTCA", kActive, 1, kRoot1},
        {tls_secret, "kubernetes://shop-cert", kActive, 2,
         "/dynamicActiveSecrets/2/secret/tlsCertificate/certificateChain/inlineBytes"}}},
  };
  for (const Row& row : rows) {
    CAPTURE(row.name);
    const Collector found = read_dump(row.name);
    CHECK(found.defects().empty());
    check(found, row.artifacts);
  }
}

TEST_CASE("dumps: facts of an entry") {
  const Collector found = read_dump("healthy.json");
  REQUIRE(found.artifacts.size() == 2);
  const Artifact& chain = found.artifacts[0];
  CHECK(chain.version_info == "2024-01-01T00:00:03Z");
  REQUIRE(chain.last_updated);
  CHECK(to_rfc3339(*chain.last_updated) == "2024-01-01T00:00:03Z");
  REQUIRE(chain.key);
  CHECK(chain.key->redacted);
  CHECK_FALSE(found.artifacts[1].key);
  const std::string text = read_source("certs/dumps/healthy.json");
  const auto upto = text.find("\"inlineBytes\"");
  CHECK(chain.source.line ==
        1 + std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(upto), '\n'));
  CHECK(chain.certificates[0].line == chain.source.line);
}

TEST_CASE("dumps: a SPIFFE validator gives one bundle for each trust domain") {
  const Collector found = read_dump("healthy-spire.json");
  CHECK(found.defects().empty());
  REQUIRE(found.artifacts.size() == 3);
  CHECK(found.artifacts[1].trust_domain == "cluster.local");
  CHECK(found.artifacts[2].trust_domain == "east.local");
  for (std::size_t i = 1; i < 3; ++i) {
    CHECK(found.artifacts[i].kind == trust_bundle);
    CHECK(found.artifacts[i].name == "ROOTCA");
    CHECK(found.artifacts[i].certificates.size() == 1);
  }
}

TEST_CASE("dumps: states") {
  const auto states = [](const std::string& name) {
    std::vector<std::string> list;
    for (const Artifact& artifact : read_dump(name).artifacts) list.emplace_back(to_string(artifact.state));
    return list;
  };
  using List = std::vector<std::string>;
  CHECK(states("warming.json") == List{"active", "warming"});
  CHECK(states("uninitialized.json") == List{"active", "active", "uninitialized"});
  CHECK(states("error-state.json") == List{"active", "error"});
  CHECK_FALSE(read_dump("error-state.json").artifacts[1].error_details.empty());
  CHECK(read_dump("uninitialized.json").artifacts[2].certificates.empty());
  CHECK(read_dump("uninitialized.json").artifacts[2].kind == tls_secret);
  CHECK_FALSE(read_dump("uninitialized.json").lost());
}

TEST_CASE("dumps: client_status by name or number") {
  const std::string data = R"(,"secret":{"name":"x"})";
  struct Row {
    std::string_view status;
    std::string_view state, details;
  };
  const Row rows[] = {
      {"\"ACKED\"", "uninitialized", ""},
      {"3", "uninitialized", ""},
      {"\"NACKED\"", "error", "client status NACKED"},
      {"4", "error", "client status NACKED"},
      {"\"DOES_NOT_EXIST\"", "error", "client status DOES_NOT_EXIST"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.status);
    const Collector found =
        read("f", active(R"("name":"x","client_status":)" + std::string(row.status) + data));
    REQUIRE(found.artifacts.size() == 1);
    CHECK(to_string(found.artifacts[0].state) == row.state);
    CHECK(found.artifacts[0].error_details == row.details);
  }
}

TEST_CASE("dumps: kinds by name, where there is no data to tell") {
  struct Row {
    std::string_view name;
    ArtifactKind kind;
  };
  const Row rows[] = {
      {"default", workload_chain},
      {"spiffe://example.org/web", workload_chain},
      {"ROOTCA", trust_bundle},
      {"file-root:/etc/ca", trust_bundle},
      {"kubernetes://gw-cacert", trust_bundle},
      {"configmap://ns/ca", trust_bundle},
      {"spiffe://example.org", trust_bundle},
      {"kubernetes://gw", tls_secret},
      {"file-cert:a~b", tls_secret},
  };
  for (const Row& row : rows) {
    CAPTURE(row.name);
    const Collector found = read("f", active("\"name\":\"" + std::string(row.name) + "\""));
    REQUIRE(found.artifacts.size() == 1);
    CHECK(to_string(found.artifacts[0].kind) == to_string(row.kind));
    CHECK(found.artifacts[0].source.pointer == "/dynamicActiveSecrets/0");
  }
}

TEST_CASE("dumps: each defect") {
  struct Row {
    std::string name;
    DefectKind kind;
    bool lost;
    std::size_t certificates;
  };
  using enum DefectKind;
  const Row rows[] = {
      {"double-base64.json", double_base64, false, 2},
      {"duplicate-name.json", duplicate_name, false, 3},
      {"external-file.json", external_file, false, 1},
      {"key-in-trusted-ca.json", private_key_in_dump, false, 2},
      {"private-key.json", private_key_in_dump, false, 2},
      {"not-base64.json", not_base64, true, 1},
      {"no-secrets.json", no_certificates, true, 0},
      {"truncated.json", malformed, true, 0},
  };
  for (const Row& row : rows) {
    CAPTURE(row.name);
    const Collector found = read_dump(row.name);
    const auto defects = found.defects();
    REQUIRE(defects.size() == 1);
    CHECK(defects[0].kind == row.kind);
    CHECK(defects[0].lost == row.lost);
    CHECK(defects[0].where.line != 0);
    CHECK(found.certificates() == row.certificates);
  }
}

TEST_CASE("dumps: fields of a wrong type cost only themselves") {
  struct Row {
    std::string entry;
    std::string_view pointer, detail;
  };
  const std::string chain = R"("secret":{"tlsCertificate":{"certificateChain":{"inlineBytes":")" +
                            encoded("workload/healthy.pem") + "\"}}}";
  const Row rows[] = {
      {"\"name\":7," + chain, "/name", "a string is expected here, not a number"},
      {"\"versionInfo\":[]," + chain, "/versionInfo", "a string is expected here, not a list"},
      {"\"errorState\":\"x\"," + chain, "/errorState", "an object is expected here, not a string"},
      {R"("secret":[1])", "/secret", "an object is expected here, not a list"},
      {R"("secret":{"tlsCertificate":true})", "/secret/tlsCertificate",
       "an object is expected here, not a boolean"},
      {R"("secret":{"tlsCertificate":{"certificateChain":{"inline_bytes":1}}})",
       "/secret/tlsCertificate/certificateChain/inline_bytes", "a string is expected here, not a number"},
      {R"("secret":{"validationContext":{"customValidatorConfig":{"typedConfig":{"trustDomains":[3]}}}})",
       "/secret/validationContext/customValidatorConfig/typedConfig/trustDomains/0",
       "an object is expected here, not a number"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.entry);
    const Collector found = read("f", active(row.entry));
    const auto defects = found.defects();
    REQUIRE(defects.size() == 1);
    CHECK(defects[0].kind == DefectKind::malformed);
    CHECK(defects[0].lost);
    CHECK(defects[0].where.pointer == "/dynamicActiveSecrets/0" + std::string(row.pointer));
    CHECK(defects[0].detail == row.detail);
    CHECK(found.certificates() == (row.entry.ends_with(chain) ? 1 : 0));
  }
  CHECK(read("f", active("\"name\":\"x\"," + chain)).defects().empty());
  CHECK(read("f", R"({"staticSecrets":{}})").lost());
  CHECK(read("f", R"({"staticSecrets":[7]})").lost());
}

TEST_CASE("dumps: what a data source may hold") {
  struct Row {
    std::string data;
    std::optional<DefectKind> kind;
    bool lost;
    std::size_t certificates;
  };
  using enum DefectKind;
  const std::string good = encoded("pki/root.pem");
  const Row rows[] = {
      {"{\"inlineBytes\":\"" + good + "\"}", std::nullopt, false, 1},
      {"{\"inlineBytes\":null,\"inline_bytes\":\"" + good + "\"}", std::nullopt, false, 1},
      {"{\"inlineBytes\":\"" + good + "\",\"inline_bytes\":\"" + good + "\"}", malformed, true, 1},
      {"{}", no_certificates, true, 0},
      {"null", no_certificates, true, 0},
      {R"({"inlineBytes":null})", no_certificates, true, 0},
      {R"({"inlineByte":"AAAA"})", no_certificates, true, 0},
      {R"({"inlineBytes":""})", empty, true, 0},
      {R"({"inlineString":" \n"})", empty, true, 0},
      {R"({"inlineString":"hello"})", malformed, true, 0},
      {R"({"inlineBytes":"MIIB"})", malformed, true, 0},
      {R"({"inlineBytes":"not base64"})", not_base64, true, 0},
      {R"({"filename":"/etc/ssl/ca.pem"})", external_file, false, 0},
      {R"({"environment_variable":"CA"})", external_file, false, 0},
      {"{\"inlineBytes\":\"" + good + "\",\"filename\":\"/x\"}", malformed, true, 1},
      {R"({"inlineString":"-----BEGIN X509 CRL-----\nAAAA\n-----END X509 CRL-----\n"})", malformed, true, 0},
  };
  for (const Row& row : rows) {
    CAPTURE(row.data);
    const Collector found = read("f", root_ca(row.data));
    REQUIRE(found.artifacts.size() == 1);
    CHECK(found.artifacts[0].kind == trust_bundle);
    CHECK(found.certificates() == row.certificates);
    CHECK(found.lost() == row.lost);
    CHECK(found.defects().empty() == !row.kind);
    if (row.kind) CHECK(found.has(*row.kind));
  }
}

TEST_CASE("dumps: a private key in a generic secret, which Envoy redacts") {
  const auto of = [](const std::string& source) {
    return read("f", active(R"("name":"g","secret":{"genericSecret":{"secret":)" + source + "}}"));
  };
  CHECK(
      of("{\"inlineBytes\":\"" + encoded("keys/workload.pem") + "\"}").has(DefectKind::private_key_in_dump));
  for (const char* source :
       {R"({"inlineBytes":"W3JlZGFjdGVkXQ=="})", R"({"inlineString":"a client's secret"})"})
    CHECK_FALSE(of(source).has(DefectKind::private_key_in_dump));
}

TEST_CASE("dumps: keys") {
  const auto key_of = [](const std::string& source) {
    return read("f", R"({"dynamicWarmingSecrets":[{"name":"x","secret":{"tlsCertificate":{"privateKey":)" +
                         source + "}}}]}");
  };
  for (const char* source : {R"({"inlineBytes":"W3JlZGFjdGVkXQ=="})", R"({"inlineString":"[redacted]"})",
                             R"({"filename":"[redacted]"})", R"({"inlineBytes":"W3JlZGFjdGVkXQ"})",
                             R"({"inlineBytes":"W1JFREFDVEVEXQ=="})", R"({"inlineBytes":"***"})",
                             R"({"inlineString":"*** REDACTED ***"})", R"({"inlineString":"<REDACTED>"})"}) {
    CAPTURE(source);
    const Collector found = key_of(source);
    CHECK(found.defects().empty());
    CHECK(found.artifacts.at(0).key->redacted);
  }
  for (const char* source : {R"({"inlineString":"unredacted"})", R"({"inlineBytes":"*"})"})
    CHECK_FALSE(key_of(source).artifacts.at(0).key->redacted);
  const Collector real = key_of("{\"inlineBytes\":\"" + encoded("keys/workload.pem") + "\"}");
  CHECK(real.has(DefectKind::private_key_in_dump));
  CHECK_FALSE(real.lost());
  CHECK(real.artifacts.at(0).key->present);
  CHECK_FALSE(real.artifacts.at(0).key->redacted);
  REQUIRE(real.artifacts.at(0).key->half() != nullptr);
  CHECK(to_string(real.artifacts[0].key->half()->key) == "RSA 2048");
  // Of the key nothing is kept but its public half.
  CHECK(real.artifacts[0].storage.size() == 1);
  const Collector encrypted = key_of("{\"inlineBytes\":\"" + encoded("key/encrypted-key.pem") + "\"}");
  CHECK(encrypted.artifacts.at(0).key->encrypted);
  CHECK(encrypted.has(DefectKind::key_encrypted));
  const Collector none = key_of(R"({"inlineString":"-----BEGIN PRIVATE KEY-----\n"})");
  CHECK(none.has(DefectKind::key_unparsable));
  CHECK(none.artifacts.at(0).key->present);
  CHECK_FALSE(key_of("{}").artifacts.at(0).key);
  CHECK(key_of(R"({"filename":"/etc/key.pem"})").defects().empty());
}
