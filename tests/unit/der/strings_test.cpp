#include "der/strings.hpp"

#include <doctest/doctest.h>

#include "tests/unit/x509/der_builder.hpp"

using namespace meshcert;
using namespace meshcert::der;
using meshcert::testing::hex;

TEST_CASE("strings keep to their alphabets, and become UTF-8") {
  struct Row {
    Tag type;
    const char* octets;
    bool fits;
    std::optional<std::string> utf8;
  };
  const Row rows[] = {
      {kPrintableString, "4162 3f", true, "Ab?"},
      {kPrintableString, "2a2e61", true, "*.a"},  // "*": a deviation, on purpose
      {kPrintableString, "6140", false, "a@"},
      {kPrintableString, "00", false, std::string(1, '\0')},
      {kPrintableString, "c3a9", false, "\xc3\xa9"},
      {kPrintableString, "e9", false, {}},
      {kIa5String, "617f00", true, std::string("a\x7f\0", 3)},
      {kIa5String, "80", false, {}},
      {kNumericString, "31 20", true, "1 "},
      {kNumericString, "61", false, "a"},
      {kVisibleString, "61207e", true, "a ~"},
      {kVisibleString, "0a", false, "\n"},
      {kUtf8String, "c3a9", true, "\xc3\xa9"},
      {kUtf8String, "f09f9880", true, "\xf0\x9f\x98\x80"},
      {kUtf8String, "c080", false, {}},      // overlong NUL
      {kUtf8String, "eda080", false, {}},    // surrogate
      {kUtf8String, "f4908080", false, {}},  // above U+10FFFF
      {kUtf8String, "", true, ""},
      {kTeletexString, "e9", true, "\xc3\xa9"},  // Latin-1
      {kBmpString, "00e9 20ac", true, "\xc3\xa9\xe2\x82\xac"},
      {kBmpString, "d83dde00", false, "\xf0\x9f\x98\x80"},  // UTF-16, not UCS-2, and still text
      {kBmpString, "d83d", false, {}},
      {kBmpString, "d83d0041", false, {}},
      {kBmpString, "de00", false, {}},
      {kBmpString, "004100", false, {}},
      {kUniversalString, "0001f600", true, "\xf0\x9f\x98\x80"},
      {kUniversalString, "00110000", false, {}},
      {kUniversalString, "0000d800", false, {}},
      {kUniversalString, "000041", false, {}},
      {kOctetString, "ff", true, {}},
  };
  for (const Row& row : rows) {
    CAPTURE(row.type);
    CAPTURE(std::string(row.octets));
    const auto octets = hex(row.octets);
    CHECK(fits_alphabet(row.type, octets) == row.fits);
    CHECK(to_utf8(row.type, octets) == row.utf8);
  }
}

TEST_CASE("the alphabet of PrintableString, octet by octet") {
  const std::string alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789 '()*+,-./:=?";
  for (unsigned c = 0; c < 256; ++c) {
    const auto octet = static_cast<std::uint8_t>(c);
    const bool expected = alphabet.find(static_cast<char>(octet)) != std::string::npos;
    CAPTURE(c);
    CHECK(fits_alphabet(kPrintableString, ByteView(&octet, 1)) == expected);
  }
}
