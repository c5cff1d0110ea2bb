#include "base/base64.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

using meshcert::as_bytes;
using meshcert::as_text;
using namespace meshcert::base;
using Reason = Base64Error::Reason;

namespace {

std::string decoded(std::string_view text) {
  const auto octets = decode_base64(text);
  INFO("decoding ", std::string(text));
  REQUIRE(octets.has_value());
  return std::string(as_text(*octets));
}

}  // namespace

TEST_CASE("the test vectors of RFC 4648 10 go both ways") {
  const std::vector<std::pair<std::string, std::string>> vectors = {
      {"", ""},
      {"f", "Zg=="},
      {"fo", "Zm8="},
      {"foo", "Zm9v"},
      {"foob", "Zm9vYg=="},
      {"fooba", "Zm9vYmE="},
      {"foobar", "Zm9vYmFy"},
  };
  for (const auto& [plain, encoded] : vectors) {
    CHECK(encode_base64(as_bytes(plain)) == encoded);
    CHECK(decoded(encoded) == plain);
  }
}

TEST_CASE("white space may stand anywhere") {
  for (const auto* text : {" Zm9v\r\nYmE=\n", "Z\tm 9\nv\fY\vmE=", "Zm9vYmE\n=", "Zm9v YmE= "})
    CHECK(decoded(text) == "fooba");
  CHECK(decoded("Zm9vYg=\n=\n") == "foob");
  CHECK(decoded(" \n\t").empty());
}

TEST_CASE("every refusal has its reason and its place") {
  struct Row {
    std::string_view bad;
    std::size_t offset;
    Reason reason;
    std::string_view good;  // the same without the defect
  };
  const std::vector<Row> rows = {
      {"Zm9vY*Fy", 5, Reason::not_in_alphabet, "Zm9vYmFy"},
      {"Zm9v.YmFy", 4, Reason::not_in_alphabet, "Zm9vYmFy"},
      {std::string_view("Zm9v\0mFy", 8), 4, Reason::not_in_alphabet, "Zm9vYmFy"},
      {"Zm9v\xC2\xA0YmFy", 4, Reason::not_in_alphabet, "Zm9v YmFy"},
      {"-m9v", 0, Reason::url_alphabet, "+m9v"},
      {"Zm9_", 3, Reason::url_alphabet, "Zm9/"},
      {"=", 0, Reason::misplaced_padding, ""},
      {"Zm9v=", 4, Reason::misplaced_padding, "Zm9v"},
      {"Z===", 1, Reason::misplaced_padding, "Zg=="},
      {"Zg=g", 3, Reason::misplaced_padding, "Zg=="},
      {"Zg===", 4, Reason::misplaced_padding, "Zg=="},
      {"Zm8==", 4, Reason::misplaced_padding, "Zm8="},
      {"Zg", 2, Reason::missing_padding, "Zg=="},
      {"Zm8\n", 4, Reason::missing_padding, "Zm8=\n"},
      {"Zg=", 3, Reason::missing_padding, "Zg=="},
      {"Zm9vY", 5, Reason::incomplete, "Zm9v"},
      {"Zh==", 1, Reason::nonzero_trailing_bits, "Zg=="},
      {"Zm9vZ h = =", 6, Reason::nonzero_trailing_bits, "Zm9vZ g = ="},
      {"Zm9=", 2, Reason::nonzero_trailing_bits, "Zm8="},
      {"Zm8=Zm8=", 4, Reason::data_after_padding, "Zm8="},
      {"Zg==\nx", 5, Reason::data_after_padding, "Zg==\n"},
  };
  for (const auto& row : rows) {
    CAPTURE(std::string(row.bad));
    const auto result = decode_base64(row.bad);
    REQUIRE_FALSE(result.has_value());
    CHECK(result.error().offset == row.offset);
    CHECK(describe(result.error().reason) == describe(row.reason));
    CHECK(decode_base64(row.good).has_value());
  }
}

TEST_CASE("of all octets only the alphabet, white space and last padding are taken") {
  const std::string_view taken =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/ \t\n\v\f\r";
  for (int value = 0; value < 256; ++value) {
    const char c = static_cast<char>(value);
    CAPTURE(value);
    for (std::size_t place = 0; place < 4; ++place) {
      std::string text = "AAAA";
      text[place] = c;
      const bool is_space = c == ' ' || (c >= '\t' && c <= '\r');
      if (is_space) text += 'A';
      const bool closes_the_group = c == '=' && place == 3;
      CHECK(decode_base64(text).has_value() == (closes_the_group || taken.find(c) != std::string_view::npos));
    }
  }
}

TEST_CASE("what is encoded decodes to itself, at every length and octet") {
  std::string octets;
  for (int i = 0; i < 600; ++i) {
    CHECK(decoded(encode_base64(as_bytes(octets))) == octets);
    octets += static_cast<char>(i * 7 + i / 256);
  }
}

TEST_CASE("appending keeps what is there, also on failure") {
  std::vector<std::uint8_t> out = {1, 2};
  CHECK_FALSE(append_base64("Zm9v", out).has_value());
  CHECK(out == std::vector<std::uint8_t>{1, 2, 'f', 'o', 'o'});
  CHECK(append_base64("Zm9vZm9vZ", out).has_value());
  CHECK(out.size() == 5);
}

// Whole blocks are decoded at once where the processor can.
TEST_CASE("a text of any length, broken into lines of any length, is what was encoded") {
  std::vector<std::uint8_t> octets;
  for (unsigned i = 0; i < 300; ++i) octets.push_back(static_cast<std::uint8_t>(i * 167 + i / 7));
  for (std::size_t size = 0; size <= octets.size(); ++size) {
    const meshcert::ByteView plain(octets.data(), size);
    const std::string text = encode_base64(plain);
    for (const std::size_t line : {text.size() + 1, std::size_t{76}, std::size_t{64}, std::size_t{5}}) {
      std::string lines;
      for (std::size_t i = 0; i < text.size(); ++i)
        lines += i % line == line - 1 ? text.substr(i, 1) + "\n" : text.substr(i, 1);
      CAPTURE(size);
      CAPTURE(line);
      REQUIRE(decoded(lines) == as_text(plain));
    }
  }
}

TEST_CASE("every octet that is none of the alphabet is found wherever it stands") {
  const std::string text = encode_base64(std::vector<std::uint8_t>(90, 0xA5));
  for (std::size_t at = 0; at < text.size(); ++at) {
    for (int octet = 0; octet < 256; ++octet) {
      std::string changed = text;
      changed[at] = static_cast<char>(octet);
      const char c = changed[at];
      const bool known =
          (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '+' || c == '/';
      const auto read = decode_base64(changed);
      CAPTURE(at);
      CAPTURE(octet);
      if (known) REQUIRE(read.has_value());
      const bool white = c == ' ' || (c >= '\t' && c <= '\r');
      if (known || white || c == '=') continue;
      REQUIRE_FALSE(read.has_value());
      REQUIRE(read.error().offset == at);
    }
  }
}
