#include "meshcert/certificate.hpp"

#include <doctest/doctest.h>

#include "tests/unit/x509/der_builder.hpp"

using namespace meshcert;
using namespace meshcert::testing;

TEST_CASE("Certificate::decode reads every field of a v3 certificate") {
  const Decoded certificate{Parts{}};
  REQUIRE(certificate);
  CHECK(certificate->defects.none());
  CHECK(certificate->der.size() == certificate.der.size());
  CHECK(certificate->tbs.data() == certificate.der.data() + 4);
  CHECK(certificate->version == 3);
  CHECK(serial_hex(*certificate) == "1234");
  CHECK(to_rfc4514(certificate->issuer) == "CN=issuer");
  CHECK(to_rfc4514(certificate->subject) == "CN=subject");
  CHECK_FALSE(certificate->is_self_issued());
  CHECK(to_rfc3339(certificate->not_before) == "2024-01-01T00:00:00Z");
  CHECK(to_rfc3339(certificate->not_after) == "2025-01-01T00:00:00Z");
  CHECK(certificate->lifetime() == std::chrono::days(366));
  CHECK(to_string(certificate->key) == "RSA 2048");
  CHECK(certificate->key.rsa_exponent == 65537);
  CHECK(algorithm_name(certificate->signature_algorithm) == "sha256WithRSAEncryption");
  CHECK(certificate->signature.size() == 3);
  CHECK(certificate->extensions.all.empty());
  CHECK_FALSE(certificate->is_ca());
  CHECK_FALSE(certificate->self_signed);
}

TEST_CASE("octets after the certificate are not looked at") {
  const Bytes alone = Parts{}.build();
  const Decoded certificate{join(alone, hex("ffff"))};
  REQUIRE(certificate);
  CHECK(certificate->der.size() == alone.size());
  CHECK(certificate->defects.none());
}

TEST_CASE("serials: long, zero, negative, padded") {
  struct Row {
    const char* contents;
    const char* hex;
    bool padded;
  };
  const Row rows[] = {
      {"00", "0", false},
      {"01", "1", false},
      {"0a", "a", false},
      {"7f", "7f", false},
      {"0080", "80", false},
      {"ff", "-1", false},
      {"80", "-80", false},
      {"8001", "-7fff", false},
      {"ff00", "-100", false},
      {"8000", "-8000", false},
      {"0001", "1", true},
      {"ffff", "-1", true},
      {"00ffffffffffffffffffffffffffffffffffffffff", "ffffffffffffffffffffffffffffffffffffffff", false},
      {"0102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f2021222324",
       "102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f2021222324", false},
  };
  for (const Row& row : rows) {
    CAPTURE(std::string(row.contents));
    Parts parts;
    parts.serial = integer(row.contents);
    const Decoded certificate{parts};
    REQUIRE(certificate);
    CHECK(serial_hex(*certificate) == row.hex);
    CHECK(certificate->defects.has(DerDefect::non_minimal_integer) == row.padded);
  }
}

TEST_CASE("versions") {
  struct Row {
    Bytes version;
    int value;
    std::optional<DerDefect> defect;
  };
  const Row rows[] = {
      {{}, 1, {}},
      {tlv(0xa0, integer("01")), 2, {}},
      {tlv(0xa0, integer("02")), 3, {}},
      {tlv(0xa0, integer("00")), 1, DerDefect::default_value_encoded},
      {tlv(0xa0, integer("03")), 4, DerDefect::version_mismatch},
      {tlv(0xa0, integer("ff")), 0, DerDefect::version_mismatch},
      {tlv(0xa0, integer("7fffffffffffffffff")), 0x7fffffff, DerDefect::version_mismatch},
      {tlv(0xa0, join(integer("02"), null())), 3, DerDefect::trailing_octets},
  };
  for (const Row& row : rows) {
    Parts parts;
    parts.version = row.version;
    const Decoded certificate{parts};
    REQUIRE(certificate);
    CHECK(certificate->version == row.value);
    CHECK(certificate->defects.none() == !row.defect.has_value());
    if (row.defect) CHECK(certificate->defects.has(*row.defect));
  }
}

TEST_CASE("unique identifiers are stepped over") {
  Parts parts;
  parts.unique_ids = join(tlv(0x81, hex("00aa")), tlv(0x82, hex("00bb")));
  const Decoded certificate{parts};
  REQUIRE(certificate);
  CHECK(certificate->defects.none());
}

TEST_CASE("what is no certificate fails with its reason") {
  struct Row {
    const char* reason;
    void (*spoil)(Parts&);
  };
  const Row rows[] = {
      {"version is not a readable INTEGER", [](Parts& p) { p.version = tlv(0xa0, null()); }},
      {"serialNumber is not a readable INTEGER", [](Parts& p) { p.serial = null(); }},
      {"serialNumber is not a readable INTEGER", [](Parts& p) { p.serial = hex("0200"); }},
      {"signature is not a readable AlgorithmIdentifier", [](Parts& p) { p.inner_algorithm = seq(); }},
      {"issuer is not a readable Name", [](Parts& p) { p.issuer = set(); }},
      {"issuer is not a readable Name", [](Parts& p) { p.issuer = seq(null()); }},
      {"validity does not hold two readable times", [](Parts& p) { p.validity = seq(); }},
      {"subject is not a readable Name", [](Parts& p) { p.subject = seq(set(seq(oid(kCn)))); }},
      {"subjectPublicKeyInfo is not readable", [](Parts& p) { p.key = seq(seq(oid("2a"))); }},
      {"a unique identifier is not a readable BIT STRING", [](Parts& p) { p.unique_ids = hex("8100"); }},
      {"extensions are not readable", [](Parts& p) { p.tbs_tail = tlv(0xa3, null()); }},
      {"extensions are not readable", [](Parts& p) { p.extensions = seq(oid("2a")); }},
      {"signatureAlgorithm is not a readable AlgorithmIdentifier",
       [](Parts& p) { p.outer_algorithm = null(); }},
      {"signatureValue is not a readable BIT STRING", [](Parts& p) { p.signature = hex("0300"); }},
      {"signatureValue is not a readable BIT STRING", [](Parts& p) { p.signature = {}; }},
  };
  REQUIRE(Decoded{Parts{}});
  for (const Row& row : rows) {
    CAPTURE(std::string(row.reason));
    Parts parts;
    row.spoil(parts);
    const Decoded certificate{parts};
    REQUIRE_FALSE(certificate);
    CHECK(certificate.certificate.error() == row.reason);
  }
}

TEST_CASE("what does not begin like a certificate fails with its reason") {
  CHECK(Decoded{Bytes{}}.certificate.error() == "not a certificate: does not begin with a SEQUENCE");
  CHECK(Decoded{text("-----BEGIN")}.certificate.error() ==
        "not a certificate: does not begin with a SEQUENCE");
  CHECK(Decoded{hex("3003")}.certificate.error() ==
        "certificate is cut off or its outermost length is wrong");
  CHECK(Decoded{hex("30020500")}.certificate.error() == "tbsCertificate is not a readable SEQUENCE");
}

TEST_CASE("uri_names lists the URIs in order, as counted octets") {
  const auto nul = std::string("spiffe://a\0b", 12);
  const auto value =
      seq(tlv(0x86, text("spiffe://td/one")), tlv(0x82, text("dns.example")), tlv(0x86, text(nul)));
  const Decoded certificate{with_extension(extension("551d11", value))};
  REQUIRE(certificate);
  CHECK(uri_names(*certificate) == std::vector<std::string_view>{"spiffe://td/one", nul});
  CHECK(uri_names(*Decoded{Parts{}}).empty());
}
