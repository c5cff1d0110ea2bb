// What Go's crypto/x509 refuses to parse. The verdicts are those of
// x509.ParseCertificate of Go 1.26 on certificates with these names.
#include "x509/go_reading.hpp"

#include <doctest/doctest.h>

#include "tests/unit/x509/der_builder.hpp"

using namespace meshcert;
using namespace meshcert::testing;

namespace {

std::string refusal(const Parts& parts) {
  const Bytes der = parts.build();
  const auto certificate = Certificate::decode(der);
  REQUIRE(certificate.has_value());
  return x509::find_go_refusal(*certificate).reason;
}

std::string refusal_of_name(unsigned tag, std::string_view value) {
  Parts parts;
  parts.subject = name(tlv(tag, text(value)));
  return refusal(parts);
}

std::string refusal_of_san(unsigned tag, std::string_view value) {
  return refusal(with_extension(extension("551d11", seq(tlv(tag, text(value))))));
}

TEST_CASE("Go reads six string types, each in its alphabet") {
  using namespace std::string_view_literals;
  CHECK(refusal_of_name(0x0c, "Z\u00fcrich") == "");
  CHECK(refusal_of_name(0x13, "*.a (b), c+d-e./f:=?'&") == "");
  CHECK(refusal_of_name(0x14, "caf\xe9") == "");
  CHECK(refusal_of_name(0x16, "a@b") == "");
  CHECK(refusal_of_name(0x12, "12 3") == "");
  CHECK(refusal_of_name(0x1e, "\0a\0b\0\0"sv) == "");

  CHECK(refusal_of_name(0x0c, "a\xe4") == "the subject's name holds a UTF8String that is not UTF-8");
  CHECK(refusal_of_name(0x13, "a@b") != "");
  CHECK(refusal_of_name(0x13, "a_b") != "");
  CHECK(refusal_of_name(0x16, "\xe4") != "");
  CHECK(refusal_of_name(0x12, "1a") != "");
  CHECK(refusal_of_name(0x1e, "\0a\0"sv) != "");
  CHECK(refusal_of_name(0x1e, "\xd8\0\xdc\0"sv) != "");
  CHECK(refusal_of_name(0x1e, "\xff\xfe"sv) != "");
  CHECK(refusal_of_name(0x1c, "\0\0\0a"sv) != "");
  CHECK(refusal_of_name(0x1a, "a") != "");
  CHECK(refusal_of_name(0x02, "\5") != "");
}

TEST_CASE("names in subjectAltName are ASCII") {
  CHECK(refusal_of_san(0x82, "xn--mnchen-3ya.example") == "");
  CHECK(refusal_of_san(0x81, "a@b") == "");
  CHECK(refusal_of_san(0x82, "m\u00fcnchen.example") != "");
  CHECK(refusal_of_san(0x81, "\u00fc@b") != "");
  CHECK(refusal_of_san(0x86, "spiffe://td/\u00fc") != "");
  // Of a directory name Go looks at nothing.
  CHECK(refusal(with_extension(extension("551d11", seq(tlv(0xa4, name(tlv(0x1c, text("abc")))))))) == "");
}

TEST_CASE("URIs as net/url reads them") {
  for (const char* uri : {"spiffe://cluster.local/ns/a/sa/b", "spiffe://a_b/c", "spiffe://td:8080/x",
                          "spiffe://u@td/x", "spiffe:td", "urn:uuid:%zz", "https://x/%20?%zz", "a/b:c", "",
                          "*", "//x/y", "///..", "http://a<b>/", "spiffe://a:b:80/"}) {
    CAPTURE(uri);
    CHECK(x509::find_go_uri_fault(uri) == "");
  }
  for (const char* uri :
       {"spiffe://cluster.local./ns/a/sa/b", "spiffe://a..b/c", "spiffe://./c", "spiffe://.a/c",
        "http://a b/", "http://x:y/", "http://a:b:80/", "%zz", "http://x/%zz", "http://x/#%", "http://%41/",
        "http://x/\x01", "://x", "a:/%", "1a:b", "http://u ser@x/", "http://x^/"}) {
    CAPTURE(uri);
    CHECK(x509::find_go_uri_fault(uri) != "");
  }
}

TEST_CASE("what RFC 5280 does not allow to be critical, and an RSA key without its NULL") {
  const Bytes key_id = seq(tlv(0x80, hex("01")));
  CHECK(refusal(with_extension(extension("551d23", key_id))) == "");
  CHECK(refusal(with_extension(critical("551d23", key_id))) != "");
  CHECK(refusal(with_extension(extension("551d0e", octets(hex("01"))))) == "");
  CHECK(refusal(with_extension(critical("551d0e", octets(hex("01"))))) != "");

  Parts parts;
  CHECK(refusal(parts) == "");
  Bytes key = seq(seq(oid("2a864886f70d010101")), bits("00300a0205"
                                                       "00c5c5c5c5"
                                                       "020103"));
  parts.key = key;
  CHECK(refusal(parts) == "the RSA key has no parameters, where a NULL belongs");
}

}  // namespace
