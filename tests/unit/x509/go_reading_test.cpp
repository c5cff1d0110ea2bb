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

TEST_CASE("a path length fits into 63 bits") {
  const auto length = [](std::string_view number, bool ca) {
    const Bytes flag = ca ? hex("0101ff") : Bytes();
    return refusal(with_extension(extension("551d13", seq(flag, integer(number)))));
  };
  for (const bool ca : {false, true}) {
    CHECK(length("00", ca) == "");
    CHECK(length("0100000000", ca) == "");
    CHECK(length("7fffffffffffffff", ca) == "");
    CHECK(length("008000000000000000", ca) == "basicConstraints has a path length of 2^63 or more");
    CHECK(length("400000000000000000", ca) == "basicConstraints has a path length of 2^63 or more");
  }
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
  for (const char* uri : {"spiffe://cluster.local/ns/a/sa/b",
                          "spiffe://a_b/c",
                          "spiffe://td:8080/x",
                          "spiffe://u@td/x",
                          "spiffe:td",
                          "urn:uuid:%zz",
                          "https://x/%20?%zz",
                          "a/b:c",
                          "",
                          "*",
                          "//x/y",
                          "///..",
                          "http://a<b>/",
                          "spiffe://a:b:80/",
                          "spiffe://[::1]/x",
                          "spiffe://[::1]:80/x",
                          "spiffe://a]/x",
                          "spiffe://[::ffff:1.2.3.4]/x",
                          "spiffe://u@[::1]/",
                          "spiffe://[fe80::1%25en0]/x",
                          "spiffe://[fe80::1%25a.]/",
                          "spiffe://[fe80::1%25%41]/",
                          "HTTP://a:1/",
                          "spiffe://a@b]/"}) {
    CAPTURE(uri);
    CHECK(x509::find_go_uri_fault(uri) == "");
  }
  for (const char* uri : {"spiffe://cluster.local./ns/a/sa/b",
                          "spiffe://a..b/c",
                          "spiffe://./c",
                          "spiffe://.a/c",
                          "http://a b/",
                          "http://x:y/",
                          "http://a:b:80/",
                          "%zz",
                          "http://x/%zz",
                          "http://x/#%",
                          "http://%41/",
                          "http://x/\x01",
                          "://x",
                          "a:/%",
                          "1a:b",
                          "http://u ser@x/",
                          "http://x^/",
                          "spiffe://[::1]:a/x",
                          "spiffe://[cluster.local]/x",
                          "spiffe://a[b]/x",
                          "spiffe://[1.2.3.4]/x",
                          "spiffe://[1.2.3.4::]/x",
                          "spiffe://[::1/x",
                          "spiffe://[::1]]/x",
                          "spiffe://[]/x",
                          "spiffe://[::%31]/",
                          "spiffe://[fe80::1%25]/x",
                          "spiffe://[fe80::1%en0]/x",
                          "spiffe://[fe80::1%25a..b]/",
                          "spiffe://[fe80::1%25a%20b]/",
                          "HTTP://a:1:80/"}) {
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

std::string refusal_of_constraint(unsigned tag, const Bytes& value) {
  const Bytes permitted = tlv(0xa0, seq(tlv(tag, value)));
  return refusal(with_extension(critical("551d1e", seq(permitted))));
}

TEST_CASE("name constraints as Go reads them") {
  constexpr unsigned kMail = 0x81, kDns = 0x82, kUri = 0x86, kIp = 0x87;
  for (const char* name : {"", ".a.b", "*.a", "a_b", "a/b", "1.2.3.4"})
    CHECK(refusal_of_constraint(kDns, text(name)) == "");
  for (const char* name : {".", "..", "a..b", "a.", ".a..b", "..a", "a b", "\u00e9", "a\x01", "a\x7f"}) {
    CAPTURE(name);
    CHECK(refusal_of_constraint(kDns, text(name)) != "");
  }
  for (const char* name :
       {"", "a@b", "a@", "a@b@c", ".b", "b", "\"x y\"@y", "a@1.2.3.4", "a\\b@c", "*@b", "a@*"}) {
    CAPTURE(name);
    CHECK(refusal_of_constraint(kMail, text(name)) == "");
  }
  for (const char* name :
       {"@b", "..b", "\u00e9", "a b@c", "a@.b", "a..b@c", ".a@b", "a.@b", "a@b.", "a@b..c"}) {
    CAPTURE(name);
    CHECK(refusal_of_constraint(kMail, text(name)) != "");
  }
  for (const char* name :
       {"", ".b", "[::1]", "a:80", "spiffe://x", "*", "1.2.3", "fe80::1%eth0", "01.2.3.4"}) {
    CAPTURE(name);
    CHECK(refusal_of_constraint(kUri, text(name)) == "");
  }
  for (const char* name : {"1.2.3.4", "::1", "\u00e9", "a.", "..b", ".", "::ffff:1.2.3.4"}) {
    CAPTURE(name);
    CHECK(refusal_of_constraint(kUri, text(name)) != "");
  }
  CHECK(refusal_of_constraint(kIp, hex("01020304fe000000")) == "");
  CHECK(refusal_of_constraint(kIp, hex("01020304fd000000")) == "an IP constraint has a mask with holes");
  CHECK(refusal(with_extension(critical("551d1e", seq()))) != "");
  // What is excluded is read as what is permitted.
  const auto excluding = [&](const char* name) {
    return refusal(with_extension(critical("551d1e", seq(tlv(0xa1, seq(tlv(kDns, text(name))))))));
  };
  CHECK(excluding("a.b") == "");
  CHECK(excluding("a..b") != "");
}

TEST_CASE("policies twice, a compressed point, and what is read of authorityInfoAccess") {
  const Bytes one = seq(oid("2a03")), other = seq(oid("2a04"));
  CHECK(refusal(with_extension(extension("551d20", seq(one, other)))) == "");
  CHECK(refusal(with_extension(extension("551d20", seq(one, other, one)))) ==
        "certificatePolicies names one policy twice");

  Parts parts;
  const Bytes p256 = seq(oid("2a8648ce3d0201"), oid("2a8648ce3d030107"));
  parts.key = seq(p256, tlv(0x03, join(hex("0002"), Bytes(32, 1))));
  CHECK(refusal(parts) == "the EC key is a point in compressed form");
  parts.key = seq(p256, tlv(0x03, join(hex("0004"), Bytes(64, 1))));
  CHECK(refusal(parts) == "");

  const Bytes method = oid("2b06010505073001");
  const auto reads = [](const Bytes& value) {
    const Bytes der = with_extension(extension("2b06010505070101", value)).build();
    return x509::go_reads_info_access(Certificate::decode(der)->extensions);
  };
  CHECK(reads(seq(seq(method, tlv(0x86, text("http://a"))))));
  CHECK(reads(seq(seq(method, tlv(0x89, text("x"))))));
  CHECK(reads(seq(seq(method))));
  CHECK_FALSE(reads(octets({})));
  CHECK_FALSE(reads(seq(octets({}))));
  CHECK_FALSE(reads(seq(seq(null()))));
}

// 2.25.N, where N is 2^31 - 81, 2^31 and a UUID: with the first two in one number the first still fits.
TEST_CASE("arcs of object identifiers fit into 31 bits, but for those of policies") {
  const char* const kFits = "6987ffffff7f";
  for (const char* wide : {"698880808000", "6983f0a08081828384858687888989868c8d01", "8880808000"}) {
    CAPTURE(std::string(wide));
    CHECK(refusal(with_extension(extension(wide, null()))) ==
          "an extension has an object identifier with an arc of 2^31 or more");
    CHECK(refusal(with_extension(extension("551d25", seq(oid("2b06010505070301"), oid(wide))))) ==
          "a purpose in extendedKeyUsage has an object identifier with an arc of 2^31 or more");
    CHECK(refusal(with_extension(extension("551d20", seq(seq(oid(wide)))))) == "");
    Parts parts;
    parts.subject = seq(tlv(0x31, seq(oid(wide), utf8("x"))));
    CHECK(refusal(parts) == "the subject's name holds an attribute whose type has an arc of 2^31 or more");
  }
  CHECK(refusal(with_extension(extension(kFits, null()))) == "");
  CHECK(refusal(with_extension(extension("551d25", seq(oid("2b06010505070301"), oid(kFits))))) == "");
  Parts parts;
  parts.subject = seq(tlv(0x31, seq(oid(kFits), utf8("x"))));
  CHECK(refusal(parts) == "");
}

TEST_CASE("parameters of an RSA key, and unused bits of a key") {
  const auto with_key = [](const Bytes& key) {
    Parts parts;
    parts.key = key;
    return refusal(parts);
  };
  const Bytes rsa = oid("2a864886f70d010101");
  const Bytes number = hex("300a020500c5c5c5c5020103"), even = hex("300a020500c5c5c5c4020110");
  const auto key = [](const Bytes& algorithm, const char* unused, const Bytes& octets) {
    return seq(algorithm, tlv(0x03, join(hex(unused), octets)));
  };
  CHECK(with_key(key(seq(rsa, null()), "00", number)) == "");
  for (const Bytes& other : {integer("05"), seq(), oid("2a03")})
    CHECK(with_key(key(seq(rsa, other), "00", number)) == "the RSA key has parameters other than NULL");
  CHECK(with_key(key(seq(rsa, null()), "04", even)) == "the BIT STRING of the RSA key has unused bits");

  const Bytes p256 = seq(oid("2a8648ce3d0201"), oid("2a8648ce3d030107"));
  CHECK(with_key(key(p256, "00", join(hex("04"), Bytes(64, 16)))) == "");
  CHECK(with_key(key(p256, "04", join(hex("04"), Bytes(64, 16)))) ==
        "the BIT STRING of the EC key has unused bits");
}

}  // namespace
