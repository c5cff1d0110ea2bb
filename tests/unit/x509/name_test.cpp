#include "meshcert/name.hpp"

#include <doctest/doctest.h>

#include "tests/unit/x509/der_builder.hpp"

using namespace meshcert;
using namespace meshcert::testing;

namespace {

Decoded with_subject(const Bytes& subject) {
  Parts parts;
  parts.subject = subject;
  return Decoded{parts};
}

std::string rendered(const Bytes& subject) {
  const auto certificate = with_subject(subject);
  return certificate ? to_rfc4514(certificate->subject) : "unreadable";
}

}  // namespace

TEST_CASE("names: order, multi-valued RDNs, empty values, empty names") {
  const auto o = attribute(kO, utf8("Istio"));
  const auto cn = attribute(kCn, utf8("Root CA"));
  CHECK(rendered(seq(set(o), set(cn))) == "CN=Root CA,O=Istio");
  CHECK(rendered(seq(set(cn, o))) == "CN=Root CA+O=Istio");
  CHECK(rendered(seq(set(attribute("550406", printable("US"))), set(cn, o))) == "CN=Root CA+O=Istio,C=US");
  CHECK(rendered(name(utf8(""), kO)) == "O=");
  CHECK(rendered(seq()) == "");
  CHECK(with_subject(seq())->subject.empty());
  CHECK_FALSE(with_subject(name(utf8("")))->subject.empty());
}

TEST_CASE("attribute types by their short names, others by number") {
  const std::pair<const char*, const char*> rows[] = {
      {"550403", "CN"},
      {"550407", "L"},
      {"550408", "ST"},
      {"55040a", "O"},
      {"55040b", "OU"},
      {"550406", "C"},
      {"550409", "STREET"},
      {"0992268993f22c640119", "DC"},
      {"0992268993f22c640101", "UID"},
      {"550405", "serialNumber"},
      {"2a864886f70d010901", "emailAddress"},
      {"55040c", "title"},
      {"55042a", "GN"},
      {"550404", "SN"},
      {"550411", "postalCode"},
      {"55042e", "dnQualifier"},
      {"550441", "pseudonym"},
      {"550461", "organizationIdentifier"},
      {"2b0601040182373c020103", "jurisdictionC"},
  };
  for (const auto& [type, short_name] : rows)
    CHECK(rendered(name(utf8("x"), type)) == std::string(short_name) + "=x");
  CHECK(rendered(name(utf8("x"), "2a0304")) == "1.2.3.4=#0c0178");
  CHECK(rendered(name(null())) == "CN=#0500");
}

TEST_CASE("values of all string types") {
  struct Row {
    unsigned tag;
    const char* octets;
    const char* text;
  };
  const Row rows[] = {
      {0x0c, "c3a9", "\xc3\xa9"},
      {0x13, "6162", "ab"},
      {0x16, "6162", "ab"},
      {0x12, "3132", "12"},
      {0x1a, "6162", "ab"},
      {0x14, "e9", "\xc3\xa9"},
      {0x1e, "00e9", "\xc3\xa9"},
      {0x1e, "d83dde00", "\xf0\x9f\x98\x80"},
      {0x1c, "0001f600", "\xf0\x9f\x98\x80"},
      {0x0c, "61ff62", "a\\ffb"},
      {0x1e, "006100", "\\00a\\00"},
      {0x16, "ff", "\\ff"},
  };
  for (const Row& row : rows) {
    CAPTURE(std::string(row.octets));
    CHECK(rendered(name(tlv(row.tag, hex(row.octets)))) == std::string("CN=") + row.text);
  }
}

TEST_CASE("RFC 4514 escapes") {
  const std::pair<std::string, const char*> rows[] = {
      {"a,b", "a\\,b"},   {"a+b", "a\\+b"},         {"a\"b", "a\\\"b"},
      {"a\\b", "a\\\\b"}, {"a<b>c", "a\\<b\\>c"},   {"a;b", "a\\;b"},
      {"a=b", "a\\=b"},   {"#a", "\\#a"},           {"a#", "a#"},
      {" a", "\\ a"},     {"a ", "a\\ "},           {" ", "\\ "},
      {"a b", "a b"},     {"\x1b[31m", "\\1b[31m"}, {std::string("a\0b", 3), "a\\00b"},
      {"a\nb", "a\\0ab"}, {"a\x7f", "a\\7f"},       {"#", "\\#"},
      {"  ", "\\ \\ "},
  };
  for (const auto& [value, escaped] : rows)
    CHECK(rendered(name(utf8(value))) == std::string("CN=") + escaped);
}

TEST_CASE("attribute_values lists one type in order, in UTF-8") {
  const auto certificate =
      with_subject(seq(set(attribute(kO, utf8("one"))), set(attribute(kCn, utf8("cn"))),
                       set(attribute(kO, tlv(0x14, hex("e9")))), set(attribute(kO, tlv(0x0c, hex("ff"))))));
  REQUIRE(certificate);
  const auto values = attribute_values(certificate->subject, AttributeType::organization);
  CHECK(values == std::vector<std::string>{"one", "\xc3\xa9", "\xff"});
  CHECK(attribute_values(certificate->subject, AttributeType::common_name) == std::vector<std::string>{"cn"});
  CHECK(attribute_values(certificate->issuer, AttributeType::organization).empty());
}

TEST_CASE("what is no name") {
  const Bytes rows[] = {set(),
                        seq(seq()),
                        seq(set(null())),
                        seq(set(seq(null(), utf8("a")))),
                        seq(set(seq(oid(kCn)))),
                        seq(set(seq(hex("0600"), utf8("a")))),
                        seq(set(seq(oid(kCn), hex("0c05"))))};
  for (const Bytes& subject : rows) CHECK_FALSE(with_subject(subject));
  const Bytes nearly[] = {seq(),
                          seq(set()),
                          seq(set(seq(oid(kCn), null()))),
                          seq(set(seq(oid(kCn), utf8("a")))),
                          seq(set(seq(hex("060155"), utf8("a")))),
                          seq(set(seq(oid(kCn), hex("0c00"))))};
  for (const Bytes& subject : nearly) CHECK(with_subject(subject));
}
