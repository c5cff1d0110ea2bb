#include <doctest/doctest.h>

#include <string>

#include "input/shape.hpp"
#include "tests/support/sample.hpp"
#include "tests/support/truncate.hpp"
#include "tests/unit/input/envoy_fixture.hpp"

using namespace meshcert;
using meshcert::testing::check_truncations;
using meshcert::testing::Collector;
using meshcert::testing::read;
using meshcert::testing::sample;
using meshcert::testing::tlv;

namespace {

const std::string kOid("\x06\x09\x2A\x86\x48\x86\xF7\x0D\x01\x07\x02", 11);

// Octets at the end of the SignedData, of its [0], and of the ContentInfo.
std::string with_surplus(const std::string& members, const std::string& data, const std::string& content,
                         const std::string& info) {
  const std::string body =
      tlv('\x30', tlv('\x02', "\x01") + tlv('\x31', "") + tlv('\x30', "") + members + tlv('\x31', "") + data);
  return tlv('\x30', kOid + tlv('\xA0', body + content) + info);
}

std::string frame(const std::string& members) {
  const std::string body =
      tlv('\x30', tlv('\x02', "\x01") + tlv('\x31', "") + tlv('\x30', "") + members + tlv('\x31', ""));
  return tlv('\x30', kOid + tlv('\xA0', body));
}

std::string leaf() {
  return sample("input/healthy-single.der");
}

}  // namespace

TEST_CASE("PKCS#7: the leaf is the first of its certificates, wherever it stands in the set") {
  for (const char* path :
       {"input/healthy-pkcs7.p7b", "input/healthy-pkcs7.pem", "input/healthy-pkcs7-sorted.p7b"}) {
    CAPTURE(path);
    const Collector found = read(path, sample(path));
    CHECK(found.defects().empty());
    REQUIRE(found.artifacts.size() == 1);
    REQUIRE(found.artifacts[0].certificates.size() == 2);
    CHECK(found.artifacts[0].kind == ArtifactKind::workload_chain);
    CHECK(found.artifacts[0].leaf == 0);
    CHECK_FALSE(found.artifacts[0].certificates[0].is_ca());
  }
  const Collector own = read("f", frame(tlv('\xA0', leaf() + leaf())));
  CHECK(own.defects().empty());
  CHECK(own.certificates() == 2);
}

TEST_CASE("PKCS#7: BER, as Windows and Java write it") {
  const std::string end("\0\0", 2);
  const auto open = [](char tag) { return std::string{tag, '\x80'}; };
  const std::string body = open('\x30') + tlv('\x02', "\x01") + tlv('\x31', "") + tlv('\x30', "") +
                           open('\xA0') + leaf() + end + tlv('\x31', "") + end;
  const Collector found = read("f", open('\x30') + kOid + open('\xA0') + body + end + end);
  CHECK(found.defects().empty());
  CHECK(found.certificates() == 1);
}

TEST_CASE("PKCS#7: what is passed over, and what is lost") {
  struct Row {
    std::string octets;
    DefectKind kind;
    bool lost;
    std::string_view detail;
    std::size_t certificates;
  };
  using enum DefectKind;
  const std::string one = tlv('\xA0', leaf());
  const Row rows[] = {
      {frame(one + tlv('\xA1', tlv('\xA1', "") + tlv('\xA1', ""))), unsupported_block, false,
       "2 lists of other kinds in the PKCS#7 set", 1},
      {frame(one + tlv('\xA1', tlv('\x30', ""))), malformed, true, "CRL 1 of the set: ", 1},
      {frame(tlv('\xA0', leaf() + tlv('\xA1', ""))), unsupported_block, false,
       "1 member that is no X.509 certificate in the PKCS#7 set", 1},
      {frame(tlv('\xA0', leaf() + tlv('\x30', ""))), malformed, true, "certificate 2 of the set: ", 1},
      {frame(tlv('\xA0', leaf() + "\x30\x7F")), malformed, true, "member 2 of the set cannot be read", 1},
      {frame(one + tlv('\xA1', "\x30\x7F")), malformed, true,
       "member 1 of the lists of revoked certificates cannot be read", 1},
      {frame(one + tlv('\xA1', leaf())), malformed, true,
       "member 1 of the lists of revoked certificates is a certificate", 1},
      {with_surplus(one, tlv('\xA0', leaf()), "", ""), malformed, true, "", 1},
      {with_surplus(one, "", tlv('\x30', "x"), ""), malformed, true, "3 octets after the last member", 1},
      {with_surplus(one, "", "", "\x30\x7F"), malformed, true, "2 octets after the last member", 1},
      {frame(one) + "x", trailing_data, true, "1 octets", 1},
      {frame(one) + "\n", trailing_data, false, "1 octets", 1},
      {frame(""), no_certificates, true, "PKCS#7 with 0 certificates", 0},
      {tlv('\x30', kOid), malformed, true, "the SignedData of the PKCS#7 cannot be read", 0},
      {tlv('\x30', kOid.substr(0, 10) + '\x03'), malformed, true, "PKCS#7, but no SignedData", 0},
      {tlv('\x30', kOid + tlv('\xA0', tlv('\x30', tlv('\x02', "\x01")))), malformed, true, "the SignedData",
       0},
  };
  for (const Row& row : rows) {
    CAPTURE(row.detail);
    const Collector found = read("f", row.octets);
    CHECK(found.certificates() == row.certificates);
    const auto defects = found.defects();
    REQUIRE(defects.size() == 1);
    CHECK(defects[0].kind == row.kind);
    CHECK(defects[0].lost == row.lost);
    CHECK(defects[0].detail.starts_with(row.detail));
  }
}

TEST_CASE("PKCS#7: in a dump it is read, but said to be nothing that Envoy reads") {
  using namespace meshcert::testing;
  const auto dump = [](const std::string& path) {
    return read("d.json", root_ca("{\"inlineBytes\":\"" + encoded(path) + "\"}"));
  };
  const Collector found = dump("input/healthy-pkcs7.pem");
  CHECK(found.certificates() == 2);
  REQUIRE(found.defects().size() == 1);
  CHECK(found.defects()[0].kind == DefectKind::malformed);
  CHECK_FALSE(found.lost());
  CHECK(dump("pki/root.pem").defects().empty());
}

TEST_CASE("PKCS#7: detected by its content type alone") {
  CHECK(input::looks_like_pkcs7(as_bytes(frame(""))));
  CHECK_FALSE(input::looks_like_pkcs7(as_bytes(leaf())));
  CHECK_FALSE(input::looks_like_pkcs7(as_bytes(frame("").substr(0, 11))));
  CHECK_FALSE(input::looks_like_pkcs7({}));
  CHECK(detect(as_bytes(frame(""))) == Format::pkcs7);
}

TEST_CASE("truncation: PKCS#7, at every octet") {
  const std::string octets = sample("input/healthy-pkcs7.p7b");
  check_truncations("f", octets, [](std::size_t) { return true; });
}
