// PEM as people pass it around: quoted, with CR alone, between the lines of a
// transcript, beside its key, in OpenSSL's own block.
#include <doctest/doctest.h>

#include <string>

#include "base/base64.hpp"
#include "input/pem.hpp"
#include "input/transcript.hpp"
#include "tests/support/sample.hpp"
#include "tests/support/truncate.hpp"

using namespace meshcert;
using namespace meshcert::input;
using meshcert::testing::Collector;
using meshcert::testing::pem_of;
using meshcert::testing::read;
using meshcert::testing::replaced;
using meshcert::testing::sample;

namespace {

std::string block(const std::string& label, const std::string& octets) {
  return "-----BEGIN " + label + "-----\n" + base::encode_base64(as_bytes(octets)) + "\n-----END " + label +
         "-----\n";
}

std::string key_block(const std::string& label) {
  return block(label, "not a key, but nobody looks");
}

}  // namespace

TEST_CASE("PEM: headers before a certificate are told, those of a key are not") {
  const std::string root = pem_of("pki/root.pem");
  const Collector headed =
      read("f.pem", replaced(root, "CERTIFICATE-----\nM", "CERTIFICATE-----\nFoo: bar\n\nM"));
  CHECK(headed.certificates() == 1);
  CHECK_FALSE(headed.lost());
  REQUIRE(headed.defects().size() == 1);
  CHECK(headed.defects()[0].kind == DefectKind::broken_pem_block);
  CHECK(headed.defects()[0].detail.starts_with("headers stand before the base64: read here, but Go"));
  CHECK(read("f.pem", replaced(root, "CERTIFICATE-----\nM", "CERTIFICATE-----\n\nM")).defects().empty());
}

TEST_CASE("PEM: a key under the label of a certificate is told") {
  const std::string key = replaced(pem_of("keys/workload.pem"), "PRIVATE KEY", "CERTIFICATE");
  const Collector found = read("f.pem", key);
  CHECK(found.has(DefectKind::private_key_in_dump));
  CHECK(found.has(DefectKind::malformed));
  const Collector junk = read("f.pem", block("CERTIFICATE", "no certificate at all"));
  CHECK_FALSE(junk.has(DefectKind::private_key_in_dump));
  CHECK(junk.has(DefectKind::malformed));
}

TEST_CASE("PEM: of a block that is not read its way of writing does not matter") {
  const Collector found = read("f.pem", "# " + replaced(pem_of("pki/root.pem"), "\n", "\n# "));
  CHECK(found.lost());
  for (const Defect& defect : found.defects()) CHECK(defect.detail.find("read here") == std::string::npos);
}

TEST_CASE("PEM: each habit costs one defect and no certificate") {
  const std::string root = pem_of("pki/root.pem");
  const std::string two = root + pem_of("pki/web-root.pem");
  struct Row {
    std::string text;
    std::string_view detail;
  };
  const Row rows[] = {
      {replaced(two, "\n", "\r"), "its lines end in CR alone"},
      {"> " + replaced(two, "\n", "\n> "), "its lines are quoted"},
      {">> " + replaced(two, "\n", "\n>> > "), "its lines are quoted"},
      {"> " + replaced(two, "\n", "\r\n> "), "its lines are quoted"},
      {"  " + replaced(two, "\n", "\n  "), "BEGIN or END is indented"},
      {replaced(two, "\n", "\\n"), "line breaks are written as the two characters"},
      {replaced(two, "\n", "\\r\\n"), "line breaks are written as the two characters"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.detail);
    const Collector found = read("f.pem", row.text);
    CHECK(found.certificates() == 2);
    const auto defects = found.defects();
    CHECK_FALSE(found.lost());
    REQUIRE_FALSE(defects.empty());
    CHECK(defects[0].kind == DefectKind::broken_pem_block);
    CHECK(defects[0].detail.starts_with(row.detail));
    CHECK(defects[0].fix.find("FILE") != std::string::npos);
  }
  CHECK(read("f.pem", two).defects().empty());
  CHECK(read("f.pem", replaced(two, "\n", "\r\n")).defects().empty());
  CHECK(read("f.pem", "> not the block\n" + two).defects().empty());
}

TEST_CASE("PEM: in a block scalar the indentation is YAML's") {
  const std::string root = pem_of("pki/root.pem");
  const auto indented = [](const std::string& text) {
    return "    " + replaced(text.substr(0, text.size() - 1), "\n", "\n    ") + "\n";
  };
  const std::string once = indented(root), twice = indented(root + root);
  struct Row {
    std::string text;
    std::size_t defects;
  };
  const Row rows[] = {
      {"ca:\n- pem: |\n" + once, 0},
      {"ca: |-\n" + twice, 0},
      {"ca: | # the root\n" + once, 0},
      {"ca:  |\n" + once, 0},
      {"--- |\n" + once, 0},
      {"\"ca #1\": |\n" + once, 0},
      {"ca: |# no comment\n" + once, 1},
      {"-   |\n" + once, 0},
      {"ca: !!str |\n" + once, 0},
      {"ca: &root !!str |-\n" + once, 0},
      {"ca: |\n" + once + root.substr(0, root.find("-----END")) + "    " + root.substr(root.find("-----END")),
       1},
      {"ca: |2+\n\n    # the root\n" + once + "other: x\n", 0},
      {"cas:\n  - |\n" + once + "  - |\n" + once, 0},
      {"ca: |\n" + once + "other: |\n    text\n", 0},
      {once, 1},
      {"ca: >\n" + once, 1},
      {"ca:\n" + once, 1},
      {"ca: |\n    text\nother:\n" + once, 1},
      {"ca: |\n" + once + "other:\n" + once, 1},
      {"ca: a|\n" + once, 1},
      {"    ca: |\n" + once, 1},
  };
  for (const Row& row : rows) {
    CAPTURE(row.text);
    const Collector found = read("f.yaml", row.text);
    CHECK(found.certificates() >= 1);
    CHECK_FALSE(found.lost());
    CHECK(found.defects().size() == row.defects);
  }
}

TEST_CASE("PEM: lines are counted where CR alone ends them, and in quotations") {
  std::string root = pem_of("pki/root.pem");
  root[root.find('\n') + 70] = '!';
  const auto line_of = [](const std::string& text) {
    for (const Defect& defect : read("f.pem", text).defects()) {
      if (defect.lost) return defect.where.line;
    }
    return std::uint32_t{0};
  };
  CHECK(line_of("text\n" + root) == 4);
  CHECK(line_of(replaced("text\n" + root, "\n", "\r")) == 4);
  CHECK(line_of("text\n> " + replaced(root, "\n", "\n> ")) == 4);
}

TEST_CASE("PEM: a quotation mark inside a line of base64 is no quotation") {
  std::string root = "> " + replaced(pem_of("pki/root.pem"), "\n", "\n> ");
  root[root.find("\n> ") + 40] = '>';
  CHECK(read("f.pem", root).lost());
}

TEST_CASE("PEM: a key beside certificates is told with its line, a key alone is not") {
  const std::string root = pem_of("pki/root.pem");
  const auto key_defects = [](const std::string& text) {
    std::vector<Defect> found;
    for (Defect& defect : read("f.pem", text).defects()) {
      if (defect.kind == DefectKind::private_key_in_dump) found.push_back(std::move(defect));
    }
    return found;
  };
  const auto before = key_defects("\n" + key_block("PRIVATE KEY") + root + key_block("EC PRIVATE KEY"));
  REQUIRE(before.size() == 1);
  CHECK(before[0].where.line == 2);
  CHECK(before[0].detail == "a private key beside the certificates");
  CHECK_FALSE(before[0].lost);
  const auto after = key_defects(root + key_block("ENCRYPTED PRIVATE KEY"));
  REQUIRE(after.size() == 1);
  CHECK(after[0].where.line == 1 + std::count(root.begin(), root.end(), '\n'));
  CHECK(after[0].detail == "an encrypted private key beside the certificates");
  CHECK(key_defects(key_block("PRIVATE KEY")).empty());
  CHECK(key_defects(root + key_block("PUBLIC KEY") + key_block("EC PARAMETERS")).empty());
  const std::string wrapped = "-----BEGIN CERTIFICATE-----\n" +
                              base::encode_base64(as_bytes(root + key_block("PRIVATE KEY"))) +
                              "\n-----END CERTIFICATE-----\n";
  CHECK(key_defects(wrapped).size() == 1);
}

TEST_CASE("PEM: octets after a certificate in its block are lost, white space is not") {
  const std::string der = sample("input/healthy-single.der");
  for (const auto& [rest, lost] :
       {std::pair{std::string(1, '\0'), true}, {std::string("\x30"), true}, {std::string("\r\n"), false}}) {
    const Collector found = read("f.pem", block("CERTIFICATE", der + rest));
    CHECK(found.certificates() == 1);
    CHECK(found.has(DefectKind::trailing_data));
    CHECK(found.lost() == lost);
  }
  CHECK(read("f.pem", block("CERTIFICATE", der)).defects().empty());
}

TEST_CASE("PEM: OpenSSL's trust settings are told once, other octets there are lost") {
  const std::string der = sample("input/healthy-single.der");
  const std::string settings("\x30\x03\x0C\x01x", 5);
  const std::string trusted = block("TRUSTED CERTIFICATE", der + settings);
  const Collector found = read("f.pem", trusted + trusted);
  CHECK(found.certificates() == 2);
  auto defects = found.defects();
  REQUIRE(defects.size() == 1);
  CHECK(defects[0].kind == DefectKind::certificate_label);
  CHECK(defects[0].detail.find("(2 blocks, the first in line 1)") != std::string::npos);
  for (const std::string& rest : {std::string("x"), settings + "x", settings.substr(0, 4)}) {
    CHECK(read("f.pem", block("TRUSTED CERTIFICATE", der + rest)).lost());
  }
}

TEST_CASE("PEM: blocks of other kinds are explained") {
  const Collector found =
      read("f.pem", block("NEW CERTIFICATE REQUEST", "x") + pem_of("pki/root.pem") + block("ODD", "x"));
  const auto defects = found.defects();
  REQUIRE(defects.size() == 2);
  CHECK(defects[0].detail == "block 1 of 3: NEW CERTIFICATE REQUEST (a request for a certificate)");
  CHECK(defects[0].where.line == 1);
  CHECK(defects[1].detail == "block 3 of 3: ODD");
}

TEST_CASE("split_transcripts cuts before each connection") {
  struct Row {
    std::string text;
    std::vector<std::uint32_t> lines;
  };
  const Row rows[] = {
      {"", {1}},
      {"no such line\n", {1}},
      {"CONNECTED(1)\nx\n", {1}},
      {"\nCONNECTED(1)\nx\n", {1}},
      {"CONNECTED(1)\nCONNECTED(1)\n\nCONNECTED(2)\n", {1, 2, 4}},
      {"-----BEGIN A\nCONNECTED(1)\nx\n", {1, 2}},
      {"not CONNECTED(1)\n CONNECTED(1)\n", {1}},
  };
  for (const Row& row : rows) {
    CAPTURE(row.text);
    std::string joined;
    std::vector<std::uint32_t> lines;
    for (const Transcript& piece : split_transcripts(row.text, 10)) {
      joined += piece.text;
      lines.push_back(piece.line);
    }
    CHECK(joined == row.text);
    CHECK(lines == row.lines);
  }
  const auto few = split_transcripts("CONNECTED(1)\nCONNECTED(1)\nCONNECTED(1)\n", 2);
  REQUIRE(few.size() == 2);
  CHECK(few[1].text == "CONNECTED(1)\nCONNECTED(1)\n");
}

TEST_CASE("transcripts: each is an artifact with lines of the file") {
  const std::string text = sample("input/healthy-transcripts.txt");
  const Collector found = read("t.txt", text);
  CHECK(found.defects().empty());
  REQUIRE(found.artifacts.size() == 2);
  CHECK(found.artifacts[0].name == "t.txt, transcript 1 of 2");
  CHECK(found.artifacts[0].certificates.size() == 2);
  CHECK(found.artifacts[1].certificates.size() == 1);
  const auto last = static_cast<std::ptrdiff_t>(text.rfind("-----BEGIN"));
  CHECK(found.artifacts[1].certificates[0].line == 1 + std::count(text.begin(), text.begin() + last, '\n'));
}

TEST_CASE("transcripts: the server's certificate counts once, another one stays") {
  const std::string again = sample("input/healthy-transcript-again.txt");
  CHECK(read("t.txt", again).certificates() == 2);
  CHECK(read("t.txt", again + pem_of("pki/root.pem")).certificates() == 4);
  // Without the words of a transcript a repetition is the file's own.
  CHECK(read("t.txt", replaced(again, "CONNECTED", "connected")).certificates() == 3);
}

TEST_CASE("transcripts: what the server sent and the transcript does not show") {
  const std::string text = sample("input/transcript-without-chain.txt");
  const auto defects = read("t.txt", text).defects();
  REQUIRE(defects.size() == 1);
  CHECK(defects[0].kind == DefectKind::external_file);
  CHECK(defects[0].detail == "the server sent 2 certificates, the transcript shows 1");
  CHECK(read("t.txt", replaced(text, " 1 s:", " x s:")).defects().empty());
  const Collector refused = read("t.txt", sample("input/transcript-refused.txt"));
  CHECK(refused.certificates() == 2);
  REQUIRE(refused.loose.size() == 1);
  CHECK(refused.loose[0].detail.find("the server presented no certificate") != std::string::npos);
  CHECK(refused.loose[0].where.line > 1);
}

TEST_CASE("transcripts: a thousand bad ones are told in a few lines") {
  Limits limits;
  limits.defects = 3;
  ReadOptions options;
  options.limits = limits;
  std::string text;
  for (int i = 0; i < 100; ++i) text += "CONNECTED(1)\n-----BEGIN A\n";
  const Collector found = read("t.txt", text, options);
  CHECK(found.lost());
  CHECK(found.defects().size() <= 5);
  CHECK(found.loose.back().detail.find("more defects") != std::string::npos);
}
