#include "input/pem.hpp"

#include <doctest/doctest.h>

#include <string>

#include "input/base64_text.hpp"
#include "input/pem_label.hpp"
#include "input/pem_text.hpp"
#include "tests/support/source_tree.hpp"

using namespace meshcert;
using namespace meshcert::input;

namespace {

// One letter a block, for tables: "." is whole, others name the fault.
char letter(const PemBlock& block) {
  switch (block.fault) {
    case PemFault::none:
      return '.';
    case PemFault::begin_unfinished:
      return 'b';
    case PemFault::no_end:
      return 'n';
    case PemFault::end_unfinished:
      return 'e';
    case PemFault::labels_differ:
      return 'd';
    case PemFault::end_without_begin:
      return 's';
  }
  return '?';
}

std::string faults(const PemText& pem) {
  std::string text;
  for (const PemBlock& block : pem.blocks) text += letter(block);
  return text;
}

constexpr std::string_view kA = "-----BEGIN A-----\nAAAA\n-----END A-----\n";

}  // namespace

TEST_CASE("split_pem accounts for every BEGIN and END") {
  struct Row {
    std::string text;
    std::string_view faults;
    std::size_t begun;
  };
  const std::string a(kA);
  const Row rows[] = {
      {"", "", 0},
      {"no PEM here -- or ----- there\n", "", 0},
      {a, ".", 1},
      {a + "text between\n\n" + a, "..", 2},
      {a.substr(0, a.size() - 1), ".", 1},
      {"-----BEGIN A-----\r\nAAAA\r\n-----END A-----\r\n", ".", 1},
      {"-----BEGIN -----\nAAAA\n-----END -----\n", ".", 1},
      {"-----BEGIN A-----\nAAAA\n" + a, "n.", 2},
      {"-----BEGIN A-----\nAAAA\n", "n", 1},
      {"-----BEGIN A-----\nAAAA\n-----END B-----\n" + a, "d.", 2},
      {"-----BEGIN A-----\nAAAA\n-----END A----\n" + a, "e.", 2},
      {"-----BEGIN A----\nAAAA\n-----END A-----\n" + a, "b.", 2},
      {"----BEGIN A-----\nAAAA\n-----END A-----\n" + a, "s.", 1},
      {"-----BEGIN\n-----BEGIN\n", "bb", 2},
      {"-----END A-----\n", "s", 0},
      {a + "-----BEG", ".b", 2},
      {a + "-", ".b", 2},
      {a + "-----BEGIN", ".b", 2},
      {a + "-----BEGINNING-----", ".", 1},
      {"-------BEGIN A-----\nAAAA\n-----END A-----\n", ".", 1},
  };
  for (const Row& row : rows) {
    CAPTURE(row.text);
    const PemText pem = split_pem(row.text, {});
    CHECK(faults(pem) == row.faults);
    CHECK(pem.begun == row.begun);
    CHECK_FALSE(pem.stopped);
  }
}

TEST_CASE("split_pem knows the lines of BEGIN, whatever comes before") {
  const std::string text = "one\r\ntwo\n" + std::string(kA) + "\n" + std::string(kA);
  const PemText pem = split_pem(text, {});
  REQUIRE(pem.blocks.size() == 2);
  CHECK(pem.blocks[0].line == 3);
  CHECK(pem.blocks[1].line == 7);
  CHECK(pem.blocks[0].label == "A");
  CHECK(pem.blocks[0].body == "\nAAAA\n");
}

TEST_CASE("split_pem sees ways of writing that other readers refuse") {
  struct Row {
    std::string text;
    std::size_t block;
    PemOddity oddity;
  };
  const std::string a(kA);
  const Row rows[] = {
      {a.substr(0, a.size() - 1) + a, 1, PemOddity::joined},
      {"  -----BEGIN A-----\n  AAAA\n  -----END A-----\n", 0, PemOddity::indented},
      {"-----BEGIN A-----\nAAAA\n\t-----END A-----\n", 0, PemOddity::indented},
      {"x " + a, 0, PemOddity::not_alone},
      {"-----BEGIN A----- AAAA\n-----END A-----\n", 0, PemOddity::not_alone},
      {"-----BEGIN A-----\nAAAA-----END A-----\n", 0, PemOddity::not_alone},
      {"-----BEGIN A-----\nAAAA\n-----END A----- x\n", 0, PemOddity::not_alone},
      {"\xEF\xBB\xBF" + a, 0, PemOddity::byte_order_mark},
      {"-----BEGIN A-----\\nAAAA\\n-----END A-----\\n", 0, PemOddity::literal_newlines},
      {"-----BEGIN A-----\\r\\nAAAA\\r\\n-----END A-----", 0, PemOddity::literal_newlines},
  };
  for (const Row& row : rows) {
    CAPTURE(row.text);
    const PemText pem = split_pem(row.text, {});
    REQUIRE(pem.blocks.size() > row.block);
    const PemBlock& block = pem.blocks[row.block];
    CHECK(block.fault == PemFault::none);
    CHECK(block.oddities == 1U << static_cast<unsigned>(row.oddity));
  }
  for (const std::string& text : {a, a + a, "text\n" + a, "\xEF\xBB\xBF\n" + a, a + "  \n" + a}) {
    CAPTURE(text);
    for (const PemBlock& block : split_pem(text, {}).blocks) CHECK(block.oddities == 0);
  }
}

TEST_CASE("split_pem stops at its limit and says so") {
  Limits limits;
  limits.pem_blocks = 2;
  const std::string a(kA);
  CHECK_FALSE(split_pem(a + a, limits).stopped);
  for (const std::string& text :
       {a + a + a, a + a + "-----END A-----", a + "-----BEGIN A-----\n-----BEGIN A-----\n"}) {
    CAPTURE(text);
    const PemText pem = split_pem(text, limits);
    CHECK(pem.stopped);
    CHECK(pem.blocks.size() == 2);
    CHECK(pem.begun == 2);
  }
}

TEST_CASE("pem_base64 takes RFC 1421 headers off") {
  CHECK(pem_base64("\nAAAA\nBBBB\n") == "AAAA\nBBBB\n");
  CHECK(pem_base64("\r\n\r\nAAAA\r\n") == "AAAA\r\n");
  CHECK(pem_base64("\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES,\n  00FF\n\nAAAA\n") == "AAAA\n");
  CHECK(pem_base64("\nComment: no blank line\nAAAA\n") == "AAAA\n");
  CHECK(pem_base64("\n") == "");
  CHECK(pem_base64("") == "");
}

TEST_CASE("content_of reads labels, and knows a misspelt one") {
  CHECK(content_of("CERTIFICATE") == PemContent::certificate);
  CHECK(content_of("X509 CERTIFICATE") == PemContent::older_certificate);
  CHECK(content_of("TRUSTED CERTIFICATE") == PemContent::trusted_certificate);
  for (const char* label : {"PRIVATE KEY", "RSA PRIVATE KEY", "EC PRIVATE KEY", "ENCRYPTED PRIVATE KEY",
                            "OPENSSH PRIVATE KEY", "ANY OTHER PRIVATE KEY"}) {
    CHECK(content_of(label) == PemContent::key);
  }
  CHECK(content_of("EC PARAMETERS") == PemContent::parameters);
  CHECK(content_of("PKCS7") == PemContent::certificate_set);
  CHECK(content_of("CMS") == PemContent::certificate_set);
  CHECK(content_of("X509 CRL") == PemContent::revocation_list);
  for (const char* label : {"CERTIFICATE REQUEST", "PUBLIC KEY", "DH PARAMETERS", "PGP SIGNATURE", "A",
                            "RSA PUBLIC KEY", "DSA PARAMETERS", "PKCS12"}) {
    CAPTURE(label);
    CHECK(content_of(label) == PemContent::other);
  }
  for (const char* label : {"CERTIATE", "certificate", "CERTIFICATE ", "CERTIFICAT", "CERTFICATE", "",
                            "PRIVAT KEY", "RSA PRIVTE KEY", "private key", "EC PRIVATE KEYS"}) {
    CAPTURE(label);
    CHECK(content_of(label) == PemContent::misspelt);
  }
}

TEST_CASE("shown_label never shows what may be a key") {
  CHECK(shown_label("CERTIFICATE") == "CERTIFICATE");
  CHECK(shown_label("PRIVATE KEY MIIEvQIBADANBgkqhkiG9w0BAQ") == "PRIVATE KEY");
  CHECK(shown_label(std::string(60, 'X')).size() == 40);
}

TEST_CASE("decode_proto_base64 takes what protobuf's JSON form allows") {
  const auto decodes_to = [](std::string_view text, std::string_view octets) {
    const auto decoded = decode_proto_base64(text);
    return decoded && as_text(*decoded) == octets;
  };
  CHECK(decodes_to("Zm9v", "foo"));
  CHECK(decodes_to("Zm8=", "fo"));
  CHECK(decodes_to("Zm8", "fo"));
  CHECK(decodes_to("Zg", "f"));
  CHECK(decodes_to("_-__", "\xFF\xEF\xFF"));
  CHECK(decodes_to("_-8", "\xFF\xEF"));
  CHECK(decodes_to("Zm9=", "fo"));
  CHECK(decodes_to("", ""));
  for (const char* bad : {"Z", "Zm9v!", "Zg==Zg==", "=", "Zm9vZ"}) {
    CAPTURE(bad);
    CHECK_FALSE(decode_proto_base64(bad));
  }
}

TEST_CASE("append_pem decodes blocks that hold PEM text once more") {
  const std::string root = testing::read_source("certs/pki/root.pem");
  const std::string inner = root.substr(root.find("-----BEGIN"));
  const std::string text = "-----BEGIN CERTIFICATE-----\n" + base::encode_base64(as_bytes(inner)) +
                           "\n-----END CERTIFICATE-----\n";
  Artifact artifact;
  const PemTally tally = append_pem(text, {SourceRef{"f"}, true}, {}, artifact);
  CHECK(tally.begun == 1);
  CHECK(tally.wrapped == 1);
  REQUIRE(artifact.certificates.size() == 1);
  CHECK(artifact.certificates[0].line == 1);
  REQUIRE(artifact.defects.size() == 1);
  CHECK(artifact.defects[0].kind == DefectKind::double_base64);
  CHECK_FALSE(artifact.defects[0].lost);
}

TEST_CASE("append_pem tells a bomb in a few lines and still counts it") {
  Limits limits;
  limits.defects = 3;
  std::string text;
  for (int i = 0; i < 10; ++i) text += "-----BEGIN A\n";
  Artifact artifact;
  const PemTally tally = append_pem(text, {SourceRef{"f"}, true}, limits, artifact);
  CHECK(tally.begun == 10);
  CHECK(tally.rejected == 10);
  REQUIRE(artifact.defects.size() == 4);
  CHECK(artifact.defects.back().detail == "7 more blocks are of no use, the last in line 10");
  CHECK(artifact.defects.back().lost);
}
