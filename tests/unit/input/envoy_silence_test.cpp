#include "tests/unit/input/envoy_fixture.hpp"

#include "input/withheld.hpp"

using namespace meshcert;
using namespace meshcert::testing;
using enum ArtifactKind;

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

TEST_CASE("dumps: a digest in a name is no key material") {
  const std::string digest = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";
  const Collector found =
      read("f", active(R"("name":"sds://)" + digest + R"(","versionInfo":")" + digest + '"'));
  CHECK_FALSE(found.has(DefectKind::private_key_in_dump));
}

TEST_CASE("dumps: a key without its END line is told among certificates") {
  std::string key = pem_of("keys/workload.pem");
  key.resize(key.find("-----END"));
  const auto chain = [](const std::string& pem) {
    return active(R"("secret":{"tlsCertificate":{"certificateChain":{"inlineBytes":")" +
                  base::encode_base64(as_bytes(pem)) + R"("}}})");
  };
  CHECK(read("f", chain(pem_of("workload/healthy.pem") + key)).has(DefectKind::private_key_in_dump));
  CHECK_FALSE(read("f", chain(pem_of("workload/healthy.pem"))).has(DefectKind::private_key_in_dump));
}

TEST_CASE("dumps: of what cannot be read nothing is said but that") {
  const Collector secret = read("f", active(R"("name":"default","secret":[])"));
  REQUIRE(secret.artifacts.size() == 1);
  CHECK(secret.artifacts[0].state != SecretState::uninitialized);
  CHECK(secret.lost());
  CHECK(read("f", active(R"("name":"default","secret":{"name":"default"})")).artifacts.at(0).state ==
        SecretState::uninitialized);

  const Collector chain = read("f", active(R"("name":"default","secret":{"tlsCertificate":5})"));
  REQUIRE(chain.artifacts.size() == 1);
  CHECK(chain.artifacts[0].name == "default");
  CHECK(chain.lost());
}

TEST_CASE("dumps: a time that is none is told with what is found and what is required") {
  const auto detail = [](const std::string& value) {
    const Collector found = read("f", active(R"("name":"x","lastUpdated":)" + value));
    REQUIRE(found.defects().size() == 1);
    CHECK_FALSE(found.lost());
    return found.defects()[0].detail;
  };
  CHECK(detail(R"("yesterday")") ==
        "last_updated is \"yesterday\", but must be an RFC 3339 time such as 2026-11-22T05:17:21Z");
  CHECK(detail("5") == "last_updated is a number, but must be an RFC 3339 time such as 2026-11-22T05:17:21Z");
  CHECK(read("f", active(R"("name":"x","lastUpdated":"2026-11-22T05:17:21Z")")).defects().empty());
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
      {R"({"staticSecrets":[{"name":")", R"("}]})", true},
      {R"({"dynamicActiveSecrets":[{"versionInfo":")", R"("}]})", true},
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
      {secret(
           R"("validationContext":{"customValidatorConfig":{"typedConfig":{"trustBundles":{"inlineString":"{\"trust_domains\":{}}"},"trustDomains":[{"trustBundle":{}}]}}})"),
       unsupported_block, false,
       "/dynamicActiveSecrets/0/secret/validationContext/customValidatorConfig/typedConfig/trustDomains",
       "trust_domains beside trust_bundles: Envoy's SPIFFE validator looks at trust_bundles alone"},
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
