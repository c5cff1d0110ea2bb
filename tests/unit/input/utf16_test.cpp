// UTF-16, as PowerShell's > writes what a command prints.
#include <doctest/doctest.h>

#include <string>

#include "base/base64.hpp"
#include "base/utf16.hpp"
#include "tests/support/collector.hpp"
#include "tests/support/source_tree.hpp"

using namespace meshcert;
using base::Utf16;
using meshcert::testing::Collector;
using meshcert::testing::read;
using meshcert::testing::read_source;

namespace {

std::string little(const std::string& ascii) {
  std::string out;
  for (const char c : ascii) out += std::string{c, '\0'};
  return out;
}

std::string big(const std::string& ascii) {
  std::string out;
  for (const char c : ascii) out += std::string{'\0', c};
  return out;
}

}  // namespace

TEST_CASE("to_utf8 decodes each length of UTF-8, and stops at what is no UTF-16") {
  struct Row {
    std::string octets, text;
    std::optional<std::size_t> bad;
  };
  const Row rows[] = {
      {"", "", {}},
      {std::string("\xFF\xFE"
                   "a\0",
                   4),
       "a",
       {}},
      {std::string("a\0\xE9\0\xAC\x20", 6), "a\xC3\xA9\xE2\x82\xAC", {}},
      {std::string("a\0\x3D\xD8", 4), "a", 2},
      {std::string("a\0\x3D\xD8"
                   "b\0",
                   6),
       "a", 2},
      {std::string("a\0\x00\xDE", 4), "a", 2},
      {std::string("a\0b", 3), "a", 2},
      {std::string("a\0\xFF\xFE", 4), "a\xEF\xBB\xBF", {}},
  };
  for (const Row& row : rows) {
    const auto got = base::to_utf8(as_bytes(row.octets), Utf16::little);
    CHECK(got.text == row.text);
    CHECK(got.bad == row.bad);
  }
  const std::string pair("\x3D\xD8\x00\xDE", 4);
  CHECK(base::to_utf8(as_bytes(pair), Utf16::little).text == "\xF0\x9F\x98\x80");
  CHECK(base::to_utf8(as_bytes(big("ab")), Utf16::big).text == "ab");
}

TEST_CASE("utf16_of takes no other octets for UTF-16") {
  CHECK(base::utf16_of(as_bytes(little("{\""))) == Utf16::little);
  CHECK(base::utf16_of(as_bytes(big("--"))) == Utf16::big);
  CHECK(base::utf16_of(as_bytes("\xFE\xFF")) == Utf16::big);
  for (const std::string& other :
       {std::string(), std::string("a"), std::string("{\"a\""), std::string("a\0\0\0", 4),
        std::string(8, '\0'), std::string("\x30\x82\x01\x00", 4), std::string("\xEF\xBB\xBF{")}) {
    CHECK_FALSE(base::utf16_of(as_bytes(other)));
  }
}

TEST_CASE("UTF-16 is read as what it then is, and said to be UTF-16") {
  for (const char* path :
       {"certs/pki/root.pem", "certs/dumps/healthy.json", "certs/dumps/healthy-yaml.yaml"}) {
    const std::string text = read_source(path);
    const Collector plain = read("f", text);
    for (const std::string& octets :
         {"\xFF\xFE" + little(text), "\xFE\xFF" + big(text), little(text), big(text)}) {
      CAPTURE(path);
      const Collector found = read("f", octets);
      CHECK(found.certificates() == plain.certificates());
      REQUIRE(found.defects().size() == plain.defects().size() + 1);
      REQUIRE(found.loose.size() == 1);
      CHECK(found.loose[0].kind == DefectKind::unsupported_block);
      CHECK(found.loose[0].detail.find("UTF-16") != std::string::npos);
      CHECK_FALSE(found.lost());
    }
  }
  const std::string value = base::encode_base64(as_bytes(read_source("certs/input/healthy-single.der")));
  CHECK(read("f", "\xFF\xFE" + little(value + "\r\n")).certificates() == 1);
}

TEST_CASE("UTF-16 that is damaged is read up to there, and lost from there") {
  const std::string root = read_source("certs/pki/root.pem");
  const Collector found = read("f", little(root) + std::string("\x00\xDE", 2) + little(root));
  CHECK(found.certificates() == 1);
  REQUIRE(found.loose.size() == 2);
  CHECK(found.loose[1].lost);
  CHECK(found.loose[1].where.line == static_cast<std::uint32_t>(std::ranges::count(root, '\n')) + 1);
  CHECK(found.loose[1].detail.starts_with("damaged UTF-16"));
}
