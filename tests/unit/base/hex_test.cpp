#include "base/hex.hpp"

#include <doctest/doctest.h>

#include <string>

using meshcert::as_bytes;
using meshcert::as_text;
using namespace meshcert::base;

TEST_CASE("octets become lower-case pairs") {
  CHECK(to_hex({}).empty());
  CHECK(to_hex(as_bytes(std::string_view("\x00\x0f\xf0\xff", 4))) == "000ff0ff");
}

TEST_CASE("octets of any number and value become pairs, behind what is there") {
  std::string octets;
  std::string pairs = "x";
  for (int octet = 0; octet < 256; ++octet) {
    std::string text = "x";
    append_hex(text, as_bytes(octets));
    CHECK(text == pairs);
    octets += static_cast<char>(octet);
    for (const int digit : {octet / 16, octet % 16}) pairs += "0123456789abcdef"[digit];
  }
}

TEST_CASE("pairs of either case become octets") {
  CHECK(parse_hex("")->empty());
  CHECK(as_text(*parse_hex("000fF0Ff")) == std::string_view("\x00\x0f\xf0\xff", 4));
}

TEST_CASE("what is not pairs of digits is refused") {
  for (const auto* bad : {"0", "000", "0g", "g0", "0x", " 00 ", "00:11", "0\xff"}) {
    CAPTURE(bad);
    CHECK_FALSE(parse_hex(bad).has_value());
  }
  for (int c = 0; c < 256; ++c) {
    CAPTURE(c);
    const char text[] = {'0', static_cast<char>(c)};
    const bool is_digit = c < 128 && std::string_view("0123456789abcdefABCDEF").find(static_cast<char>(c)) !=
                                         std::string_view::npos;
    CHECK(parse_hex({text, 2}).has_value() == is_digit);
  }
}

TEST_CASE("decimal_to_hex") {
  CHECK(decimal_to_hex("") == "0");
  CHECK(decimal_to_hex("0") == "0");
  CHECK(decimal_to_hex("000") == "0");
  CHECK(decimal_to_hex("9") == "9");
  CHECK(decimal_to_hex("16") == "10");
  CHECK(decimal_to_hex("0255") == "ff");
  CHECK(decimal_to_hex("305554775863395697262503895661564044819") == "e5dfb59150b2ba7f108d93dcec5aa613");
  CHECK(decimal_to_hex("18446744073709551616") == "10000000000000000");
}
