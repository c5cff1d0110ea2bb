#include <doctest/doctest.h>

#include "tests/unit/x509/der_builder.hpp"

using namespace meshcert;
using namespace meshcert::testing;

namespace {

constexpr unsigned kUtc = 0x17, kGeneralized = 0x18;

Decoded with_not_after(unsigned tag, std::string_view time) {
  Parts parts;
  parts.validity = seq(tlv(kUtc, text("500101000000Z")), tlv(tag, text(time)));
  return Decoded{parts};
}

}  // namespace

TEST_CASE("times in the form of RFC 5280") {
  struct Row {
    unsigned tag;
    const char* time;
    const char* rfc3339;
  };
  const Row rows[] = {
      {kUtc, "500101000000Z", "1950-01-01T00:00:00Z"},
      {kUtc, "991231235959Z", "1999-12-31T23:59:59Z"},
      {kUtc, "000101000000Z", "2000-01-01T00:00:00Z"},
      {kUtc, "491231235959Z", "2049-12-31T23:59:59Z"},
      {kUtc, "240229120000Z", "2024-02-29T12:00:00Z"},
      {kGeneralized, "00000101000000Z", "0000-01-01T00:00:00Z"},
      {kGeneralized, "00010101000000Z", "0001-01-01T00:00:00Z"},
      {kGeneralized, "20240101000000Z", "2024-01-01T00:00:00Z"},
      {kGeneralized, "20500101000000Z", "2050-01-01T00:00:00Z"},
      {kGeneralized, "20000229000000Z", "2000-02-29T00:00:00Z"},
      {kGeneralized, "99991231235959Z", "9999-12-31T23:59:59Z"},
  };
  for (const Row& row : rows) {
    CAPTURE(std::string(row.time));
    const auto certificate = with_not_after(row.tag, row.time);
    REQUIRE(certificate);
    CHECK(to_rfc3339(certificate->not_after) == row.rfc3339);
    CHECK(certificate->defects.none());
  }
}

TEST_CASE("times that OpenSSL reads are read and noted") {
  struct Row {
    unsigned tag;
    const char* time;
    const char* rfc3339;
  };
  const Row rows[] = {
      {kUtc, "2401010000Z", "2024-01-01T00:00:00Z"},
      {kUtc, "240101000000+0100", "2023-12-31T23:00:00Z"},
      {kUtc, "240101000000-0130", "2024-01-01T01:30:00Z"},
      {kUtc, "2401010000+0000", "2024-01-01T00:00:00Z"},
      {kGeneralized, "20240101000000.5Z", "2024-01-01T00:00:00Z"},
      {kGeneralized, "20240101000000.123456789Z", "2024-01-01T00:00:00Z"},
      {kGeneralized, "202401010000Z", "2024-01-01T00:00:00Z"},
      {kGeneralized, "20240101000000-0800", "2024-01-01T08:00:00Z"},
  };
  for (const Row& row : rows) {
    CAPTURE(std::string(row.time));
    const auto certificate = with_not_after(row.tag, row.time);
    REQUIRE(certificate);
    CHECK(to_rfc3339(certificate->not_after) == row.rfc3339);
    CHECK(certificate->defects.list() == std::vector{DerDefect::time_not_canonical});
  }
}

TEST_CASE("times that are none") {
  const std::pair<unsigned, const char*> rows[] = {
      {kUtc, ""},
      {kUtc, "Z"},
      {kUtc, "240101000000"},
      {kUtc, "240101000000z"},
      {kUtc, "240101000000ZZ"},
      {kUtc, "241301000000Z"},
      {kUtc, "240001000000Z"},
      {kUtc, "240100000000Z"},
      {kUtc, "240132000000Z"},
      {kUtc, "230229000000Z"},
      {kUtc, "240431000000Z"},
      {kUtc, "240101240000Z"},
      {kUtc, "240101006000Z"},
      {kUtc, "240101000060Z"},
      {kUtc, "2401010000000Z"},
      {kUtc, "24010100000 Z"},
      {kUtc, "+40101000000Z"},
      {kUtc, "240101000000+"},
      {kUtc, "240101000000+01"},
      {kUtc, "240101000000+0160"},
      {kUtc, "240101000000+1300"},
      {kUtc, "240101000000.5Z"},
      {kUtc, "20240101000000Z"},
      {kGeneralized, "240101000000Z"},
      {kGeneralized, "19000229000000Z"},
      {kGeneralized, "20240101000000.Z"},
      {kGeneralized, "20240101000000"},
      {kGeneralized, "20240101000060Z"},
      {kGeneralized, "100000101000000Z"},
      {kGeneralized, "99991231235959-0100"},
      {kGeneralized, "00000101000000+0100"},
      {0x0c, "240101000000Z"},
  };
  REQUIRE(with_not_after(kUtc, "240101000000Z"));
  for (const auto& row : rows) {
    CAPTURE(std::string(row.second));
    CHECK_FALSE(with_not_after(row.first, row.second));
  }
}
