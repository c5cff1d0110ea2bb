#include "x509/assess.hpp"

#include <doctest/doctest.h>

#include "tests/unit/x509/der_builder.hpp"

using namespace meshcert;
using namespace meshcert::testing;
using x509::assess;

namespace {

struct Row {
  const char* reason;  ///< null: strict
  Bytes octets;
};

Bytes with(std::string_view id, const Bytes& value) {
  return with_extension(extension(id, value)).build();
}

template <class Spoil>
Bytes spoilt(Spoil spoil) {
  Parts parts;
  spoil(parts);
  return parts.build();
}

const Bytes kDns = tlv(0x82, text("a.example"));
Bytes permitted(const Bytes& subtree) {
  return seq(tlv(0xa0, subtree));
}
Bytes policy(const Bytes& qualifiers, std::string_view id = "2a03") {
  return seq(oid(id), qualifiers);
}
const Bytes kCps = seq(oid("2b06010505070201"), tlv(0x16, text("http://cps")));
const Bytes kOtherQualifier = seq(oid("2a0304"), null());

void check(const std::vector<Row>& rows) {
  for (const Row& row : rows) {
    const auto verdict = assess(row.octets);
    const std::string expected = row.reason == nullptr ? "" : row.reason;
    CAPTURE(verdict.reason);
    CHECK(verdict.parsed);
    CHECK(verdict.reason == expected);
    CHECK(verdict.strict_der == expected.empty());
  }
}

}  // namespace

TEST_CASE("the frame and the fields") {
  const auto parts = Parts{};
  check({
      {nullptr, parts.build()},
      {"octets after the certificate", join(parts.build(), null())},
      {nullptr, spoilt([](Parts& p) { p.serial = integer("00"); })},
      {nullptr, spoilt([](Parts& p) { p.serial = integer("ff"); })},
      {"an INTEGER with a redundant leading octet at offset 13",
       spoilt([](Parts& p) { p.serial = integer("0001"); })},
      {nullptr, spoilt([](Parts& p) { p.outer_algorithm = seq(oid("2a0304")); })},
      {"a BER indefinite length", spoilt([](Parts& p) {
         p.inner_algorithm = p.outer_algorithm = seq(oid("2a03"), seq(indefinite(seq())));
       })},
  });
}

TEST_CASE("what decoding tolerates and a strict reader refuses, extension by extension") {
  const char* const kPolicies = "551d20";
  check({
      {nullptr, with("551d13", seq(hex("0101ff"), integer("00ff")))},
      {"basicConstraints has a path length above 255", with("551d13", seq(hex("0101ff"), integer("0100")))},
      {nullptr, with("551d13", seq(hex("010100")))},
      {"basicConstraints is malformed", with("551d13", seq(integer("ff")))},
      {nullptr, with("551d0f", bits("0106"))},
      {nullptr, with("551d0f", bits("0006"))},
      {"keyUsage has no bit set", with("551d0f", bits("00"))},
      {nullptr, with("551d1e", permitted(seq(kDns)))},
      {"nameConstraints has a minimum or a maximum", with("551d1e", permitted(seq(kDns, hex("800101"))))},
      {nullptr, with("551d1e", permitted(seq(tlv(0x87, hex("0a000000ff800000")))))},
      {"nameConstraints has an address mask with holes",
       with("551d1e", permitted(seq(tlv(0x87, hex("0a000000ff00ff00")))))},
      {"nameConstraints has an address mask with holes",
       with("551d1e", permitted(seq(tlv(0x87, hex("0a000000ffff01ff")))))},
      {nullptr, with("551d23", seq())},
      {nullptr, with("551d23", seq(tlv(0xa1, kDns), tlv(0x82, hex("05"))))},
      {"authorityKeyIdentifier has only one of issuer and serial", with("551d23", seq(tlv(0xa1, kDns)))},
      {"authorityKeyIdentifier has only one of issuer and serial", with("551d23", seq(tlv(0x82, hex("05"))))},
      {nullptr, with(kPolicies, seq(policy(seq(kOtherQualifier))))},
      {"certificatePolicies has one policy twice", with(kPolicies, seq(policy({}), policy({})))},
      {nullptr, with(kPolicies, seq(policy(seq(kCps), "551d2000")))},
      {"anyPolicy has a qualifier that it may not have",
       with(kPolicies, seq(policy(seq(kOtherQualifier), "551d2000")))},
      {nullptr, with("551d21", seq(seq(oid("2a03"), oid("2a04"))))},
      {"policyMappings is malformed", with("551d21", seq())},
      {"policyMappings is malformed", with("551d21", seq(seq(oid("2a03"))))},
      {nullptr, with("551d24", seq(tlv(0x80, hex("00")), tlv(0x81, hex("01"))))},
      {"policyConstraints is malformed", with("551d24", seq())},
      {"policyConstraints is malformed", with("551d24", seq(tlv(0x80, hex("0001"))))},
      {"policyConstraints is malformed", with("551d24", seq(tlv(0x80, hex("ff"))))},
      {"policyConstraints is malformed", with("551d24", seq(tlv(0x80, hex("0100"))))},
      {"policyConstraints is malformed", with("551d24", seq(tlv(0x82, hex("01"))))},
      {nullptr, with("551d36", integer("05"))},
      {"inhibitAnyPolicy is malformed", with("551d36", integer("ff"))},
      {"inhibitAnyPolicy is malformed", with("551d36", join(integer("05"), null()))},
      {"an INTEGER with a redundant leading octet", with("551d36", integer("0005"))},
      {nullptr, with("551d12", seq(kDns))},
      {"issuerAltName is malformed", with("551d12", seq())},
      {nullptr, with("2a0304", hex("ff"))},  // an unknown extension may hold anything
  });
}

TEST_CASE("an empty subject asks for a critical subjectAltName") {
  const auto build = [](const Bytes& subject, const Bytes& one) {
    Parts parts = with_extension(one);
    parts.subject = subject;
    return parts.build();
  };
  const auto san = seq(kDns);
  check({
      {nullptr, build(seq(), critical("551d11", san))},
      {nullptr, build(name(utf8("a")), extension("551d11", san))},
      {"the subject is empty and subjectAltName is not critical", build(seq(), extension("551d11", san))},
  });
}

TEST_CASE("a frame with nothing of a certificate in it is judged as DER alone") {
  struct Frame {
    Bytes octets;
    bool strict;
  };
  const Bytes part = seq(null());
  const Bytes signature = bits("00ac");
  const Frame rows[] = {
      {seq(part, part, signature), true},
      {seq(part, part), false},
      {seq(part, part, null()), false},
      {seq(null(), part, signature), false},
      {seq(part, null(), signature), false},
      {seq(part, part, signature, null()), false},
      {join(seq(part, part, signature), null()), false},
      {seq(part, seq(hex("058100")), signature), false},
      {seq(part, sha256_with_rsa(), signature), false},   // some other signed object
      {seq(seq(integer("01")), part, signature), false},  // a certificate, cut short
      {seq(), false},
      {{}, false},
  };
  for (const Frame& row : rows) {
    const auto verdict = assess(row.octets);
    CHECK_FALSE(verdict.parsed);
    CHECK(verdict.strict_der == row.strict);
    CHECK_FALSE(verdict.reason.empty());
  }
}
