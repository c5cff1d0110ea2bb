#include <doctest/doctest.h>

#include "tests/unit/x509/der_builder.hpp"

using namespace meshcert;
using namespace meshcert::testing;

namespace {

Decoded with_san(const Bytes& value) {
  return Decoded{with_extension(extension("551d11", value))};
}

}  // namespace

TEST_CASE("general names of every type, with their words and values") {
  struct Row {
    Bytes element;
    const char* type;
    const char* value;
  };
  const Row rows[] = {
      {tlv(0xa0, join(oid("2a03"), tlv(0xa0, utf8("x")))), "otherName", "1.2.3;#0c0178"},
      {tlv(0x81, text("a@b.c")), "email", "a@b.c"},
      {tlv(0x82, text("*.example.com")), "DNS", "*.example.com"},
      {tlv(0xa3, seq()), "x400Address", "#3000"},
      {tlv(0xa4, name(utf8("dir"))), "dirName", "CN=dir"},
      {tlv(0xa5, null()), "ediPartyName", "#0500"},
      {tlv(0x86, text("spiffe://td/w")), "URI", "spiffe://td/w"},
      {tlv(0x87, hex("c0000201")), "IP", "192.0.2.1"},
      {tlv(0x87, hex("20010db8000000000000000000000001")), "IP", "2001:db8::1"},
      {tlv(0x88, hex("2a0304")), "registeredID", "1.2.3.4"},
  };
  for (const Row& row : rows) {
    CAPTURE(std::string(row.value));
    const auto certificate = with_san(seq(row.element));
    REQUIRE(certificate);
    CHECK(certificate->defects.none());
    const auto& san = certificate->extensions.subject_alt_name;
    REQUIRE(san);
    REQUIRE(san->count == 1);
    CHECK(type_name(san->names.begin()->type) == row.type);
    CHECK(to_string(*san->names.begin()) == row.value);
    CHECK(++san->names.begin() == san->names.end());
  }
}

TEST_CASE("IPv6 addresses by RFC 5952") {
  const std::pair<const char*, const char*> rows[] = {
      {"00000000000000000000000000000000", "::"},
      {"00000000000000000000000000000001", "::1"},
      {"20010db8000000000000000000000000", "2001:db8::"},
      {"20010db8000000010001000100010001", "2001:db8:0:1:1:1:1:1"},  // one zero group is not shortened
      {"20010000000000010000000000000001", "2001:0:0:1::1"},         // the longest run
      {"20010db8000000000001000000000001", "2001:db8::1:0:0:1"},     // the first of equals
      {"20010db8aaaabbbbccccddddeeee000a", "2001:db8:aaaa:bbbb:cccc:dddd:eeee:a"},
      {"00000000000000000000ffffc0000201", "::ffff:c000:201"},
      {"00010000000000000000000000000000", "1::"},
  };
  for (const auto& [octets, expected] : rows) {
    const Bytes address = hex(octets);
    CHECK(to_string(GeneralName{GeneralName::Type::ip, address}) == expected);
  }
}

TEST_CASE("addresses of constraints carry their mask; other lengths are shown as they are") {
  const auto shown = [](const char* octets) {
    const Bytes address = hex(octets);
    return to_string(GeneralName{GeneralName::Type::ip, address});
  };
  CHECK(shown("0a000000ff000000") == "10.0.0.0/255.0.0.0");
  CHECK(shown("20010db8000000000000000000000000ffffffff000000000000000000000000") ==
        "2001:db8::/ffff:ffff::");
  CHECK(shown("0a0000") == "#0a0000");
  CHECK(shown("") == "#");
}

TEST_CASE("SubjectAltName counts while decoding, and keeps NUL octets") {
  const auto nul = std::string("a\0.example", 10);
  const auto certificate =
      with_san(seq(tlv(0x82, text(nul)), tlv(0x86, text("http://x")), tlv(0x86, text("SPIFFE://td/w"))));
  REQUIRE(certificate);
  const auto& san = *certificate->extensions.subject_alt_name;
  CHECK(san.count == 3);
  CHECK(san.uri_count == 2);
  CHECK(san.first_uri == "http://x");
  CHECK(san.has_spiffe_uri);
  CHECK(to_string(*san.names.begin()) == nul);
  CHECK_FALSE(with_san(seq(tlv(0x86, text("spiff:e"))))->extensions.subject_alt_name->has_spiffe_uri);
}

TEST_CASE("malformed general names make the extension malformed, not the certificate") {
  const Bytes rows[] = {
      null(),                                   // no SEQUENCE
      seq(null()),                              // no GeneralName
      seq(tlv(0x89, text("x"))),                // no such type
      seq(tlv(0xa2, text("x"))),                // constructed dNSName
      seq(tlv(0x84, name(utf8("x")))),          // primitive directoryName
      seq(tlv(0xa4, null())),                   // no Name inside
      seq(tlv(0x87, hex("c00002"))),            // three octets of address
      seq(tlv(0x87, hex("c0000201ffffffff"))),  // a mask has no place here
      seq(tlv(0x87, {})),
      seq(tlv(0xa0, oid("2a03"))),           // otherName without value
      seq(tlv(0xa0, tlv(0xa0, utf8("x")))),  // and without type
      seq(tlv(0x88, hex("80"))),             // no OBJECT IDENTIFIER
      seq(hex("8205"), text("x")),           // length past the end
  };
  REQUIRE(with_san(seq(tlv(0x82, text("x"))))->extensions.subject_alt_name);
  for (const Bytes& value : rows) {
    const auto certificate = with_san(value);
    REQUIRE(certificate);
    CHECK(certificate->extensions.subject_alt_name.malformed());
    CHECK(malformed_extensions(certificate->extensions) == std::vector<std::string_view>{"subjectAltName"});
    CHECK(uri_names(*certificate).empty());
  }
}
