// Hostile octets: cut, changed, nested. Nothing may crash (the sanitizers look
// on), and half a certificate must never become one.
#include <doctest/doctest.h>

#include "tests/unit/x509/der_builder.hpp"
#include "x509/assess.hpp"

using namespace meshcert;
using namespace meshcert::testing;

namespace {

/// A certificate with everything in it.
Bytes rich_certificate() {
  Parts parts;
  parts.subject = seq(set(attribute(kCn, printable("a")), attribute(kO, tlv(0x1e, hex("0061")))));
  const auto uri = tlv(0x86, text("spiffe://td/ns/a/sa/b"));
  parts.unique_ids = tlv(0x81, hex("00aa"));
  parts.extensions = join(
      critical("551d13", seq(hex("0101ff"), integer("01"))), critical("551d0f", bits("0106")),
      extension("551d25", seq(oid("2b06010505070301"))),
      extension("551d11",
                seq(uri, tlv(0x82, text("a.b")), tlv(0x87, hex("7f000001")), tlv(0xa4, name(utf8("d"))),
                    tlv(0xa0, join(oid("2a03"), tlv(0xa0, utf8("x")))))),
      extension("551d1e", seq(tlv(0xa0, seq(tlv(0x82, text("a")))))), extension("551d0e", octets(hex("01"))),
      extension("551d23", seq(tlv(0x80, hex("01")))),
      extension("2b06010505070101", seq(seq(oid("2a03"), uri))),
      extension("551d1f", seq(seq(tlv(0xa0, tlv(0xa0, uri))))),
      extension("551d20", seq(seq(oid("2a03"), seq(seq(oid("2b06010505070201"), tlv(0x16, text("c"))))))));
  return parts.build();
}

/// touch reads everything that a report would.
std::size_t touch(const Certificate& c) {
  std::size_t size = to_rfc4514(c.subject).size() + to_rfc4514(c.issuer).size() + serial_hex(c).size() +
                     to_string(c.key).size() + algorithm_name(c.signature_algorithm).size() +
                     malformed_extensions(c.extensions).size() +
                     unknown_critical_extensions(c.extensions).size() + uri_names(c).size() +
                     c.defects.list().size();
  if (c.extensions.subject_alt_name) {
    for (const auto& general_name : c.extensions.subject_alt_name->names)
      size += to_string(general_name).size();
  }
  if (c.extensions.extended_key_usage)
    size += extended_key_usage_names(*c.extensions.extended_key_usage).size();
  for (const auto type : {AttributeType::common_name, AttributeType::organization}) {
    size += attribute_values(c.subject, type).size();
  }
  return size;
}

}  // namespace

TEST_CASE("a certificate cut short at any octet is no certificate") {
  const Bytes whole = rich_certificate();
  REQUIRE(Decoded{whole});
  REQUIRE(malformed_extensions(Decoded { whole } -> extensions).empty());
  for (std::size_t size = 0; size < whole.size(); ++size) {
    const Decoded cut{Bytes(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size))};
    CHECK_FALSE(cut);
    CHECK_FALSE(x509::assess(cut.der).strict_der);
  }
}

TEST_CASE("no flipped bit and no replaced octet does any harm") {
  const Bytes whole = rich_certificate();
  const std::uint8_t replacements[] = {0x00, 0x01, 0x7f, 0x80, 0x81, 0x84, 0xff, 0x30, 0x1f};
  std::size_t decoded = 0;
  const auto look = [&](const Bytes& octets) {
    const Decoded certificate{octets};
    const auto verdict = x509::assess(octets);
    CHECK(verdict.parsed == static_cast<bool>(certificate));
    if (!certificate) CHECK_FALSE(certificate.certificate.error().empty());
    if (certificate) decoded += touch(*certificate) > 0 ? 1 : 0;
  };
  for (std::size_t at = 0; at < whole.size(); ++at) {
    Bytes changed = whole;
    for (unsigned bit = 0; bit < 8; ++bit) {
      changed[at] = static_cast<std::uint8_t>(whole[at] ^ (1U << bit));
      look(changed);
    }
    for (const std::uint8_t octet : replacements) {
      changed[at] = octet;
      look(changed);
    }
  }
  CHECK(decoded > whole.size());
}

TEST_CASE("three thousand names in one certificate") {
  Bytes names;
  for (int i = 0; i < 3000; ++i) names = join(names, tlv(0x82, text("host-" + std::to_string(i))));
  const Decoded certificate{with_extension(extension("551d11", seq(names)))};
  REQUIRE(certificate);
  CHECK(certificate->extensions.subject_alt_name->count == 3000);
}
