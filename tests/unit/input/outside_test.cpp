// What stands outside the blocks of a PEM file: evidence there is never lost in
// silence, and what people and commands write around blocks is no evidence.
#include <doctest/doctest.h>

#include <string>

#include "base/base64.hpp"
#include "tests/support/collector.hpp"
#include "tests/support/sample.hpp"

using namespace meshcert;
using meshcert::testing::Collector;
using meshcert::testing::pem_of;
using meshcert::testing::read;
using meshcert::testing::replaced;
using meshcert::testing::sample;

namespace {

// The other certificate with these boundaries.
std::string with(const std::string& begin, const std::string& end) {
  const std::string other = pem_of("pki/web-root.pem");
  return replaced(replaced(other, "-----BEGIN CERTIFICATE-----", begin), "-----END CERTIFICATE-----", end);
}

std::string utf16(const std::string& text) {
  std::string out;
  for (const char c : text) out += std::string{c, '\0'};
  return out;
}

std::string body_of(const std::string& pem) {
  const std::size_t start = pem.find('\n') + 1;
  return pem.substr(start, pem.find("-----END") - start);
}

}  // namespace

TEST_CASE("outside: evidence that is in no block is lost, and said to be") {
  const std::string other = pem_of("pki/web-root.pem");
  const std::string in_base64 = base::encode_base64(as_bytes(other));
  struct Row {
    std::string text;
    DefectKind kind;
    std::string_view detail;
  };
  using enum DefectKind;
  const Row rows[] = {
      {utf16(other), malformed, "octets that are no text"},
      {std::string("b.json\0\0\0\0ustar", 15), malformed, "an archive"},
      {"{\"dynamicActiveSecrets\": [{\"name\": \"default\"}]}\n", malformed, "stands a dump"},
      {"{\"a\": 1, \"inline_bytes\" : \"x\"}\n", malformed, "stands a dump"},
      {"dynamic_active_secrets:\n- name: default\n", malformed, "stands a dump"},
      {"- identity: x\n  certChain:\n", malformed, "stands a dump"},
      {"  caBundle: " + in_base64 + "\n", malformed, "stands a dump"},
      {"tls.crt: " + in_base64 + "\n", malformed, "stands base64"},
      {in_base64 + "\n", malformed, "stands base64"},
      {body_of(other), malformed, "stands base64"},
      {"  " + body_of(other), malformed, "stands base64"},
      {with("----BEGIN CERTIFICATE----", "----END CERTIFICATE----"), broken_pem_block, "nearly a BEGIN line"},
      {with("---- BEGIN CERTIFICATE ----", "---- END CERTIFICATE ----"), broken_pem_block, "nearly"},
      {with("----- BEGIN CERTIFICATE-----", "---- END CERTIFICATE-----"), broken_pem_block, "nearly"},
      {with("-----begin certificate-----", "-----end certificate-----"), broken_pem_block, "nearly"},
      {with("-----BEGIN\xC2\xA0"
            "CERTIFICATE-----",
            "-----END\xC2\xA0"
            "CERTIFICATE-----"),
       broken_pem_block, "nearly"},
      {with("\xE2\x80\x94--BEGIN CERTIFICATE\xE2\x80\x94--", "\xE2\x80\x94--END CERTIFICATE--"),
       broken_pem_block, "nearly"},
      {with("-----BEGIN%20CERTIFICATE-----%0A", "-----END%20CERTIFICATE-----%0A"), broken_pem_block,
       "nearly"},
  };
  const std::string good = pem_of("workload/healthy.pem");
  for (const Row& row : rows) {
    CAPTURE(row.text.substr(0, 60));
    for (const bool before : {false, true}) {
      // What begins as another format is read as that.
      if (before && (row.text.find('\0') != std::string::npos || row.text.front() == '{')) continue;
      const Collector found = read("f", before ? row.text + good : good + row.text);
      CHECK(found.certificates() == 1);
      const auto defects = found.defects();
      REQUIRE(defects.size() == 1);
      CHECK(defects[0].kind == row.kind);
      CHECK(defects[0].lost);
      CHECK(defects[0].where.line != 0);
      CHECK(defects[0].detail.find(row.detail) != std::string::npos);
      CHECK_FALSE(defects[0].fix.empty());
    }
  }
}

TEST_CASE("outside: the line is that of the file, and each kind is told once") {
  const std::string good = pem_of("pki/root.pem");
  const auto lines = static_cast<std::uint32_t>(std::ranges::count(good, '\n'));
  const Collector found = read("f", good + "# a note\n" + with("----BEGIN CERTIFICATE----", "") + good +
                                        with("----BEGIN CERTIFICATE----", "") + "inlineBytes: x\n");
  const auto defects = found.defects();
  REQUIRE(defects.size() == 2);
  CHECK(defects[0].where.line == lines + 2);
  CHECK(defects[1].detail.find("a dump") != std::string::npos);
}

TEST_CASE("outside: what is written around blocks is no evidence") {
  const std::string good = pem_of("pki/root.pem");
  for (const std::string& text :
       {std::string("# paste the text from BEGIN CERTIFICATE to END CERTIFICATE here\n"),
        std::string("begin certificate\n"), std::string("-- begin certificates of the mesh --\n"),
        std::string("---- Begin Certificate ----\n"), std::string("decoded from inlineBytes: see the dump\n"),
        std::string("the certChain of default\n"), std::string("MIIC is how they begin\n"),
        std::string("\0\0\0", 3), std::string("LS0t\n"),
        std::string("    Session-ID: 0123456789ABCDEF0123456789ABCDEF0123456789ABCDEF0123456789ABCDEF\n"),
        std::string("    0000 - 4d 49 49 43 4d 49 49 43-4d 49 49 43 4d 49 49 43   MIICMIICMIICMIIC\n"),
        sample("input/text-of-certificate.txt")}) {
    CAPTURE(text.substr(0, 60));
    CHECK(read("f", good + text).defects().empty());
    if (text.front() != 0) CHECK(read("f", text + good).defects().empty());
  }
}

TEST_CASE("outside: a certificate under another label is said to be one") {
  for (const std::string& label : std::vector<std::string>{"CERT", "PUBLIC KEY", "X509 CRL", "MY ROOT"}) {
    CAPTURE(label);
    const Collector found = read(
        "f", pem_of("pki/root.pem") + with("-----BEGIN " + label + "-----", "-----END " + label + "-----"));
    CHECK(found.certificates() == 1);
    REQUIRE(found.defects().size() == 1);
    CHECK(found.defects()[0].kind == DefectKind::broken_pem_block);
    CHECK(found.defects()[0].lost);
    CHECK(found.defects()[0].detail.find("but what it holds is a certificate") != std::string::npos);
  }
  const Collector key =
      read("f", pem_of("pki/root.pem") + "-----BEGIN PUBLIC KEY-----\nMAAwAA==\n-----END PUBLIC KEY-----\n");
  REQUIRE(key.defects().size() == 1);
  CHECK(key.defects()[0].kind == DefectKind::unsupported_block);
  CHECK_FALSE(key.lost());
}
