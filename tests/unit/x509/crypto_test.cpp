#include "x509/crypto.hpp"

#include <doctest/doctest.h>
#include <openssl/err.h>

#include "tests/unit/x509/openssl_certificate.hpp"

using namespace meshcert;
using namespace meshcert::testing;

namespace {

std::optional<bool> self_signed(const Bytes& der) {
  Decoded decoded{der};
  REQUIRE(decoded);
  Certificate certificate = *decoded;
  x509::decide_self_signed(certificate);
  CHECK(ERR_peek_error() == 0);
  return certificate.self_signed;
}

/// The same certificate with one bit of its signature, its last octet, flipped.
Bytes damaged(Bytes der) {
  der.back() ^= 1;
  return der;
}

}  // namespace

TEST_CASE("decide_self_signed verifies with the certificate's own key") {
  const Key rsa = make_rsa_key();
  struct Row {
    const char* name;
    Bytes der;
  };
  const Row rows[] = {
      {"sha256WithRSAEncryption", make_certificate(rsa)},
      {"sha1WithRSAEncryption", make_certificate(rsa, {.digest = "SHA1"})},
      {"md5WithRSAEncryption", make_certificate(rsa, {.digest = "MD5"})},
      {"sha512WithRSAEncryption", make_certificate(rsa, {.digest = "SHA512"})},
      {"RSASSA-PSS", make_certificate(rsa, {.digest = "SHA256", .pss_salt = 32})},
      {"RSASSA-PSS", make_certificate(rsa, {.digest = "SHA384", .pss_salt = 10})},
      {"RSASSA-PSS", make_certificate(rsa, {.digest = "SHA1", .pss_salt = 20})},
      {"ecdsa-with-SHA256", make_certificate(make_ec_key())},
      {"ecdsa-with-SHA384", make_certificate(make_ec_key("P-384"), {.digest = "SHA384"})},
      {"ecdsa-with-SHA1", make_certificate(make_ec_key(), {.digest = "SHA1"})},
      {"Ed25519", make_certificate(make_key("ED25519"), {.digest = ""})},
      {"Ed448", make_certificate(make_key("ED448"), {.digest = ""})},
  };
  for (const Row& row : rows) {
    CAPTURE(std::string(row.name));
    CHECK(algorithm_name(Decoded { row.der } -> signature_algorithm) == row.name);
    CHECK(self_signed(row.der) == true);
    CHECK(self_signed(damaged(row.der)) == false);
  }
}

TEST_CASE("a namesake that another key signed is not self-signed") {
  const Key own = make_ec_key();
  const Key other = make_ec_key();
  const Key rsa = make_rsa_key();
  CHECK(self_signed(make_certificate(own.get(), own.get())) == true);
  CHECK(self_signed(make_certificate(own.get(), other.get())) == false);
  CHECK(self_signed(make_certificate(own.get(), rsa.get())) == false);
}

TEST_CASE("what cannot be decided stays open") {
  Parts parts;
  CHECK_FALSE(self_signed(parts.build()));  // issuer and subject differ
  parts.issuer = parts.subject;
  CHECK(self_signed(parts.build()) == false);
  Parts unknown_algorithm = parts;
  unknown_algorithm.inner_algorithm = unknown_algorithm.outer_algorithm = seq(oid("2a0304"));
  CHECK_FALSE(self_signed(unknown_algorithm.build()));
  Parts unknown_key = parts;
  unknown_key.key = seq(seq(oid("2a0304")), bits("00aa"));
  CHECK_FALSE(self_signed(unknown_key.build()));
  Parts unusable_key = parts;
  unusable_key.key = seq(seq(oid("2a864886f70d010101"), null()), bits("00aa"));
  CHECK_FALSE(self_signed(unusable_key.build()));
  Parts pss_without_parameters = parts;
  pss_without_parameters.inner_algorithm = pss_without_parameters.outer_algorithm =
      seq(oid("2a864886f70d01010a"));
  CHECK_FALSE(self_signed(pss_without_parameters.build()));
}

TEST_CASE("a verifier tells whose key made a signature") {
  const Key issuer = make_rsa_key();
  const Key other = make_rsa_key();
  const Key curve = make_ec_key();
  const Decoded by_issuer{make_certificate(curve.get(), issuer.get())};
  const Decoded of_issuer{make_certificate(issuer)};
  const Decoded of_other{make_certificate(other)};
  x509::SignatureVerifier verifier;
  for (int again = 0; again < 2; ++again) {
    CHECK(verifier.verify(*by_issuer, of_issuer->key) == true);
    CHECK(verifier.verify(*by_issuer, of_other->key) == false);
    CHECK(verifier.verify(*by_issuer, by_issuer->key) == false);  // a key of another kind
  }
  CHECK(ERR_peek_error() == 0);
  const Bytes bad = damaged(make_certificate(curve.get(), issuer.get()));
  const Decoded altered{bad};
  CHECK(verifier.verify(*altered, of_issuer->key) == false);
}

TEST_CASE("a verifier leaves open what cannot be decided") {
  const Decoded certificate{make_certificate(make_rsa_key())};
  x509::SignatureVerifier verifier;
  PublicKey too_large = certificate->key;
  too_large.bits = 16385;
  CHECK_FALSE(verifier.verify(*certificate, too_large).has_value());
  CHECK(x509::SignatureVerifier().verify(*certificate, certificate->key) == true);
  PublicKey unusable = certificate->key;
  unusable.spki = unusable.spki.first(unusable.spki.size() / 2);
  CHECK_FALSE(verifier.verify(*certificate, unusable).has_value());
  PublicKey unknown = certificate->key;
  unknown.algorithm = KeyAlgorithm::unknown;
  unknown.spki = unknown.spki.first(1);
  CHECK_FALSE(verifier.verify(*certificate, unknown).has_value());
}

TEST_CASE("sha256_fingerprint is that of the whole DER") {
  const Bytes der = make_certificate(make_ec_key());
  unsigned char digest[32];
  EVP_Digest(der.data(), der.size(), digest, nullptr, EVP_sha256(), nullptr);
  std::string expected;
  for (const unsigned char octet : digest) {
    expected += "0123456789abcdef"[octet >> 4];
    expected += "0123456789abcdef"[octet & 15];
  }
  CHECK(sha256_fingerprint(*Decoded{join(der, null())}) == expected);
}
