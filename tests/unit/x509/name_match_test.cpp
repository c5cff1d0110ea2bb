// Names compare by RFC 5280 7.1, not by octets.
#include "x509/name_match.hpp"

#include <doctest/doctest.h>

#include "tests/unit/x509/der_builder.hpp"

using namespace meshcert;
using namespace meshcert::testing;

namespace {

/// The contents of a Name, as DistinguishedName views it.
Bytes rdns(const Bytes& whole) {
  return {whole.begin() + 2, whole.end()};
}

bool same(const Bytes& a, const Bytes& b) {
  const Bytes left = rdns(a), right = rdns(b);
  return x509::same_name({left}, {right});
}

}  // namespace

TEST_CASE("names that differ in string type, case and space only are the same") {
  const Bytes plain = name(printable("Test CA"));
  CHECK(same(plain, plain));
  CHECK(same(plain, name(utf8("Test CA"))));
  CHECK(same(plain, name(printable("test ca"))));
  CHECK(same(plain, name(printable("  Test   CA "))));
  CHECK(same(plain, name(tlv(0x1e, hex("0054006500730074002000430041")))));
  CHECK(same(seq(set(attribute(kCn, utf8("a")), attribute(kO, utf8("b")))),
             seq(set(attribute(kO, utf8("B")), attribute(kCn, utf8("A"))))));
  CHECK(same(seq(), seq()));
}

TEST_CASE("names that differ in anything else are not") {
  const Bytes plain = name(printable("Test CA"));
  CHECK_FALSE(same(plain, name(printable("TestCA"))));
  CHECK_FALSE(same(plain, name(printable("Test CA"), kO)));
  CHECK_FALSE(same(plain, name(utf8(std::string_view("Test CA\0", 8)))));
  CHECK_FALSE(same(plain, name(octets(text("Test CA")))));
  CHECK_FALSE(same(name(octets(text("a"))), name(octets(text("A")))));
  CHECK_FALSE(same(name(utf8("\xc3\xa4")), name(utf8("\xc3\x84"))));
  CHECK_FALSE(same(plain, seq()));
  const Bytes a = attribute(kCn, utf8("a")), b = attribute(kO, utf8("b"));
  CHECK_FALSE(same(seq(set(a), set(b)), seq(set(b), set(a))));
  CHECK_FALSE(same(seq(set(a, b)), seq(set(a), set(b))));
}

TEST_CASE("the canonical form of a name and an RDN run together") {
  const Bytes a = attribute(kCn, utf8("A")), b = attribute(kO, utf8("b"));
  const Bytes first = rdns(seq(set(a))), both = rdns(seq(set(a), set(b)));
  CHECK(x509::canonical_name({first}) + x509::canonical_rdn(b) == x509::canonical_name({both}));
}

TEST_CASE("where two names of one meaning differ is shown") {
  const Bytes a = rdns(seq(set(attribute(kCn, utf8("A"))), set(attribute(kO, utf8("b")))));
  const Bytes b = rdns(seq(set(attribute(kCn, utf8("A"))), set(attribute(kO, utf8("B")))));
  const auto [left, right] = x509::first_difference({a}, {b});
  CHECK(left == "O as UTF8String \"b\"");
  CHECK(right == "O as UTF8String \"B\"");
}
