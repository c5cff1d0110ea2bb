// Every defect: the certificate that has it decodes and says so; the same
// certificate without it says nothing.
#include <doctest/doctest.h>

#include <set>

#include "tests/unit/x509/der_builder.hpp"
#include "x509/refusers.hpp"

using namespace meshcert;
using namespace meshcert::testing;

namespace {

struct Row {
  DerDefect defect;
  const char* what;
  void (*spoil)(Parts&);
  void (*right)(Parts&) = [](Parts&) {};
};

Bytes long_length(const Bytes& element) {
  return join(Bytes{element[0], 0x81, element[1]}, Bytes(element.begin() + 2, element.end()));
}

Bytes validity(const Bytes& not_after) {
  return seq(tlv(0x17, text("240101000000Z")), not_after);
}

const Bytes kBigSetMember = attribute(kO, utf8("b"));
const Bytes kSmallSetMember = attribute(kCn, utf8("a"));

const Row kRows[] = {
    {DerDefect::indefinite_length, "serial's neighbour", [](Parts& p) { p.issuer = indefinite(p.issuer); }},
    {DerDefect::non_minimal_length, "issuer", [](Parts& p) { p.issuer = long_length(p.issuer); }},
    {DerDefect::non_minimal_length, "signature", [](Parts& p) { p.signature = long_length(p.signature); }},
    {DerDefect::non_minimal_tag, "serial", [](Parts& p) { p.serial = hex("1f02021234"); }},
    {DerDefect::non_minimal_integer, "serial", [](Parts& p) { p.serial = integer("0012"); },
     [](Parts& p) { p.serial = integer("12"); }},
    {DerDefect::boolean_not_canonical, "critical",
     [](Parts& p) { p.extensions = seq(oid("2a"), hex("010101"), octets(null())); },
     [](Parts& p) { p.extensions = critical("2a", null()); }},
    {DerDefect::default_value_encoded, "critical FALSE",
     [](Parts& p) { p.extensions = seq(oid("2a"), hex("010100"), octets(null())); },
     [](Parts& p) { p.extensions = extension("2a", null()); }},
    {DerDefect::ca_false_encoded, "cA FALSE",
     [](Parts& p) { p.extensions = extension("551d13", seq(hex("010100"))); },
     [](Parts& p) { p.extensions = extension("551d13", seq()); }},
    {DerDefect::bit_string_padding, "signature", [](Parts& p) { p.signature = bits("01aabb"); },
     [](Parts& p) { p.signature = bits("01aaba"); }},
    {DerDefect::named_bits_not_trimmed, "keyUsage",
     [](Parts& p) { p.extensions = extension("551d0f", bits("0006")); },
     [](Parts& p) { p.extensions = extension("551d0f", bits("0106")); }},
    {DerDefect::time_not_canonical, "no seconds",
     [](Parts& p) { p.validity = validity(tlv(0x17, text("2501010000Z"))); },
     [](Parts& p) { p.validity = validity(tlv(0x17, text("250101000000Z"))); }},
    {DerDefect::set_not_sorted, "two attributes",
     [](Parts& p) { p.subject = seq(set(kBigSetMember, kSmallSetMember)); },
     [](Parts& p) { p.subject = seq(set(kSmallSetMember, kBigSetMember)); }},
    {DerDefect::constructed_string, "in a name",
     [](Parts& p) { p.subject = name(tlv(0x2c, utf8("subject"))); }},
    {DerDefect::constructed_string, "extnValue",
     [](Parts& p) { p.extensions = seq(oid("2a"), tlv(0x24, octets(null()))); },
     [](Parts& p) { p.extensions = extension("2a", null()); }},
    {DerDefect::duplicate_extension, "unknown",
     [](Parts& p) { p.extensions = join(extension("2a", null()), extension("2a", null())); },
     [](Parts& p) { p.extensions = join(extension("2a", null()), extension("2b", null())); }},
    {DerDefect::duplicate_extension, "known",
     [](Parts& p) { p.extensions = join(extension("551d13", seq()), extension("551d13", seq())); },
     [](Parts& p) { p.extensions = extension("551d13", seq()); }},
    {DerDefect::empty_sequence, "extensions", [](Parts& p) { p.tbs_tail = tlv(0xa3, seq()); }},
    {DerDefect::empty_sequence, "RDN", [](Parts& p) { p.subject = seq(set()); },
     [](Parts& p) { p.subject = seq(); }},
    {DerDefect::version_mismatch, "v1 with extensions",
     [](Parts& p) {
       p.version = {};
       p.extensions = extension("2a", null());
     },
     [](Parts& p) { p.version = {}; }},
    {DerDefect::version_mismatch, "v2 with extensions",
     [](Parts& p) {
       p.version = tlv(0xa0, integer("01"));
       p.extensions = extension("2a", null());
     },
     [](Parts& p) { p.version = tlv(0xa0, integer("01")); }},
    {DerDefect::version_mismatch, "v1 with a unique identifier",
     [](Parts& p) {
       p.version = {};
       p.unique_ids = tlv(0x81, hex("00aa"));
     },
     [](Parts& p) {
       p.version = tlv(0xa0, integer("01"));
       p.unique_ids = tlv(0x81, hex("00aa"));
     }},
    {DerDefect::algorithm_mismatch, "parameters differ",
     [](Parts& p) { p.outer_algorithm = seq(oid("2a864886f70d01010b")); },
     [](Parts& p) { p.inner_algorithm = p.outer_algorithm = seq(oid("2a864886f70d01010b")); }},
    {DerDefect::string_not_in_alphabet, "PrintableString",
     [](Parts& p) { p.subject = name(printable("a@b")); },
     [](Parts& p) { p.subject = name(printable("a.b")); }},
    {DerDefect::string_not_in_alphabet, "URI",
     [](Parts& p) { p.extensions = extension("551d11", seq(tlv(0x86, text("spiffe://\xc3\xa9")))); },
     [](Parts& p) { p.extensions = extension("551d11", seq(tlv(0x86, text("spiffe://e")))); }},
    {DerDefect::trailing_octets, "in the certificate", [](Parts& p) { p.tail = null(); }},
    {DerDefect::trailing_octets, "in the tbsCertificate", [](Parts& p) { p.tbs_tail = null(); }},
    {DerDefect::trailing_octets, "in extnValue",
     [](Parts& p) { p.extensions = extension("551d13", join(seq(), null())); },
     [](Parts& p) { p.extensions = extension("551d13", seq()); }},
};

}  // namespace

TEST_CASE("each defect is recorded, and only it") {
  std::set<DerDefect> seen;
  for (const Row& row : kRows) {
    CAPTURE(std::string(row.what));
    CAPTURE(std::string(describe(row.defect)));
    seen.insert(row.defect);
    Parts wrong, right;
    row.spoil(wrong);
    row.right(right);
    const Decoded spoilt{wrong};
    REQUIRE(spoilt);
    CHECK(spoilt->defects.list() == std::vector{row.defect});
    const auto offset = spoilt->defects.first_offset(row.defect);
    CHECK(offset > 0);
    CHECK(offset < spoilt.der.size());
    const Decoded sound{right};
    REQUIRE(sound);
    CHECK(sound->defects.none());
  }
  CHECK(seen.size() == static_cast<std::size_t>(DerDefect::count_));
}

TEST_CASE("a certificate in indefinite lengths throughout decodes as the same certificate") {
  const Parts parts;
  const Bytes tbs = indefinite(seq(parts.tbs_contents()));
  const Decoded certificate{indefinite(seq(tbs, parts.outer_algorithm, parts.signature))};
  REQUIRE(certificate);
  CHECK(certificate->defects.list() == std::vector{DerDefect::indefinite_length});
  CHECK(certificate->der.size() == certificate.der.size());
  CHECK(certificate->tbs.size() == tbs.size());
  CHECK(to_rfc4514(certificate->subject) == "CN=subject");
}

TEST_CASE("of two equal extensions the first counts") {
  Parts parts;
  parts.extensions = join(extension("551d0f", bits("0780")), extension("551d0f", bits("0106")));
  const Decoded certificate{parts};
  REQUIRE(certificate);
  CHECK(key_usage_names(*certificate->extensions.key_usage) ==
        std::vector<std::string_view>{"digitalSignature"});
}

TEST_CASE("duplicates are found among thousands of extensions") {
  for (const bool twice : {false, true}) {
    Parts parts;
    std::vector<Bytes> all;
    for (unsigned i = 0; i < 5000; ++i) {
      all.push_back(extension(
          "2a86" + std::string{"0123456789abcdef"[i >> 8 & 7], "0123456789abcdef"[i >> 4 & 15]} + "0" +
              std::string{"0123456789abcdef"[i & 15]} + (i >= 2048 ? "2b" : "") + (i >= 4096 ? "2c" : ""),
          null()));
    }
    if (twice) all.push_back(all[4321]);
    // 0x83 length: der_builder's tlv stops at 65535.
    Bytes list;
    for (const auto& one : all) list.insert(list.end(), one.begin(), one.end());
    const auto wrap = [](unsigned tag, const Bytes& contents) {
      const auto n = contents.size();
      return join(Bytes{static_cast<std::uint8_t>(tag), 0x83, static_cast<std::uint8_t>(n >> 16),
                        static_cast<std::uint8_t>(n >> 8), static_cast<std::uint8_t>(n)},
                  contents);
    };
    const auto tbs = wrap(0x30, join(parts.tbs_contents(), wrap(0xa3, wrap(0x30, list))));
    const Decoded certificate{wrap(0x30, join(tbs, parts.outer_algorithm, parts.signature))};
    REQUIRE(certificate);
    CHECK(certificate->defects.has(DerDefect::duplicate_extension) == twice);
  }
}

TEST_CASE("a defect has a place, and who refuses it can depend on that") {
  struct {
    const char* place;
    DerDefect defect;
    void (*spoil)(Parts&);
    bool openssl_refuses;
  } rows[] = {
      {"extendedKeyUsage", DerDefect::empty_sequence,
       [](Parts& p) { p.extensions = extension("551d25", seq()); }, false},
      {"cRLDistributionPoints", DerDefect::empty_sequence,
       [](Parts& p) { p.extensions = extension("551d1f", seq()); }, false},
      {"subject", DerDefect::empty_sequence, [](Parts& p) { p.subject = seq(set()); }, false},
      {"keyUsage", DerDefect::duplicate_extension,
       [](Parts& p) {
         p.extensions = join(extension("551d0f", bits("0106")), extension("551d0f", bits("0106")));
       },
       true},
      {"an extension", DerDefect::duplicate_extension,
       [](Parts& p) { p.extensions = join(extension("2a", null()), extension("2a", null())); }, false},
  };
  for (const auto& row : rows) {
    CAPTURE(row.place);
    Parts parts;
    row.spoil(parts);
    const Bytes der = parts.build();
    const auto certificate = Certificate::decode(der);
    REQUIRE(certificate.has_value());
    REQUIRE(certificate->defects.has(row.defect));
    CHECK(x509::place_of(*certificate, row.defect) == row.place);
    CHECK(x509::refusers_of(*certificate, row.defect).openssl_refuses == row.openssl_refuses);
    CHECK(x509::refusers_of(*certificate, row.defect).who != "");
  }
}
