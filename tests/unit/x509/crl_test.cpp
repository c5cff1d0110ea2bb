// CRLs: what decodes, what does not, and what is noted.
#include "meshcert/crl.hpp"

#include <doctest/doctest.h>

#include "tests/unit/x509/crl_builder.hpp"

using namespace meshcert;
using namespace meshcert::testing;

namespace {

std::string rfc3339(std::optional<Instant> instant) {
  return instant ? to_rfc3339(*instant) : "none";
}

std::vector<CrlEntry> entries_of(const DecodedCrl& crl) {
  std::vector<CrlEntry> entries;
  for (const auto& entry : crl->entries) entries.push_back(entry);
  return entries;
}

DecodedCrl with(const Bytes& entries) {
  CrlParts parts;
  parts.entries = entries;
  return DecodedCrl(parts);
}

DecodedCrl with_extensions(const Bytes& extensions) {
  CrlParts parts;
  parts.extensions = extensions;
  return DecodedCrl(parts);
}

}  // namespace

TEST_CASE("a CRL decodes field by field") {
  const DecodedCrl crl{CrlParts{}};
  REQUIRE(crl);
  CHECK(crl->version == 2);
  CHECK(to_rfc4514(crl->issuer) == "CN=issuer");
  CHECK(rfc3339(crl->this_update) == "2024-01-01T00:00:00Z");
  CHECK(rfc3339(crl->next_update) == "2024-02-01T00:00:00Z");
  CHECK(crl->entries.size() == 1);
  CHECK(algorithm_name(crl->signature_algorithm) == "sha256WithRSAEncryption");
  CHECK(crl->signature.size() == 3);
  CHECK(crl->der.size() == crl.der.size());
  CHECK(crl->tbs.size() == CrlParts{}.tbs().size());
  CHECK(crl_number_text(*crl) == "5");
  const std::vector<std::uint8_t> half{0, 0x80, 0, 0, 0, 0, 0, 0, 0}, more{1, 0, 0, 0, 0, 0, 0, 0, 0};
  CHECK(crl_number_text(half) == "9223372036854775808");
  CHECK(crl_number_text(more) == "0x10000000000000000");
  CHECK_FALSE(crl->is_delta());
  CHECK(crl->defects.none());
}

TEST_CASE("a v1 CRL without nextUpdate, entries and extensions is a CRL") {
  CrlParts parts;
  parts.version = {};
  parts.dates = utc("240101000000Z");
  parts.entries = {};
  parts.extensions = {};
  const DecodedCrl crl{parts};
  REQUIRE(crl);
  CHECK(crl->version == 1);
  CHECK_FALSE(crl->next_update);
  CHECK(crl->entries.size() == 0);
  CHECK(crl->entries.begin() == crl->entries.end());
  CHECK_FALSE(crl_number_text(*crl));
  CHECK(crl->defects.none());
}

TEST_CASE("entries are decoded one by one") {
  const auto crl =
      with(join(crl_entry(integer("01")), crl_entry(integer("ff"), reason_code("01")),
                crl_entry(integer("0080"),
                          join(reason_code("06"), extension("551d18", tlv(0x18, text("20231231235959Z"))),
                               certificate_issuer(name(utf8("other")))),
                          utc("240106000000Z"))));
  REQUIRE(crl);
  const auto entries = entries_of(crl);
  REQUIRE(entries.size() == 3);
  CHECK(crl->entries.size() == 3);
  CHECK(serial_hex(entries[0].serial) == "1");
  CHECK(entries[0].reason.absent());
  CHECK(serial_hex(entries[1].serial) == "-1");
  REQUIRE(entries[1].reason);
  CHECK(*entries[1].reason == RevocationReason::key_compromise);
  CHECK(serial_hex(entries[2].serial) == "80");
  CHECK(to_string(*entries[2].reason) == "certificateHold");
  CHECK(to_rfc3339(entries[2].revoked_at) == "2024-01-06T00:00:00Z");
  CHECK(to_rfc3339(*entries[2].invalidity_date) == "2023-12-31T23:59:59Z");
  REQUIRE(entries[2].certificate_issuer);
  CHECK(to_string(*entries[2].certificate_issuer->begin()) == "CN=other");
  const auto result = survey(*crl);
  CHECK(result.unreadable == 0);
  CHECK(result.unknown_critical == 0);
  CHECK(result.names_issuers);
  CHECK(result.defects.none());
}

TEST_CASE("a bad entry spoils no other and is counted") {
  const Bytes good = crl_entry(integer("01"));
  const struct {
    const char* what;
    Bytes entry;
    std::size_t unreadable, unknown_critical, not_assigned = 0;
  } rows[] = {
      {"right", crl_entry(integer("02"), reason_code("0a")), 0, 0},
      {"hold instruction", crl_entry(integer("02"), critical("551d17", oid("2a03"))), 0, 0},
      {"unknown extension", crl_entry(integer("02"), extension("2a03", null())), 0, 0},
      {"unknown critical extension", crl_entry(integer("02"), critical("2a03", null())), 0, 1},
      {"no date", seq(integer("02")), 1, 0},
      {"no serial", seq(utc("240105000000Z")), 1, 0},
      {"empty serial", seq(hex("0200"), utc("240105000000Z")), 1, 0},
      {"bad date", crl_entry(integer("02"), {}, utc("241305000000Z")), 1, 0},
      {"reason 7", crl_entry(integer("02"), reason_code("07")), 0, 0, 1},
      {"reason 11", crl_entry(integer("02"), reason_code("0b")), 0, 0, 1},
      {"reason as INTEGER", crl_entry(integer("02"), extension("551d15", integer("01"))), 1, 0},
      {"empty issuer", crl_entry(integer("02"), critical("551d1d", seq(tlv(0x87, hex("01"))))), 1, 0},
      {"extensions are no list", seq(integer("02"), utc("240105000000Z"), seq(null())), 1, 0},
  };
  for (const auto& row : rows) {
    CAPTURE(row.what);
    const auto crl = with(join(good, row.entry, good));
    REQUIRE(crl);
    CHECK(entries_of(crl).size() == 3);
    CHECK(entries_of(crl)[2].readable);
    const auto result = survey(*crl);
    CHECK(result.unreadable == row.unreadable);
    CHECK(result.unknown_critical == row.unknown_critical);
    CHECK(result.not_assigned == row.not_assigned);
  }
}

TEST_CASE("the scope of a CRL decodes to the last flag") {
  const auto crl = with_extensions(
      join(crl_number("05"), issuing_distribution_point(join(uri_point("http://a/crl"), hex("8101ff"),
                                                             hex("83020640"), hex("8401ff")))));
  REQUIRE(crl);
  const auto& point = crl->extensions.issuing_distribution_point;
  REQUIRE(point);
  CHECK(point.critical());
  REQUIRE(point->name);
  CHECK(to_string(*point->name->full_name.begin()) == "http://a/crl");
  CHECK(point->only_user_certificates);
  CHECK_FALSE(point->only_ca_certificates);
  CHECK_FALSE(point->only_attribute_certificates);
  CHECK(point->indirect);
  CHECK(point->only_some_reasons == ReasonFlags{1U << 1});
  CHECK(crl->defects.none());
}

TEST_CASE("extensions of a CRL are absent, decoded or malformed") {
  const struct {
    const char* what;
    Bytes extension;
    std::vector<std::string_view> malformed;
    std::uint32_t unknown_critical = 0;
  } rows[] = {
      {"delta", critical("551d1b", integer("03")), {}},
      {"delta without a number", critical("551d1b", null()), {"deltaCRLIndicator"}},
      {"negative number", extension("551d14", integer("ff")), {"cRLNumber"}},
      {"key identifier", extension("551d23", seq(tlv(0x80, hex("0102")))), {}},
      {"freshest", extension("551d2e", seq(seq(uri_point("http://a/delta")))), {}},
      {"freshest of nothing", extension("551d2e", null()), {"freshestCRL"}},
      {"scope with one field too many",
       issuing_distribution_point(hex("8601ff")),
       {"issuingDistributionPoint"}},
      {"scope with a name of no kind",
       issuing_distribution_point(tlv(0xa0, tlv(0xa2, hex("")))),
       {"issuingDistributionPoint"}},
      {"issuer's other name", critical("551d12", seq(tlv(0x82, text("a")))), {}},
      {"unknown", extension("2a03", null()), {}},
      {"unknown and critical", critical("2a03", null()), {}, 1},
  };
  for (const auto& row : rows) {
    CAPTURE(row.what);
    const auto crl = with_extensions(row.extension);
    REQUIRE(crl);
    CHECK(malformed_extensions(crl->extensions) == row.malformed);
    CHECK(crl->extensions.unknown_critical == row.unknown_critical);
    CHECK(unknown_critical_extensions(crl->extensions).size() == row.unknown_critical);
  }
  CHECK(with_extensions(critical("551d1b", null()))->is_delta());
}

TEST_CASE("octets that are no CRL say why") {
  const struct {
    const char* why;
    void (*spoil)(CrlParts&);
  } rows[] = {
      {"version is not a readable INTEGER", [](CrlParts& p) { p.version = hex("0200"); }},
      {"signature is not a readable AlgorithmIdentifier", [](CrlParts& p) { p.inner_algorithm = null(); }},
      {"issuer is not a readable Name", [](CrlParts& p) { p.issuer = null(); }},
      {"thisUpdate is not a readable time", [](CrlParts& p) { p.dates = utc("240101"); }},
      {"nextUpdate is not a readable time",
       [](CrlParts& p) { p.dates = join(utc("240101000000Z"), utc("never")); }},
      {"an entry of revokedCertificates is not a readable SEQUENCE", [](CrlParts& p) { p.entries = null(); }},
      {"crlExtensions are not readable", [](CrlParts& p) { p.extensions = null(); }},
      {"signatureAlgorithm is not a readable AlgorithmIdentifier",
       [](CrlParts& p) { p.outer_algorithm = {}; }},
      {"signatureValue is not a readable BIT STRING", [](CrlParts& p) { p.signature = {}; }},
  };
  for (const auto& row : rows) {
    CAPTURE(row.why);
    CrlParts parts;
    row.spoil(parts);
    const DecodedCrl crl{parts};
    REQUIRE_FALSE(crl);
    CHECK(crl.crl.error() == row.why);
  }
  CHECK_FALSE(Decoded{CrlParts{}.build()});
  CHECK_FALSE(DecodedCrl{Parts{}.build()});
}

TEST_CASE("what is readable in a CRL and not as it should be is noted") {
  const struct {
    DerDefect defect;
    void (*spoil)(CrlParts&);
  } rows[] = {
      {DerDefect::version_mismatch, [](CrlParts& p) { p.version = integer("00"); }},
      {DerDefect::version_mismatch, [](CrlParts& p) { p.version = {}; }},
      {DerDefect::algorithm_mismatch,
       [](CrlParts& p) { p.inner_algorithm = seq(oid("2a864886f70d01010c"), null()); }},
      {DerDefect::duplicate_extension,
       [](CrlParts& p) { p.extensions = join(crl_number("05"), crl_number("05")); }},
      {DerDefect::duplicate_extension,
       [](CrlParts& p) { p.extensions = join(extension("2a03", null()), extension("2a03", null())); }},
      {DerDefect::trailing_octets, [](CrlParts& p) { p.tbs_tail = null(); }},
      {DerDefect::trailing_octets, [](CrlParts& p) { p.tail = null(); }},
      {DerDefect::default_value_encoded,
       [](CrlParts& p) { p.extensions = issuing_distribution_point(hex("8101ff 840100")); }},
      {DerDefect::non_minimal_length,
       [](CrlParts& p) { p.entries = join(hex("308112"), integer("01"), utc("240105000000Z")); }},
  };
  for (const auto& row : rows) {
    CAPTURE(describe(row.defect));
    CrlParts parts;
    row.spoil(parts);
    const DecodedCrl crl{parts};
    REQUIRE(crl);
    CHECK(crl->defects.has(row.defect));
  }
  const auto late = with(crl_entry(integer("0001")));
  CHECK(late->defects.none());
  CHECK(survey(*late).defects.has(DerDefect::non_minimal_integer));
}

TEST_CASE("a CRL cut short at any octet is no CRL, and no octet does any harm") {
  const Bytes whole = CrlParts{}.build();
  for (std::size_t size = 0; size < whole.size(); ++size) {
    CHECK_FALSE(DecodedCrl{Bytes(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size))});
  }
  for (std::size_t at = 0; at < whole.size(); ++at) {
    for (const unsigned octet : {0x00U, 0x01U, 0x30U, 0x7fU, 0x80U, 0xffU}) {
      Bytes changed = whole;
      changed[at] = static_cast<std::uint8_t>(octet);
      const DecodedCrl crl{changed};
      if (crl) CHECK(survey(*crl).unreadable <= crl->entries.size());
    }
  }
}
