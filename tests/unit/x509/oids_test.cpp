#include "x509/oids.hpp"

#include <doctest/doctest.h>

#include "tests/unit/x509/der_builder.hpp"

using namespace meshcert;
using namespace meshcert::testing;

TEST_CASE("to_dotted") {
  const std::pair<const char*, const char*> rows[] = {
      {"551d11", "2.5.29.17"},
      {"2a864886f70d01010b", "1.2.840.113549.1.1.11"},
      {"00", "0.0"},
      {"27", "0.39"},
      {"28", "1.0"},
      {"4f", "1.39"},
      {"50", "2.0"},
      {"8837", "2.999"},
      {"883703", "2.999.3"},
      {"2a8fffffff7f", "1.2.4294967295"},
      {"2a81ffffffffffffffff7f", "1.2.18446744073709551615"},
      {"2a82808080808080808000", "1.2.18446744073709551616"},
      {"", "#"},
      {"80", "#80"},
      {"2a80", "#2a80"},
      {"2a8001", "#2a8001"},
  };
  for (const auto& [octets, dotted] : rows) {
    CHECK(to_dotted(hex(octets)) == dotted);
  }
}

TEST_CASE("to_dotted renders arcs of 128 bits, and those without end as hex") {
  // 2.25 and a UUID of all ones: 2^128 - 1.
  Bytes uuid = hex("6983");
  uuid.insert(uuid.end(), 17, 0xff);
  uuid.push_back(0x7f);
  CHECK(to_dotted(uuid) == "2.25.340282366920938463463374607431768211455");
  Bytes endless = hex("2a");
  endless.insert(endless.end(), 100'000, 0x81);
  endless.push_back(0x01);
  CHECK(to_dotted(endless).starts_with("#2a8181"));
}

TEST_CASE("an Oid is its contents octets") {
  constexpr x509::Oid kTest{"2.999.840.113549"};
  CHECK(kTest == hex("8837864886f70d"));
  CHECK_FALSE(kTest == hex("8837864886f70e"));
  CHECK_FALSE(kTest == hex("8837"));
  CHECK(x509::kServerAuth == hex("2b06010505070301"));
}
