#include <doctest/doctest.h>

#include <string>

#include "base/base64.hpp"
#include "input/withheld.hpp"
#include "tests/support/collector.hpp"
#include "tests/support/source_tree.hpp"

using namespace meshcert;
using testing::Collector;
using testing::read;
using testing::read_source;

namespace {

Collector read_dump(const std::string& name) {
  return read(name, read_source("certs/dumps/" + name));
}

std::string pem_of(const std::string& path) {
  const std::string text = read_source("certs/" + path);
  return text.substr(text.find("-----BEGIN"));
}

std::string encoded(const std::string& path) {
  return base::encode_base64(as_bytes(pem_of(path)));
}

// One active secret with the members given.
std::string active(const std::string& entry) {
  return "{\"dynamicActiveSecrets\":[{" + entry + "}]}";
}
std::string root_ca(const std::string& data_source) {
  return active(R"("name":"ROOTCA","secret":{"validationContext":{"trustedCa":)" + data_source + "}}");
}

struct Expected {
  ArtifactKind kind;
  std::string_view name;
  SecretState state;
  std::size_t certificates;
  std::string_view pointer;
};

void check(const Collector& found, const std::vector<Expected>& expected) {
  REQUIRE(found.artifacts.size() == expected.size());
  for (std::size_t i = 0; i < expected.size(); ++i) {
    CAPTURE(i);
    const Artifact& artifact = found.artifacts[i];
    CHECK(to_string(artifact.kind) == to_string(expected[i].kind));
    CHECK(artifact.name == expected[i].name);
    CHECK(to_string(artifact.state) == to_string(expected[i].state));
    CHECK(artifact.certificates.size() == expected[i].certificates);
    CHECK(artifact.source.pointer == expected[i].pointer);
  }
}

using enum ArtifactKind;
constexpr auto kActive = SecretState::active;
constexpr std::string_view kChain0 =
    "/dynamicActiveSecrets/0/secret/tlsCertificate/certificateChain/inlineBytes";
constexpr std::string_view kRoot1 = "/dynamicActiveSecrets/1/secret/validationContext/trustedCa/inlineBytes";

}  // namespace

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
      {R"({"inlineString":"-----BEGIN X509 CRL-----\nAAAA\n-----END X509 CRL-----\n"})", unsupported_block,
       true, 0},
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

TEST_CASE("dumps: keys") {
  const auto key_of = [](const std::string& source) {
    return read("f", R"({"dynamicWarmingSecrets":[{"name":"x","secret":{"tlsCertificate":{"privateKey":)" +
                         source + "}}}]}");
  };
  for (const char* source : {R"({"inlineBytes":"W3JlZGFjdGVkXQ=="})", R"({"inlineString":"[redacted]"})",
                             R"({"filename":"[redacted]"})"}) {
    CAPTURE(source);
    const Collector found = key_of(source);
    CHECK(found.defects().empty());
    CHECK(found.artifacts.at(0).key->redacted);
  }
  const Collector real = key_of("{\"inlineBytes\":\"" + encoded("keys/workload.pem") + "\"}");
  CHECK(real.has(DefectKind::private_key_in_dump));
  CHECK_FALSE(real.lost());
  CHECK(real.artifacts.at(0).key->present);
  CHECK_FALSE(real.artifacts.at(0).key->redacted);
  CHECK(real.artifacts.at(0).storage.empty());
  const Collector encrypted = key_of(R"({"inlineString":"-----BEGIN ENCRYPTED PRIVATE KEY-----\n"})");
  CHECK(encrypted.artifacts.at(0).key->encrypted);
  CHECK_FALSE(key_of("{}").artifacts.at(0).key);
  CHECK(key_of(R"({"filename":"/etc/key.pem"})").defects().empty());
}

TEST_CASE("dumps: a key provider is redacted only when its configuration is, and hides no key beside it") {
  const auto facts = [](const std::string& members) {
    return read("f", active(R"("secret":{"tlsCertificate":{)" + members + "}}")).artifacts.at(0).key;
  };
  const std::string plain = R"("privateKey":{"inlineString":"k"},)";
  CHECK(facts(R"("privateKeyProvider":{})")->redacted);
  CHECK(facts(R"("privateKeyProvider":{"typedConfig":"[redacted]"})")->redacted);
  CHECK_FALSE(facts(R"("privateKeyProvider":{"typedConfig":{"@type":"x"}})")->redacted);
  CHECK_FALSE(facts(plain + R"("privateKeyProvider":{})")->redacted);
  CHECK(facts(R"("privateKey":{"inlineString":"[redacted]"},"privateKeyProvider":{})")->redacted);
  CHECK_FALSE(facts(plain + R"("pkcs12":{"inlineBytes":"W3JlZGFjdGVkXQ=="})")->redacted);
}

TEST_CASE("dumps: no key material is shown, wherever it was pasted") {
  const std::string pem = pem_of("keys/workload.pem");
  const std::string base64 = base::encode_base64(as_bytes(pem));
  const auto all_text = [](const Collector& found) {
    std::string text;
    for (const Artifact& artifact : found.artifacts)
      text += artifact.name + artifact.version_info + artifact.error_details + artifact.trust_domain;
    for (const Defect& defect : found.defects()) text += defect.detail;
    return text;
  };
  struct Row {
    std::string before, after;
    bool told;  ///< with a private_key_in_dump of its own
  };
  const Row rows[] = {
      {R"({"staticSecrets":[{"name":")", R"("}]})", false},
      {R"({"dynamicActiveSecrets":[{"versionInfo":")", R"("}]})", false},
      {R"({"dynamicActiveSecrets":[{"clientStatus":")", R"("}]})", false},
      {R"({"dynamicActiveSecrets":[{"errorState":{"details":")", R"("}}]})", true},
      {R"({"dynamicActiveSecrets":[{"secret":{"validationContext":{"trustedCa":{"filename":")", R"("}}}}]})",
       true},
      {R"({"dynamicActiveSecrets":[{"secret":{"validationContext":{"trustedCa":{"environmentVariable":")",
       R"("}}}}]})", true},
      {R"({"dynamicActiveSecrets":[{"secret":{"tlsCertificate":{"privateKey":{"filename":")", R"("}}}}]})",
       true},
      {R"({"dynamicActiveSecrets":[{"secret":{")", R"(":1}}]})", false},
      {R"({"dynamicActiveSecrets":[{"secret":{"validationContext":{"customValidatorConfig":{"typedConfig":{"trustDomains":[{"name":")",
       R"("}]}}}}}]})", false},
      {R"({"configs":[{"@type":")", R"("}]})", false},
      {"{\"", "\":1}", false},
  };
  for (const Row& row : rows) {
    CAPTURE(row.before);
    for (const std::string& key : {base64, base64.substr(0, 48)}) {
      const Collector found = read("f", row.before + key + row.after);
      CHECK(all_text(found).find(key.substr(0, 30)) == std::string::npos);
      CHECK(found.has(DefectKind::private_key_in_dump) == row.told);
      if (row.after.find("privateKey") == std::string::npos &&
          row.before.find("privateKey") == std::string::npos)
        CHECK(all_text(found).find("(withheld") != std::string::npos);
    }
    const Collector word = read("f", row.before + "plain-word" + row.after);
    CHECK_FALSE(word.has(DefectKind::private_key_in_dump));
    if (row.before.find("privateKey") == std::string::npos)
      CHECK(all_text(word).find("plain-word") != std::string::npos);
  }
  CHECK(all_text(read("f", "{\"" + base64 + "\":1,\"" + base64 + "\":2}")).find(base64) == std::string::npos);
  CHECK(all_text(read("f", "Error: " + base64 + "\n")).find(base64.substr(0, 30)) == std::string::npos);
}

TEST_CASE("shown keeps names and paths, and cuts what is long") {
  for (const char* kept :
       {"", "default", "/etc/istio/ingressgateway-certs/tls.crt",
        "/var/run/secrets/workload/spiffe/credentials/certificates/chain",
        "/var/lib/kubelet/pods/0a1b2c3d-4e5f-6a7b-8c9d-0e1f2a3b4c5d/volumes/tls",
        "spiffe://cluster.local/ns/payments/sa/checkout", "kubernetes://istio-system/shop-cert",
        "type.googleapis.com/envoy.extensions.transport.sockets.tls.v3.SPIFFECertValidatorConfig",
        "TheCertificateAuthorityServiceOfTheMeshIsNotReachableNow"}) {
    CHECK(input::shown(kept) == kept);
  }
  const std::string body = encoded("keys/workload.pem");
  for (const std::string& key :
       {std::string("x PRIVATE KEY y"), std::string(64, 'a'), body.substr(0, 40),
        "/etc/ssl/" + body.substr(0, 40), body.substr(0, 30) + "\n" + body.substr(30, 30)}) {
    CHECK(input::shown(key) == "(withheld: it looks like key material)");
  }
  std::string words;
  for (int i = 0; i < 100; ++i) words += "word ";
  CHECK(input::shown(words) == words.substr(0, 297) + "...");
  CHECK(input::shown(words.substr(0, 300)) == words.substr(0, 300));
}

TEST_CASE("dumps: an entry without certificates says so") {
  struct Row {
    std::string text;
    DefectKind kind;
    bool lost;
    std::string_view pointer, detail;
  };
  using enum DefectKind;
  const auto secret = [](const std::string& members) { return active("\"secret\":{" + members + "}"); };
  const Row rows[] = {
      {secret(R"("tlsCertificate":{})"), no_certificates, true,
       "/dynamicActiveSecrets/0/secret/tlsCertificate",
       "tls_certificate without certificate_chain: an empty object"},
      {secret(R"("tlsCertificate":{"privateKey":{"filename":"/k"}})"), no_certificates, true,
       "/dynamicActiveSecrets/0/secret/tlsCertificate",
       "tls_certificate without certificate_chain: an object with privateKey"},
      {secret(R"("tlsCertificate":{"certificateChain":{"x":1}})"), no_certificates, true,
       "/dynamicActiveSecrets/0/secret/tlsCertificate/certificateChain",
       "certificate_chain without data: an object with x"},
      {secret(R"("tlsCertificate":{"pkcs12":{"filename":"/k"}})"), unsupported_block, false,
       "/dynamicActiveSecrets/0/secret/tlsCertificate/pkcs12", "PKCS#12: not read"},
      {secret(R"("validationContext":{})"), no_certificates, true,
       "/dynamicActiveSecrets/0/secret/validationContext",
       "validation_context without trusted_ca: an empty object"},
      {secret(R"("validationContext":{"systemRootCerts":{}})"), unsupported_block, false,
       "/dynamicActiveSecrets/0/secret/validationContext/systemRootCerts",
       "the proxy's system roots: not in the dump"},
      {secret(R"("validationContext":{"customValidatorConfig":{}})"), no_certificates, true,
       "/dynamicActiveSecrets/0/secret/validationContext/customValidatorConfig",
       "custom_validator_config without trust_domains: an empty object"},
      {secret(
           R"("validationContext":{"customValidatorConfig":{"typedConfig":{"trustDomains":[{"trustBundle":{}}]}}})"),
       no_certificates, true,
       "/dynamicActiveSecrets/0/secret/validationContext/customValidatorConfig/typedConfig/trustDomains/0/"
       "trustBundle",
       "trust_bundle without data: an empty object"},
      {R"({"staticSecrets":[{}]})", no_certificates, true, "/staticSecrets/0",
       "a static secret without data: an empty object"},
      {secret(R"("tlsCertificates":{})"), malformed, true, "/dynamicActiveSecrets/0/secret",
       "nothing known in the secret: an object with tlsCertificates"},
      {R"({"configs":[7]})", malformed, true, "/configs/0", "an object is expected here, not a number"},
      {R"({"configs":[{"@type":7}]})", malformed, true, "/configs/0/@type",
       "a string is expected here, not a number"},
      {active(R"("clientStatus":"SLEEPY")"), malformed, false, "/dynamicActiveSecrets/0/clientStatus",
       "client_status is none that is known: SLEEPY"},
      {active(R"("clientStatus":[])"), malformed, false, "/dynamicActiveSecrets/0/clientStatus",
       "a name or a number is expected here, not a list"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.text);
    const Collector found = read("f", row.text);
    const auto defects = found.defects();
    REQUIRE(!defects.empty());
    CHECK(defects.size() == 1);
    CHECK(defects[0].kind == row.kind);
    CHECK(defects[0].lost == row.lost);
    CHECK(defects[0].where.pointer == row.pointer);
    CHECK(defects[0].detail == row.detail);
    for (const Artifact& artifact : found.artifacts) {
      CHECK((artifact.state == SecretState::uninitialized) ==
            (row.text.find("clientStatus") != std::string::npos));
    }
  }
  // What waits, what has not come, and what never holds certificates is no fault.
  for (const char* text : {R"({"dynamicWarmingSecrets":[{"secret":{"tlsCertificate":{}}}]})",
                           R"({"dynamicActiveSecrets":[{"name":"x","secret":{"@type":"t","name":"x"}}]})"}) {
    CAPTURE(text);
    CHECK(read("f", text).defects().empty());
  }
}

TEST_CASE("dumps: a SPIFFE validator may stand beside an empty trusted_ca") {
  const std::string validator =
      R"(,"customValidatorConfig":{"typedConfig":{"trustDomains":[{"name":"a","trustBundle":{"inlineBytes":")" +
      encoded("pki/root.pem") + "\"}}]}}}}";
  for (const char* source : {"{}", "null", R"({"inlineBytes":""})", R"({"inlineString":""})"}) {
    CAPTURE(source);
    const Collector found =
        read("f", active(R"("secret":{"validationContext":{"trustedCa":)" + std::string(source) + validator));
    CHECK(found.defects().empty());
    CHECK(found.certificates() == 1);
  }
  CHECK(read("f", active(R"("secret":{"validationContext":{"trustedCa":{"inlineString":"x"})" + validator))
            .lost());
  CHECK(read("f", active(R"("secret":{"validationContext":{"trustedCa":"x")" + validator)).lost());
}

TEST_CASE("dumps: the list decides the state of data, whatever its version is called") {
  const std::string entry =
      R"(":[{"versionInfo":"uninitialized","secret":{"validationContext":{"trustedCa":{"inlineBytes":")" +
      encoded("pki/root.pem") + "\"}}}}]}";
  CHECK(read("f", "{\"dynamicActiveSecrets" + entry).artifacts.at(0).state == SecretState::active);
  CHECK(read("f", "{\"dynamicWarmingSecrets" + entry).artifacts.at(0).state == SecretState::warming);
  CHECK(read("f", active(R"("versionInfo":"uninitialized")")).artifacts.at(0).state ==
        SecretState::uninitialized);
}

TEST_CASE("dumps: names used twice") {
  const auto entry = [](const std::string& path) {
    return R"({"name":"a","secret":{"validationContext":{"trustedCa":{"inlineBytes":")" + encoded(path) +
           "\"}}}}";
  };
  const auto two = [&](const std::string& one, const std::string& other, std::string_view list) {
    return read("f", "{\"" + std::string(list) + "\":[" + entry(one) + "," + entry(other) + "]}");
  };
  CHECK(two("pki/root.pem", "pki/plugin-root.pem", "dynamicActiveSecrets").has(DefectKind::duplicate_name));
  CHECK(two("pki/root.pem", "pki/root.pem", "dynamicActiveSecrets").defects().empty());
  CHECK(two("pki/root.pem", "pki/plugin-root.pem", "staticSecrets").defects().empty());
}

TEST_CASE("dumps: times that cannot be read are no loss") {
  const Collector found = read("f", active(R"("name":"x","lastUpdated":"yesterday")"));
  REQUIRE(found.artifacts.size() == 1);
  CHECK_FALSE(found.artifacts[0].last_updated);
  CHECK(found.has(DefectKind::malformed));
  CHECK_FALSE(found.lost());
}

TEST_CASE("dumps: every SecretsConfigDump of a config dump is read") {
  const std::string section =
      R"({"@type":"type.googleapis.com/envoy.admin.v3.SecretsConfigDump","dynamic_active_secrets":[{"name":"n"}]})";
  const std::string other =
      R"({"@type":"type.googleapis.com/envoy.admin.v3.ClustersConfigDump","static_secrets":7})";
  const Collector found = read("f", "{\"configs\":[" + section + "," + other + "," + section + "]}");
  CHECK(found.defects().empty());
  CHECK(found.artifacts.size() == 2);
}

TEST_CASE("dumps: without secrets, it is said what was there instead") {
  struct Row {
    std::string text;
    std::string_view detail;
  };
  const Row rows[] = {
      {"{}", "an empty object: a dump without secrets"},
      {"[]", "JSON, but not a secrets dump: a list"},
      {R"({"a":1,"b":2})", "JSON, but not a secrets dump: an object with a, b"},
      {R"({"dynamicActiveSecrets":[]})", "the dump holds no secrets"},
      {R"({"configs":[]})", "a config dump without sections"},
      {R"({"configs":[{"@type":"x/envoy.admin.v3.ClustersConfigDump"},{}]})",
       "a config dump without SecretsConfigDump; its sections are ClustersConfigDump, one without @type"},
      {R"({"staticSecrets":[{"name":"t","secret":{"sessionTicketKeys":{"keys":[{}]}}},{"secret":{"genericSecret":{}}}]})",
       "2 secrets, none of a kind that holds certificates"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.text);
    const Collector found = read("f", row.text);
    CHECK(found.artifacts.empty());
    REQUIRE(found.loose.size() == 1);
    CHECK(found.loose[0].kind == DefectKind::no_certificates);
    CHECK(found.loose[0].lost);
    CHECK(found.loose[0].detail == row.detail);
  }
}
