#include "x509/extensions.hpp"

#include <doctest/doctest.h>

#include "tests/unit/x509/der_builder.hpp"

using namespace meshcert;
using namespace meshcert::testing;

namespace {

const char* const kBc = "551d13";
const char* const kKu = "551d0f";
const char* const kEku = "551d25";
const char* const kNc = "551d1e";
const char* const kSki = "551d0e";
const char* const kAki = "551d23";
const char* const kAia = "2b06010505070101";
const char* const kCrldp = "551d1f";
const char* const kPolicies = "551d20";

Decoded with(const char* id, const Bytes& value) {
  return Decoded{with_extension(extension(id, value))};
}

const Bytes kUri = tlv(0x86, text("http://ca.example"));

}  // namespace

TEST_CASE("an extension is absent, decoded or malformed") {
  const auto absent = Decoded{Parts{}};
  CHECK(absent->extensions.key_usage.absent());
  CHECK_FALSE(absent->extensions.key_usage);
  const auto decoded = Decoded{with_extension(critical(kKu, bits("0780")))};
  CHECK(decoded->extensions.key_usage);
  CHECK(decoded->extensions.key_usage.critical());
  const auto malformed = Decoded{with_extension(critical(kKu, null()))};
  CHECK(malformed->extensions.key_usage.malformed());
  CHECK(malformed->extensions.key_usage.critical());
  CHECK_FALSE(malformed->extensions.key_usage);
}

TEST_CASE("basicConstraints") {
  struct Row {
    Bytes value;
    bool decodes;
    bool is_ca = false;
    std::optional<std::uint32_t> path_length = {};
  };
  const Row rows[] = {
      {seq(), true, false, {}},
      {seq(hex("0101ff")), true, true, {}},
      {seq(hex("0101ff"), integer("00")), true, true, 0},
      {seq(hex("0101ff"), integer("0100")), true, true, 256},
      {seq(hex("0101ff"), integer("00ffffffffff")), true, true, UINT32_MAX},
      {seq(integer("03")), true, false, 3},
      {seq(hex("0101ff"), integer("ff")), false},
      {seq(hex("0100")), false},
      {hex("0101ff"), false},
      {hex("3005"), false},
      {{}, false},
  };
  for (const Row& row : rows) {
    const auto certificate = with(kBc, row.value);
    REQUIRE(certificate);
    const auto& constraints = certificate->extensions.basic_constraints;
    CHECK(constraints.malformed() == !row.decodes);
    CHECK(certificate->is_ca() == row.is_ca);
    if (constraints) CHECK(constraints->path_length == row.path_length);
  }
}

TEST_CASE("keyUsage: every bit by its name") {
  const char* const names[] = {"digitalSignature", "nonRepudiation", "keyEncipherment",
                               "dataEncipherment", "keyAgreement",   "keyCertSign",
                               "cRLSign",          "encipherOnly",   "decipherOnly"};
  const char* const values[] = {"0780", "0640", "0520", "0410", "0308", "0204", "0102", "0001", "070080"};
  for (std::size_t bit = 0; bit < 9; ++bit) {
    const auto certificate = with(kKu, bits(values[bit]));
    REQUIRE(certificate->extensions.key_usage);
    CHECK(certificate->defects.none());
    CHECK(certificate->extensions.key_usage->bits == 1U << bit);
    CHECK(key_usage_names(*certificate->extensions.key_usage) == std::vector<std::string_view>{names[bit]});
  }
  CHECK(with(kKu, bits("0106"))->extensions.key_usage->has(KeyUsage::key_cert_sign));
  CHECK(with(kKu, bits("00"))->extensions.key_usage->bits == 0);
  for (const Bytes& value : {hex("0300"), hex("030208a0"), null()})
    CHECK(with(kKu, value)->extensions.key_usage.malformed());
}

TEST_CASE("extendedKeyUsage") {
  const auto certificate = with(kEku, seq(oid("2b06010505070301"), oid("2b06010505070302"), oid("2a0304")));
  const auto& usage = certificate->extensions.extended_key_usage;
  REQUIRE(usage);
  CHECK(usage->server_auth);
  CHECK(usage->client_auth);
  CHECK_FALSE(usage->any);
  CHECK(extended_key_usage_names(*usage) == std::vector<std::string>{"serverAuth", "clientAuth", "1.2.3.4"});
  CHECK(with(kEku, seq(oid("551d2500")))->extensions.extended_key_usage->any);
  CHECK(with(kEku, seq())->defects.has(DerDefect::empty_sequence));
  for (const Bytes& value : {oid("2a03"), seq(null()), seq(hex("0600"))}) {
    CHECK(with(kEku, value)->extensions.extended_key_usage.malformed());
  }
}

TEST_CASE("nameConstraints") {
  const auto dns = seq(tlv(0x82, text("example.com")));
  const auto certificate = with(kNc, seq(tlv(0xa0, dns), tlv(0xa1, seq(tlv(0x87, hex("0a000000ff000000"))))));
  REQUIRE(certificate->extensions.name_constraints);
  CHECK(certificate->extensions.name_constraints->permitted.size() == dns.size());
  CHECK(certificate->extensions.name_constraints->excluded.size() == 12);
  CHECK(certificate->defects.none());
  CHECK(with(kNc, seq())->defects.has(DerDefect::empty_sequence));
  CHECK(with(kNc, seq(tlv(0xa0, {})))->defects.has(DerDefect::empty_sequence));
  const auto minimum = [](const char* value) {
    return seq(tlv(0xa0, seq(tlv(0x82, text("a")), hex(value))));
  };
  CHECK(with(kNc, minimum("800100"))->defects.has(DerDefect::default_value_encoded));
  CHECK(with(kNc, minimum("800101"))->defects.none());
  for (const Bytes& value :
       {null(), seq(tlv(0xa0, null())), seq(tlv(0xa0, seq(tlv(0x87, hex("0a000000")))))}) {
    CHECK(with(kNc, value)->extensions.name_constraints.malformed());
  }
}

TEST_CASE("key identifiers") {
  const auto ski = with(kSki, octets(hex("0102")));
  REQUIRE(ski->extensions.subject_key_id);
  CHECK((*ski->extensions.subject_key_id).size() == 2);
  CHECK(with(kSki, null())->extensions.subject_key_id.malformed());

  const auto issuer = tlv(0xa1, tlv(0xa4, name(utf8("ca"))));
  const auto aki = with(kAki, seq(tlv(0x80, hex("0102")), issuer, tlv(0x82, hex("05"))));
  REQUIRE(aki->extensions.authority_key_id);
  CHECK(aki->extensions.authority_key_id->key_id.size() == 2);
  CHECK(to_string(*aki->extensions.authority_key_id->issuer.begin()) == "CN=ca");
  CHECK(aki->extensions.authority_key_id->serial.size() == 1);
  CHECK(with(kAki, seq())->extensions.authority_key_id->key_id.empty());
  for (const Bytes& value : {octets(hex("01")), seq(tlv(0xa1, null())), seq(tlv(0x82, {}))}) {
    CHECK(with(kAki, value)->extensions.authority_key_id.malformed());
  }
}

TEST_CASE("authorityInfoAccess, cRLDistributionPoints, certificatePolicies: checked views") {
  struct Row {
    const char* id;
    Bytes value;
    bool decodes;
    std::optional<DerDefect> defect;
  };
  const auto access = seq(oid("2b06010505073001"), kUri);
  const auto full_name = seq(tlv(0xa0, tlv(0xa0, kUri)));
  const auto cps = seq(oid("2b06010505070201"), tlv(0x16, text("http://cps")));
  const Row rows[] = {
      {kAia, seq(access, access), true, {}},
      {kAia, seq(), true, DerDefect::empty_sequence},
      {kAia, seq(seq(oid("2a03"))), false, {}},
      {kAia, seq(seq(kUri)), false, {}},
      {kAia, seq(seq(oid("2a03"), null())), false, {}},
      {kCrldp, seq(full_name), true, {}},
      {kCrldp, seq(seq(tlv(0xa0, tlv(0xa1, attribute(kCn, utf8("rdn")))))), true, {}},
      {kCrldp, seq(seq(tlv(0x81, hex("0640")), tlv(0xa2, tlv(0xa4, name(utf8("ca")))))), true, {}},
      {kCrldp, seq(), true, DerDefect::empty_sequence},
      {kCrldp, seq(seq()), true, DerDefect::empty_sequence},
      {kCrldp, seq(seq(tlv(0xa0, {}))), false, {}},
      {kCrldp, seq(seq(tlv(0xa0, tlv(0xa0, null())))), false, {}},
      {kCrldp, seq(seq(tlv(0x81, {}))), false, {}},
      {kPolicies, seq(seq(oid("2a03"))), true, {}},
      {kPolicies, seq(seq(oid("2a03"), seq(cps))), true, {}},
      {kPolicies, seq(), true, DerDefect::empty_sequence},
      {kPolicies, seq(seq(oid("2a03"), seq())), true, DerDefect::empty_sequence},
      {kPolicies, seq(seq(oid("2a03"), seq(cps), null())), true, DerDefect::trailing_octets},
      {kPolicies, seq(seq(oid("2a03"), null())), false, {}},
      {kPolicies, seq(seq(oid("2a03"), seq(seq(oid("2a03"))))), false, {}},
      {kPolicies, seq(oid("2a03")), false, {}},
  };
  for (const Row& row : rows) {
    CAPTURE(std::string(row.id));
    const auto certificate = with(row.id, row.value);
    REQUIRE(certificate);
    CHECK(malformed_extensions(certificate->extensions).empty() == row.decodes);
    if (row.defect) CHECK(certificate->defects.list() == std::vector{*row.defect});
    if (row.decodes && !row.defect) CHECK(certificate->defects.none());
  }
}

TEST_CASE("critical extensions that nobody here processes are counted and named") {
  Parts parts;
  parts.extensions = join(critical("2a0304", null()), extension("2a0305", null()), critical("551d24", seq()),
                          critical("551d36", integer("00")), critical("551d21", seq()),
                          critical("551d12", seq()), critical(kBc, seq()), critical("2a0306", null()));
  const Decoded certificate{parts};
  REQUIRE(certificate);
  CHECK(certificate->extensions.unknown_critical == 3);
  CHECK(unknown_critical_extensions(certificate->extensions) ==
        std::vector<std::string>{"1.2.3.4", "2.5.29.18", "1.2.3.6"});
  std::size_t count = 0;
  x509::for_each_extension(certificate->extensions, [&](const x509::RawExtension&) { ++count; });
  CHECK(count == 8);
}

TEST_CASE("several malformed extensions are all named") {
  Parts parts;
  parts.extensions = join(extension(kKu, null()), extension(kBc, null()), extension(kSki, octets({})));
  const Decoded certificate{parts};
  REQUIRE(certificate);
  CHECK(malformed_extensions(certificate->extensions) ==
        std::vector<std::string_view>{"keyUsage", "basicConstraints"});
}
