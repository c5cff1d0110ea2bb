// What commands print instead of a file: values of base64, tables, placeholders,
// and stores of other tools.
#include <doctest/doctest.h>

#include <string>
#include <utility>

#include "base/base64.hpp"
#include "tests/support/collector.hpp"
#include "tests/support/sample.hpp"

using namespace meshcert;
using meshcert::testing::Collector;
using meshcert::testing::pem_of;
using meshcert::testing::read;
using meshcert::testing::sample;
using meshcert::testing::tlv;

namespace {

std::string base64(const std::string& octets) {
  return base::encode_base64(as_bytes(octets));
}

std::string in_lines(const std::string& text, std::size_t columns, const std::string& end = "\n") {
  std::string out;
  for (std::size_t at = 0; at < text.size(); at += columns) out += text.substr(at, columns) + end;
  return out;
}

std::string signed_like(const std::string& part) {
  return tlv('\x30', tlv('\x30', part));
}

std::string encrypted_key() {
  return tlv('\x30', tlv('\x30', "x") + tlv('\x04', ""));
}

std::string url_safe(std::string text) {
  std::ranges::replace(text, '+', '-');
  std::ranges::replace(text, '/', '_');
  std::erase(text, '=');
  return text;
}

}  // namespace

TEST_CASE("base64: every way of printing a value") {
  const std::string root = pem_of("pki/root.pem");
  const std::string der = sample("input/healthy-single.der");
  const std::string pkcs7 = sample("input/healthy-pkcs7.p7b");
  struct Row {
    std::string text;
    std::size_t artifacts, certificates;
  };
  const Row rows[] = {
      {base64(root), 1, 1},
      {base64(root) + "\n", 1, 1},
      {"  " + base64(root) + "\r\n\r\n", 1, 1},
      {"\"" + base64(root) + "\"", 1, 1},
      {"'" + base64(root) + "'\n", 1, 1},
      {"\xEF\xBB\xBF" + base64(root), 1, 1},
      {in_lines(base64(root), 64), 1, 1},
      {in_lines(base64(root), 76, "\r\n"), 1, 1},
      {url_safe(base64(root)), 1, 1},
      {base64("# the root of the mesh\n# 2024\n" + root), 1, 1},
      {base64(root + root), 1, 2},
      {base64(der), 1, 1},
      {url_safe(base64(der)), 1, 1},
      {in_lines(base64(der), 64), 1, 1},
      {base64(der + der), 1, 2},
      {base64(pkcs7), 1, 2},
      {base64(root) + " " + base64(root), 2, 2},
      {base64(root) + "\n" + base64(der) + "\n", 2, 2},
      {"'" + base64(root) + "' '" + base64(root) + "'", 2, 2},
  };
  for (const Row& row : rows) {
    CAPTURE(row.text.substr(0, 90));
    CHECK(detect(as_bytes(row.text)) == Format::base64);
    const Collector found = read("-", row.text);
    CHECK(found.defects().empty());
    CHECK(found.artifacts.size() == row.artifacts);
    CHECK(found.certificates() == row.certificates);
  }
}

TEST_CASE("base64: what is wrong with a value, and what stays") {
  const std::string root = base64(pem_of("pki/root.pem"));
  std::string bad = root;
  bad[100] = '!';
  struct Row {
    std::string text;
    DefectKind kind;
    bool lost;
    std::string_view detail;
    std::size_t certificates;
  };
  using enum DefectKind;
  const Row rows[] = {
      {bad, not_base64, true, "character outside the base64 alphabet (at offset 100 of the value)", 0},
      {root.substr(0, 401), not_base64, true, "last group is cut short", 0},
      {root.substr(0, 400), broken_pem_block, true, "no END line", 0},
      {base64(sample("input/healthy-single.der").substr(0, 300)), malformed, true, "", 0},
      {base64(root), double_base64, false, "what it decodes to is again base64", 1},
      {base64(base64(sample("input/healthy-single.der"))), double_base64, false, "", 1},
      {root + "\n" + bad, not_base64, true, "value 2 of 2: character outside", 1},
      {root + "\nnull\n", no_certificates, true, "a placeholder for a value that does not exist", 1},
      {base64(pem_of("input/key-only.pem")), no_certificates, true, "0 certificates, 1 private key", 0},
      {base64(pem_of("pki/root.pem") + pem_of("input/key-only.pem")), private_key_in_dump, false, "", 1},
  };
  for (const Row& row : rows) {
    CAPTURE(row.detail);
    const Collector found = read("-", row.text);
    CHECK(found.certificates() == row.certificates);
    const auto defects = found.defects();
    REQUIRE(defects.size() == 1);
    CHECK(defects[0].kind == row.kind);
    CHECK(defects[0].lost == row.lost);
    CHECK(defects[0].detail.starts_with(row.detail));
  }
}

TEST_CASE("base64: lines are those of the values") {
  const std::string root = base64(pem_of("pki/root.pem"));
  const Collector found = read("-", "\n" + root + "\n\n" + root + "\n");
  REQUIRE(found.artifacts.size() == 2);
  CHECK(found.artifacts[0].source.line == 2);
  CHECK(found.artifacts[1].source.line == 4);
  CHECK(found.artifacts[1].name == "-, value 2 of 2");
}

TEST_CASE("base64: a list stops at its limit and says so") {
  const std::string root = base64(pem_of("pki/root.pem"));
  ReadOptions options;
  options.limits.pem_blocks = 2;
  CHECK(read("-", root + " " + root, options).defects().empty());
  const Collector found = read("-", root + " " + root + " " + root, options);
  CHECK(found.certificates() == 2);
  REQUIRE(found.loose.size() == 1);
  CHECK(found.loose[0].detail ==
        "more than 2 values, the limit; raise it with --max-pem-blocks; the rest was not read");
  CHECK(found.lost());
}

TEST_CASE("base64: words, licences, tokens and hashes are none") {
  for (const char* text :
       {"MIT License\n\nCopyright (c) 2020 Somebody", "MIIE", "hello",
        "d41d8cd98f00b204e9800998ecf8427e  file", "0123456789abcdef0123456789abcdef",
        "/etc/istio/proxy/certificates/one",
        "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"}) {
    CAPTURE(text);
    CHECK_FALSE(detect(as_bytes(text)));
  }
  CHECK(detect(as_bytes(std::string_view("eyJhbGciOiJSUzI1NiIsImtpZCI6IjEifQ.e30.c2ln"))) == Format::jwt);
}

TEST_CASE("outputs without a certificate say what they are and what to type") {
  struct Row {
    std::string text;
    DefectKind kind;
    std::string_view what, fix;
  };
  using enum DefectKind;
  const Row rows[] = {
      {"null\n", empty, "a placeholder", "kubectl get"},
      {"<no value>", empty, "a placeholder", "kubectl get"},
      {"\"\"\n", empty, "a placeholder", "kubectl get"},
      {"\xFE\xED\xFE\xED more", no_certificates, "a Java key store", "keytool -list -rfc"},
      {"\xCE\xCE\xCE\xCE more", no_certificates, "a Java key store", "JCEKS"},
      {signed_like(tlv('\x02', "\x01") + tlv('\x30', "") + tlv('\x30', "") + tlv('\xA0', "x")),
       no_certificates, "a request for a certificate in DER", "openssl req"},
      {std::string("\x30\x07\x0a\x01\x00\xa0\x02\x30\x00", 9), no_certificates, "an OCSP response in DER",
       "tls.ocsp-staple"},
      {sample("input/text-of-certificate.txt"), no_certificates, "the text of openssl x509", "-noout"},
      {"CONNECTED(00000003)\n---\n", no_certificates, "a transcript of openssl s_client", "-showcerts"},
      {"No active or warming secrets found.\n", no_certificates, "istioctl found no secrets", "istio-proxy"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.what);
    CHECK_FALSE(detect(as_bytes(row.text)));
    const auto defects = read("f", row.text).defects();
    REQUIRE(defects.size() == 1);
    CHECK(defects[0].kind == row.kind);
    CHECK(defects[0].lost);
    CHECK(defects[0].detail.starts_with(row.what));
    CHECK(defects[0].fix.find(row.fix) != std::string::npos);
  }
  for (const char* other : {"nullable", "Certificate: see below", "\xFE\xED", "0123"}) {
    CAPTURE(other);
    CHECK(read("f", other).defects().at(0).fix.empty());
  }
}

TEST_CASE("a private key in DER is one, and it is said that a certificate is missing") {
  const std::string broken("\x30\x06\x02\x01\x00\x30\x01\x00", 8);
  for (const auto& [text, what] : {std::pair{broken, "a private key in DER"},
                                   std::pair{encrypted_key(), "an encrypted private key in DER"}}) {
    CAPTURE(what);
    CHECK(detect(as_bytes(text)) == Format::der);
    const Collector found = read("f", text);
    REQUIRE(found.artifacts.size() == 1);
    CHECK(found.artifacts[0].kind == ArtifactKind::private_key);
    const auto defects = found.defects();
    REQUIRE(defects.size() == 2);
    CHECK(defects[0].kind == DefectKind::key_unparsable);
    CHECK(defects[1].kind == DefectKind::no_certificates);
    CHECK(defects[1].detail.starts_with(what));
    CHECK(defects[1].fix.find("certificate") != std::string::npos);
  }
}

TEST_CASE("istioctl's table: rows by the offsets of its header") {
  const std::string text = sample("input/istioctl-table.txt");
  const Collector found =
      read("t", "Warning: something\n" + text + "\nSERVICE FQDN     PORT\nkubernetes.default     443\n");
  REQUIRE(found.artifacts.size() == 3);
  CHECK(found.artifacts[0].name == "kubernetes://gw-cert");
  CHECK(found.artifacts[0].state == SecretState::uninitialized);
  CHECK(found.artifacts[0].kind == ArtifactKind::tls_secret);
  CHECK(found.artifacts[0].source.line == 3);
  CHECK(found.artifacts[1].kind == ArtifactKind::workload_chain);
  CHECK(found.artifacts[2].kind == ArtifactKind::trust_bundle);
  CHECK(found.defects().empty());
  CHECK(found.artifacts[0].listed.empty());
  REQUIRE(found.artifacts[1].listed.size() == 1);
  const Listed& leaf = found.artifacts[1].listed[0];
  CHECK(leaf.serial == "6fbee254c22900615cb1f74e3d2f1713");
  CHECK(to_rfc3339(*leaf.not_after) == "2023-12-31T01:32:52Z");
  CHECK(to_rfc3339(*leaf.not_before) == "2023-12-30T01:30:52Z");
  CHECK_FALSE(leaf.is_ca);
  CHECK_FALSE(leaf.certificate);
  CHECK(leaf.where.line == 4);
  REQUIRE(found.artifacts[2].listed.size() == 1);
  CHECK(found.artifacts[2].listed[0].is_ca);
  CHECK(found.artifacts[2].listed[0].serial == "193a543fe2b0d9cd4847675394dfc54");
}

TEST_CASE("istioctl's table: without a date or serial number there is nothing to judge") {
  const std::string header =
      "RESOURCE NAME     TYPE     STATUS      VALID CERT     SERIAL NUMBER     NOT AFTER     NOT BEFORE\n";
  const Collector nothing = read("t", header + "a                          WARMING     false\n");
  REQUIRE(nothing.loose.size() == 1);
  CHECK(nothing.loose[0].kind == DefectKind::no_certificates);
  CHECK(nothing.loose[0].detail ==
        "a table of istioctl, of 1 row, none of which says anything of a certificate");
  CHECK(nothing.loose[0].fix.find("proxy-config secret POD -n NAMESPACE -o json") != std::string::npos);
  const Collector odd =
      read("t", header + "a                 CA       ACTIVE      true           xyz               soon\n");
  CHECK(odd.has(DefectKind::malformed));
  CHECK(odd.has(DefectKind::no_certificates));
}

TEST_CASE("istioctl's table: rows stop at their limit, and that is said") {
  const std::string text = sample("input/istioctl-table.txt");
  ReadOptions options;
  options.limits.pem_blocks = 3;
  CHECK(read("t", text, options).loose.empty());
  options.limits.pem_blocks = 2;
  const Collector found = read("t", text, options);
  CHECK(found.artifacts.size() == 2);
  REQUIRE(found.loose.size() == 1);
  CHECK(found.loose[0].detail ==
        "more than 2 rows, the limit; raise it with --max-pem-blocks; the rest was not read");
}

TEST_CASE("istioctl's table: of ztunnel, of several proxies, and damaged") {
  const std::string ztunnel =
      "CERTIFICATE NAME         TYPE           STATUS           VALID CERT     SERIAL NUMBER     NOT AFTER\n"
      "spiffe://a/ns/b/sa/c     Leaf           Available        true           e5df              2033-03-22T13:04:57Z\n"
      "spiffe://a/ns/b/sa/c     NA             Initializing     false          NA                NA\n"
      "spiffe://a/ns/b/sa/d     NA             Unavailable      false          NA                NA\n"
      "spiffe://a/ns/b/sa/e     Intermediate   Available        true           a1                2033-03-22T13:04:57Z\n";
  const Collector found = read("t", ztunnel);
  REQUIRE(found.artifacts.size() == 4);
  CHECK(found.artifacts[1].state == SecretState::uninitialized);
  CHECK(found.artifacts[2].state == SecretState::error);
  CHECK(found.artifacts[0].listed.at(0).serial == "e5df");
  CHECK(found.artifacts[1].listed.empty());
  CHECK_FALSE(found.artifacts[0].listed[0].is_ca);
  CHECK(found.artifacts[3].listed.at(0).is_ca);
  CHECK(found.loose.empty());
  const std::string table = sample("input/istioctl-table.txt");
  CHECK(read("t", table + "\n" + table).artifacts.size() == 6);
  CHECK(read("t", table + table).artifacts.size() == 6);
  const Collector compared = read("t",
                                  "RESOURCE NAME     TYPE           VALID CERT     NODE AGENT     PROXY\n"
                                  "default           Cert Chain     true           abc            abc\n");
  REQUIRE(compared.artifacts.size() == 1);
  CHECK(compared.artifacts[0].state == SecretState::none);
  CHECK_FALSE(compared.has(DefectKind::malformed));
  std::string shifted = table;
  shifted.insert(shifted.rfind("ROOTCA") + 6, "-and-more");
  const Collector damaged = read("t", shifted);
  CHECK(damaged.artifacts.size() == 2);
  CHECK(damaged.has(DefectKind::malformed));
  for (const char* none : {"RESOURCE NAME     TYPE\n", "VALID CERT\n", "x RESOURCE NAME VALID CERT\n"}) {
    CHECK_FALSE(detect(as_bytes(none)));
  }
}
