#include "der/walk.hpp"

#include <doctest/doctest.h>

#include <string>

#include "tests/unit/x509/der_builder.hpp"

using namespace meshcert;
using meshcert::testing::Bytes;
using meshcert::testing::hex;
using meshcert::testing::seq;

TEST_CASE("find_fault finds what is not DER at any depth") {
  struct Row {
    const char* octets;
    bool is_der;
  };
  const Row rows[] = {
      {"", true},
      {"0500", true},
      {"3003020101", true},
      {"30053003020101", true},
      {"300430 02 0500 0500", true},
      {"a003020101", true},
      {"8001ff", true},    // an implicit tag says nothing of its contents
      {"040200ff", true},  // nor does an OCTET STRING
      {"3000", true},
      {"30053003020201", false},  // cut off
      {"30800000", false},
      {"30810100", false},
      {"3003010101", false},        // BOOLEAN
      {"3005 0203 000001", false},  // INTEGER
      {"0a020001", false},          // ENUMERATED
      {"050100", false},
      {"0600", false},
      {"03020101", false},    // padding bit set
      {"2403040161", false},  // constructed OCTET STRING
      {"2c030c0161", false},  // constructed UTF8String
      {"1000", false},        // primitive SEQUENCE
      {"0000", false},
      {"300401020304", false},
  };
  for (const Row& row : rows) {
    CAPTURE(std::string(row.octets));
    CHECK(der::find_fault(hex(row.octets)).has_value() == !row.is_der);
  }
}

TEST_CASE("find_fault gives up on deep nesting, without recursion") {
  Bytes nested = hex("0500");
  for (int depth = 0; depth < 60; ++depth) nested = seq(nested);
  CHECK_FALSE(der::find_fault(nested));
  for (int depth = 0; depth < 10; ++depth) nested = seq(nested);
  CHECK(der::find_fault(nested) == "elements nested too deeply");
}
