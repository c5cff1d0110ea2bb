#include "base/ascii.hpp"

#include <doctest/doctest.h>

using namespace meshcert::base;

TEST_CASE("of 256 octets ASCII has 62 letters and digits, and 52 have another case") {
  std::string digits, letters, hex, others;
  int upper = 0, lower = 0;
  for (int octet = 0; octet < 256; ++octet) {
    const char c = static_cast<char>(octet);
    if (is_digit(c)) digits += c;
    if (is_letter(c)) letters += c;
    if (is_hex_digit(c)) hex += c;
    if (to_lower(c) != c || to_upper(c) != c) others += c;
    upper += is_upper(c) ? 1 : 0;
    lower += is_lower(c) ? 1 : 0;
    CHECK(is_alphanumeric(c) == (is_digit(c) || is_letter(c)));
    CHECK((hex_value(c) < 16) == is_hex_digit(c));
  }
  CHECK(digits == "0123456789");
  CHECK(letters == "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");
  CHECK(hex == "0123456789ABCDEFabcdef");
  CHECK(others == letters);
  CHECK(upper == 26);
  CHECK(lower == 26);
}

TEST_CASE("only letters of ASCII have a case") {
  CHECK(lowered("AZ az-09[@`{ \xC3\x84") == "az az-09[@`{ \xC3\x84");
  CHECK(uppered("AZ az-09[@`{ \xC3\xA4") == "AZ AZ-09[@`{ \xC3\xA4");
  CHECK(equal_without_case("Host", "hOST"));
  CHECK_FALSE(equal_without_case("Host", "Hosts"));
  CHECK_FALSE(equal_without_case("[", "{"));
  CHECK(hex_value('9') == 9);
  CHECK(hex_value('f') == 15);
  CHECK(hex_value('F') == 15);
  CHECK(hex_value('g') == 16);
  CHECK(are_digits(""));
  CHECK(are_digits("007"));
  CHECK_FALSE(are_digits("0x7"));
}
