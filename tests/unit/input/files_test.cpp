#include <doctest/doctest.h>

#include <string>

#include "tests/support/collector.hpp"
#include "tests/support/sample.hpp"
#include "x509/crypto.hpp"

using namespace meshcert;
using meshcert::testing::Collector;
using meshcert::testing::pem_of;
using meshcert::testing::sample;
using meshcert::testing::tlv;

namespace {

Collector read_file(const std::string& path, const ReadOptions& options = {}) {
  return testing::read(path, sample(path), options);
}

}  // namespace

TEST_CASE("files: kinds, counts and first lines") {
  struct Row {
    std::string path;
    ArtifactKind kind;
    std::size_t certificates;
    std::size_t leaf;
  };
  using enum ArtifactKind;
  const Row rows[] = {
      {"workload/healthy-chain.pem", workload_chain, 2, 0},
      {"input/healthy-single.der", workload_chain, 1, 0},
      {"input/healthy-concatenated.der", workload_chain, 2, 0},
      {"usage/leaf-is-ca.pem", workload_chain, 1, 0},
      {"gateway/healthy.pem", certificate_chain, 2, 0},
      {"pki/root.pem", ca_bundle, 1, 0},
      {"root/version-1.pem", ca_bundle, 1, 0},
      {"pki/intermediate.pem", ca_bundle, 1, 0},
      {"input/healthy-crlf.pem", ca_bundle, 2, 0},
      {"input/healthy-no-final-newline.pem", ca_bundle, 1, 0},
      {"input/healthy-text-around.pem", workload_chain, 2, 0},
  };
  for (const Row& row : rows) {
    CAPTURE(row.path);
    const Collector found = read_file(row.path);
    CHECK(found.defects().empty());
    REQUIRE(found.artifacts.size() == 1);
    const Artifact& artifact = found.artifacts[0];
    CHECK(artifact.kind == row.kind);
    CHECK(artifact.certificates.size() == row.certificates);
    CHECK(artifact.leaf == row.leaf);
    CHECK(artifact.name == row.path);
    CHECK(artifact.source.file == row.path);
  }
}

TEST_CASE("files: names and options decide only what contents leave open") {
  const std::string root = pem_of("pki/root.pem");
  CHECK(testing::read("/etc/certs/root-cert.pem", root).artifacts.at(0).kind == ArtifactKind::trust_bundle);
  CHECK(testing::read("root-cert.pem", root).artifacts.at(0).kind == ArtifactKind::trust_bundle);
  CHECK(testing::read("my-root-cert.pem", root).artifacts.at(0).kind == ArtifactKind::ca_bundle);
  ReadOptions as_chain;
  as_chain.as_workload_chain = true;
  CHECK(read_file("gateway/healthy.pem", as_chain).artifacts.at(0).kind == ArtifactKind::workload_chain);
  CHECK(read_file("pki/root.pem", as_chain).artifacts.at(0).kind == ArtifactKind::ca_bundle);
  CHECK(read_file("pki/intermediate.pem", as_chain).artifacts.at(0).kind == ArtifactKind::workload_chain);
}

TEST_CASE("files: a chain may stand root first") {
  const std::string text = pem_of("pki/root.pem") + pem_of("workload/healthy.pem");
  const Collector found = testing::read("chain.pem", text);
  REQUIRE(found.artifacts.size() == 1);
  CHECK(found.artifacts[0].kind == ArtifactKind::workload_chain);
  CHECK(found.artifacts[0].leaf == 1);
  CHECK(role_of(found.artifacts[0], 0) == Role::root);
  CHECK(role_of(found.artifacts[0], 1) == Role::leaf);
}

TEST_CASE("files: roles and places of certificates") {
  const Collector chain = read_file("workload/healthy-chain.pem");
  REQUIRE(chain.certificates() == 2);
  CHECK(role_of(chain.artifacts[0], 0) == Role::leaf);
  CHECK(role_of(chain.artifacts[0], 1) == Role::intermediate);
  const std::string two = pem_of("pki/root.pem") + "\n\n" + pem_of("pki/intermediate.pem");
  const Collector bundle = testing::read("two.pem", two);
  REQUIRE(bundle.certificates() == 2);
  CHECK(role_of(bundle.artifacts[0], 0) == Role::root);
  CHECK(role_of(bundle.artifacts[0], 1) == Role::ca);
  const auto line =
      1 + std::count(two.begin(), two.begin() + static_cast<std::ptrdiff_t>(two.rfind("-----BEGIN")), '\n');
  CHECK(source_of(bundle.artifacts[0], 1) == SourceRef{"two.pem", static_cast<std::uint32_t>(line), "", 1});
}

TEST_CASE("files: each defect of certs/input, where it is, and what is kept") {
  struct Row {
    std::string path;
    DefectKind kind;
    bool lost;
    std::string_view detail;
    std::size_t certificates;
  };
  using enum DefectKind;
  const Row rows[] = {
      {"input/broken-pem-block.pem", broken_pem_block, true,
       "block 2 of 3: bad base64: character outside the base64 alphabet", 2},
      {"input/broken-pem-labels-differ.pem", broken_pem_block, true,
       "block 2 of 3: BEGIN CERTIFICATE is closed by END PRIVATE KEY", 2},
      {"input/broken-pem-no-end.pem", broken_pem_block, true,
       "block 2 of 3: no END line for BEGIN CERTIFICATE", 2},
      {"input/truncated.pem", broken_pem_block, true, "block 3 of 3: no END line for BEGIN CERTIFICATE", 2},
      {"input/wrong-label.pem", broken_pem_block, true, "block 2 of 2: label CERTIATE is not CERTIFICATE", 1},
      {"input/byte-order-mark.pem", broken_pem_block, false, "a byte order mark stands before BEGIN", 1},
      {"input/indented.pem", broken_pem_block, false, "BEGIN or END is indented", 1},
      {"input/literal-newlines.pem", broken_pem_block, false, "line breaks are written as", 1},
      {"input/joined-pem-blocks.pem", joined_pem_blocks, false, "BEGIN stands on the line of the END before",
       2},
      {"input/malformed-cut-off.pem", malformed, true, "", 0},
      {"input/malformed-empty-block.pem", malformed, true, "block 2 of 2: ", 1},
      {"input/trailing-data.pem", trailing_data, true, "3 octets", 1},
      {"input/trusted-certificate.pem", certificate_label, false, "OpenSSL's trust settings", 1},
      {"input/carriage-returns.pem", broken_pem_block, false, "its lines end in CR alone", 1},
      {"input/quoted.pem", broken_pem_block, false, "its lines are quoted", 1},
      {"input/trailing-data.der", trailing_data, true, "3 octets from octet ", 1},
      {"input/truncated.der", malformed, true, "", 0},
      {"input/unsupported-block.pem", unsupported_block, false, "block 1 of 2: CERTIFICATE REQUEST", 1},
      {"input/empty.pem", empty, true, "no octets", 0},
      {"input/junk.bin", unknown_octets, true, "not PEM, DER certificates or a JSON dump", 0},
      {"input/text-only.pem", no_certificates, true, "only the text \"Error from server", 0},
      {"input/key-only.pem", no_certificates, true, "0 certificates, 1 private key", 0},
  };
  for (const Row& row : rows) {
    CAPTURE(row.path);
    const Collector found = read_file(row.path);
    CHECK(found.certificates() == row.certificates);
    const bool anything = row.certificates != 0 || row.path == std::string_view("input/key-only.pem");
    CHECK(found.artifacts.size() == (anything ? 1 : 0));
    const auto defects = found.defects();
    REQUIRE(defects.size() == 1);
    CHECK(defects[0].kind == row.kind);
    CHECK(defects[0].lost == row.lost);
    CHECK(defects[0].detail.starts_with(row.detail));
    CHECK(defects[0].where.file == row.path);
  }
}

TEST_CASE("files: lines of defects are those of an editor") {
  const std::string root = pem_of("pki/root.pem");
  std::string bad = root;
  bad[bad.find('\n') + 70] = '!';  // in the second line of base64
  const Collector found = testing::read("f.pem", "text\n" + root + bad);
  const auto defects = found.defects();
  REQUIRE(defects.size() == 1);
  const auto begin = 1 + std::count(root.begin(), root.end(), '\n');
  CHECK(defects[0].where.line == begin + 1 + 2);
}

TEST_CASE("files: private keys are noted, never kept") {
  struct Row {
    std::string path;
    bool encrypted;
  };
  for (const Row& row :
       {Row{"workload/key-before-certificate.pem", false}, Row{"key/encrypted-key.pem", true}}) {
    CAPTURE(row.path);
    const Collector found = read_file(row.path);
    REQUIRE(found.artifacts.size() == 1);
    const Artifact& artifact = found.artifacts[0];
    REQUIRE(artifact.key);
    CHECK(artifact.key->present);
    CHECK_FALSE(artifact.key->redacted);
    CHECK(artifact.key->encrypted == row.encrypted);
    CHECK(artifact.defects.size() == (row.encrypted ? 2 : 1));  // one that it stands beside a certificate
    std::size_t kept = 0;
    for (const auto& octets : artifact.storage) kept += octets->size();
    const std::size_t public_half = row.encrypted ? 0 : artifact.certificates[0].key.spki.size();
    CHECK(kept == artifact.certificates[0].der.size() + public_half);
    CHECK(artifact.key->matches_leaf == (row.encrypted ? std::nullopt : std::optional(true)));
  }
  const std::string legacy =
      "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: X,00\n\nAAAA\n"
      "-----END RSA PRIVATE KEY-----\n" +
      pem_of("pki/root.pem");
  CHECK(testing::read("f", legacy).artifacts.at(0).key->encrypted);
}

TEST_CASE("files: views stay right when artifacts move") {
  Collector found = read_file("workload/healthy-chain.pem");
  const std::string before(as_text(found.artifacts[0].certificates[1].der));
  Artifact moved = std::move(found.artifacts[0]);
  const Artifact again = std::move(moved);
  CHECK(as_text(again.certificates[1].der) == before);
}

TEST_CASE("detect tells formats from contents") {
  struct Row {
    std::string octets;
    std::optional<Format> format;
  };
  const std::string der = sample("input/healthy-single.der");
  const Row rows[] = {
      {"", std::nullopt},
      {"hello", std::nullopt},
      {"0123", std::nullopt},
      {"\x30\x82\x02\x01\x02\x01", std::nullopt},
      {der, Format::der},
      {der.substr(0, 3), Format::der},
      {"some text\n-----BEGIN CERTIFICATE-----\n", Format::pem},
      {"-----END CERTIFICATE-----\n", Format::pem},
      {"{\"dynamicActiveSecrets\": []}", Format::envoy_secrets},
      {"\xEF\xBB\xBF\n {\"static_secrets\": ", Format::envoy_secrets},
      {"{\"configs\": []}", Format::envoy_secrets},
      {"{\"x\": \"-----BEGIN CERTIFICATE-----\"}", Format::envoy_secrets},
      {"[2026-11-22] -----BEGIN CERTIFICATE-----", Format::pem},
      {"{ x }", std::nullopt},
  };
  for (const Row& row : rows) {
    CAPTURE(row.octets);
    CHECK(detect(as_bytes(row.octets)) == row.format);
  }
}

TEST_CASE("read_input tells which documents it knows") {
  struct Row {
    std::string_view text;
    std::optional<Format> format;
  };
  const Row rows[] = {
      {R"({"dynamicActiveSecrets": []})", Format::envoy_secrets},
      {"\xEF\xBB\xBF\n {\"static_secrets\": [", Format::envoy_secrets},
      {R"({"configs": []})", Format::envoy_secrets},
      {R"([{"name": "n", "secret": {}}])", Format::envoy_secrets},
      {R"({"x": "-----BEGIN CERTIFICATE-----"})", std::nullopt},
      {R"([{"name": "n"}])", std::nullopt},
      {"{}", std::nullopt},
      {"[]", std::nullopt},
      {"{\"dynamic", std::nullopt},
  };
  for (const Row& row : rows) {
    CAPTURE(row.text);
    Collector found;
    CHECK(read_input("f", as_bytes(row.text), {}, found) == row.format);
  }
}

TEST_CASE("format words go both ways") {
  for (const Format format : {Format::pem, Format::der, Format::pkcs7, Format::base64, Format::envoy_secrets,
                              Format::istioctl_table}) {
    CHECK(format_from_string(to_string(format)) == format);
  }
  CHECK_FALSE(format_from_string("PEM"));
  ReadOptions options;
  options.as = Format::der;
  CHECK(testing::read("f", pem_of("pki/root.pem"), options).lost());
}

namespace {

std::string integer(std::size_t bits) {
  return tlv('\x02', std::string("\0\x80", 2) + std::string(bits / 8 - 2, '\x11') + '\x01');
}

// A self-issued DSA certificate with numbers of these sizes and a signature of nobody.
std::string dsa_certificate(std::size_t p_bits, std::size_t q_bits) {
  const std::string oid = tlv('\x06', "\x2A\x86\x48\xCE\x38\x04\x01");
  const std::string scheme = tlv('\x30', tlv('\x06', "\x60\x86\x48\x01\x65\x03\x04\x03\x02"));
  const std::string name =
      tlv('\x30', tlv('\x31', tlv('\x30', tlv('\x06', "\x55\x04\x03") + tlv('\x0C', "a"))));
  const std::string times = tlv('\x30', tlv('\x17', "240101000000Z") + tlv('\x17', "340101000000Z"));
  const std::string parameters = tlv('\x30', integer(p_bits) + integer(q_bits) + integer(160));
  const std::string key =
      tlv('\x30', tlv('\x30', oid + parameters) + tlv('\x03', std::string(1, '\0') + integer(160)));
  const std::string serial = tlv('\x02', "\x05");
  const std::string tbs = tlv('\x30', serial + scheme + name + times + name + key);
  const std::string numbers = tlv('\x30', integer(160) + integer(160));
  return tlv('\x30', tbs + scheme + tlv('\x03', std::string(1, '\0') + numbers));
}

}  // namespace

TEST_CASE("decide_self_signed leaves keys alone that no proxy would verify with") {
  struct Row {
    std::size_t p, q;
    bool decided;
  };
  for (const Row& row : {Row{3072, 256, true}, Row{2048, 160, true}, Row{3080, 256, false},
                         Row{10000, 256, false}, Row{3072, 264, false}}) {
    CAPTURE(row.p);
    CAPTURE(row.q);
    const std::string der = dsa_certificate(row.p, row.q);
    auto certificate = Certificate::decode(as_bytes(der));
    REQUIRE(certificate);
    x509::decide_self_signed(*certificate);
    CHECK(certificate->self_signed.has_value() == row.decided);
  }
}

TEST_CASE("files: a misspelt private key is a broken block, a right one is not") {
  const auto with = [](const std::string& label) {
    return testing::read(
        "f", "-----BEGIN " + label + "-----\nAAAA\n-----END " + label + "-----\n" + pem_of("pki/root.pem"));
  };
  const auto defects = with("PRIVAT KEY").defects();
  REQUIRE(defects.size() == 1);
  CHECK(defects[0].kind == DefectKind::broken_pem_block);
  CHECK(defects[0].lost);
  CHECK(defects[0].detail == "block 1 of 2: label PRIVAT KEY is not that of a private key");
  CHECK_FALSE(with("PRIVATE KEY").has(DefectKind::broken_pem_block));
  CHECK(with("PRIVATE KEY").has(DefectKind::key_unparsable));
  CHECK_FALSE(testing::read("f", pem_of("workload/key-before-certificate.pem")).lost());
}

TEST_CASE("DER: octets without any certificate are malformed") {
  ReadOptions options;
  options.as = Format::der;
  const auto defects = testing::read("f", "hello", options).defects();
  REQUIRE(defects.size() == 1);
  CHECK(defects[0].kind == DefectKind::malformed);
  CHECK(defects[0].lost);
  const Collector after = testing::read("f", sample("input/healthy-single.der") + "hello", options);
  CHECK(after.has(DefectKind::trailing_data));
  CHECK_FALSE(after.has(DefectKind::malformed));
}

TEST_CASE("DER: a bad certificate between two good ones costs only itself") {
  const std::string der = sample("input/healthy-single.der");
  const Collector found = testing::read("f.der", der + std::string("\x30\x03\x02\x01\x05", 5) + der);
  CHECK(found.certificates() == 2);
  const auto defects = found.defects();
  REQUIRE(defects.size() == 1);
  CHECK(defects[0].lost);
  CHECK(defects[0].detail.ends_with("(at octet " + std::to_string(der.size()) + ")"));
  CHECK(testing::read("f.der", der + der).defects().empty());
  CHECK_FALSE(testing::read("f.der", der + "\n").lost());
}
