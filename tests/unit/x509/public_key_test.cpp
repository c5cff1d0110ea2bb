#include <doctest/doctest.h>

#include "tests/unit/x509/der_builder.hpp"
#include "x509/titles.hpp"

using namespace meshcert;
using namespace meshcert::testing;

namespace {

Decoded with_key(const Bytes& key) {
  Parts parts;
  parts.key = key;
  return Decoded{parts};
}

Bytes spki(const Bytes& algorithm, const Bytes& contents) {
  return seq(algorithm, tlv(0x03, join(hex("00"), contents)));
}

const Bytes kEc = oid("2a8648ce3d0201");
const Bytes kPoint = hex("04aabb");

}  // namespace

TEST_CASE("public keys: algorithm, size, curve") {
  struct Row {
    Bytes key;
    const char* shown;
    KeyAlgorithm algorithm;
    Curve curve;
    std::uint32_t bits;
  };
  const auto rsa = [](const char* modulus) { return seq(integer(modulus), integer("03")); };
  const auto rsa_algorithm = seq(oid("2a864886f70d010101"), null());
  const auto dsa = seq(oid("2a8648ce380401"), seq(integer("00ffff"), integer("03"), integer("02")));
  const auto explicit_curve = seq(kEc, seq(integer("01"), seq(oid("2a8648ce3d0101"), integer("00ffffff"))));
  const Row rows[] = {
      {rsa_key(), "RSA 2048", KeyAlgorithm::rsa, Curve::none, 2048},
      {spki(rsa_algorithm, rsa("7f")), "RSA 7", KeyAlgorithm::rsa, Curve::none, 7},
      {spki(rsa_algorithm, null()), "RSA", KeyAlgorithm::rsa, Curve::none, 0},
      {spki(seq(oid("2a864886f70d01010a")), rsa("00ff")), "RSA-PSS 8", KeyAlgorithm::rsa_pss, Curve::none, 8},
      {spki(seq(kEc, oid("2a8648ce3d030107")), kPoint), "EC P-256", KeyAlgorithm::ec, Curve::p256, 256},
      {spki(seq(kEc, oid("2b81040022")), kPoint), "EC P-384", KeyAlgorithm::ec, Curve::p384, 384},
      {spki(seq(kEc, oid("2b81040023")), kPoint), "EC P-521", KeyAlgorithm::ec, Curve::p521, 521},
      {spki(seq(kEc, oid("2b81040021")), kPoint), "EC P-224", KeyAlgorithm::ec, Curve::p224, 224},
      {spki(seq(kEc, oid("2b8104000a")), kPoint), "EC secp256k1", KeyAlgorithm::ec, Curve::secp256k1, 256},
      {spki(seq(kEc, oid("2b2403030208010107")), kPoint), "EC brainpoolP256r1", KeyAlgorithm::ec,
       Curve::other_named, 256},
      {spki(seq(kEc, oid("2a03")), kPoint), "EC 1.2.3", KeyAlgorithm::ec, Curve::other_named, 0},
      {spki(explicit_curve, kPoint), "EC explicit parameters", KeyAlgorithm::ec, Curve::explicit_parameters,
       24},
      {spki(seq(kEc, null()), kPoint), "EC", KeyAlgorithm::ec, Curve::none, 0},
      {spki(seq(kEc), kPoint), "EC", KeyAlgorithm::ec, Curve::none, 0},
      {spki(seq(oid("2b6570")), kPoint), "Ed25519", KeyAlgorithm::ed25519, Curve::none, 256},
      {spki(seq(oid("2b6571")), kPoint), "Ed448", KeyAlgorithm::ed448, Curve::none, 456},
      {spki(seq(oid("2b656e")), kPoint), "X25519", KeyAlgorithm::x25519, Curve::none, 256},
      {spki(seq(oid("2b656f")), kPoint), "X448", KeyAlgorithm::x448, Curve::none, 448},
      {spki(dsa, integer("02")), "DSA 16", KeyAlgorithm::dsa, Curve::none, 16},
      {spki(seq(oid("2a864886f70d010301"), seq(integer("7f"), integer("02"))), integer("02")), "DH 7",
       KeyAlgorithm::dh, Curve::none, 7},
      {spki(seq(oid("2a0304")), kPoint), "1.2.3.4", KeyAlgorithm::unknown, Curve::none, 0},
  };
  for (const Row& row : rows) {
    CAPTURE(std::string(row.shown));
    const auto certificate = with_key(row.key);
    REQUIRE(certificate);
    const PublicKey& key = certificate->key;
    CHECK(to_string(key) == row.shown);
    CHECK(key.algorithm == row.algorithm);
    CHECK(key.curve == row.curve);
    CHECK(key.bits == row.bits);
    CHECK(key.spki.size() == row.key.size());
    CHECK(certificate->defects.none());
  }
}

TEST_CASE("RSA exponents saturate") {
  const auto key = [](const char* value) {
    return with_key(spki(seq(oid("2a864886f70d010101"), null()), seq(integer("7f"), integer(value))))->key;
  };
  const auto exponent = [&key](const char* value) { return key(value).rsa_exponent; };
  CHECK(exponent("010001") == 65537);
  CHECK(exponent("00ffffffffffffffff") == UINT64_MAX);
  CHECK(exponent("010000000000000000") == UINT64_MAX);
  CHECK(exponent("ff") == 0);
  CHECK(exponent_of(key("010001")) == "65537");
  CHECK(exponent_of(key("010000000000000000")) == "2^64 - 1 or more");
}

TEST_CASE("curve_name is only for EC keys") {
  CHECK(curve_name(with_key(spki(seq(kEc, oid("2a8648ce3d030107")), kPoint))->key) == "P-256");
  CHECK_FALSE(curve_name(with_key(rsa_key())->key));
}

TEST_CASE("signature algorithms by their RFC names, RSA-PSS with its parameters") {
  const auto named = [](const Bytes& algorithm) {
    Parts parts;
    parts.inner_algorithm = parts.outer_algorithm = algorithm;
    return Decoded{parts};
  };
  const std::pair<const char*, const char*> rows[] = {
      {"2a864886f70d01010b", "sha256WithRSAEncryption"},
      {"2a864886f70d010105", "sha1WithRSAEncryption"},
      {"2a864886f70d010104", "md5WithRSAEncryption"},
      {"2a8648ce3d040302", "ecdsa-with-SHA256"},
      {"2b6570", "Ed25519"},
      {"2b6571", "Ed448"},
      {"608648016503040302", "dsa-with-sha256"},
      {"2a811ccf55018375", "SM2-with-SM3"},
      {"2a0304", "1.2.3.4"},
  };
  for (const auto& [id, expected] : rows)
    CHECK(algorithm_name(named(seq(oid(id)))->signature_algorithm) == expected);

  const Bytes pss = oid("2a864886f70d01010a");
  const Bytes sha256 = seq(oid("608648016503040201"), null());
  const Bytes mgf1 = seq(oid("2a864886f70d010108"), sha256);
  const auto full = named(seq(pss, seq(tlv(0xa0, sha256), tlv(0xa1, mgf1), tlv(0xa2, integer("40")))));
  CHECK(algorithm_name(full->signature_algorithm) == "RSASSA-PSS");
  REQUIRE(full->signature_algorithm.pss);
  CHECK(to_dotted(full->signature_algorithm.pss->hash_oid) == "2.16.840.1.101.3.4.2.1");
  CHECK(to_dotted(full->signature_algorithm.pss->mgf_hash_oid) == "2.16.840.1.101.3.4.2.1");
  CHECK(full->signature_algorithm.pss->salt_length == 64);
  CHECK(full->defects.none());

  const auto defaults = named(seq(pss, seq()));
  REQUIRE(defaults->signature_algorithm.pss);
  CHECK(defaults->signature_algorithm.pss->hash_oid.empty());
  CHECK(defaults->signature_algorithm.pss->salt_length == 20);
  CHECK(named(seq(pss, seq(tlv(0xa2, integer("14")))))->defects.has(DerDefect::default_value_encoded));

  for (const Bytes& parameters : {Bytes(), null(), seq(tlv(0xa0, null())), seq(tlv(0xa1, sha256)),
                                  seq(tlv(0xa2, integer("ff"))), seq(tlv(0xa3, integer("02")))}) {
    CHECK_FALSE(named(seq(pss, parameters))->signature_algorithm.pss);
  }
}
