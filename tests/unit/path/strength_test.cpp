// What a collision of the digest in a signature costs, and the levels that ask for it.
#include "path/strength.hpp"

#include <doctest/doctest.h>

#include <string>

#include "tests/unit/x509/der_builder.hpp"

using namespace meshcert;
using namespace meshcert::testing;

namespace {

/// Whether a certificate with this AlgorithmIdentifier stands up to the level.
bool is_strong(const Bytes& algorithm, unsigned level) {
  Parts parts;
  parts.inner_algorithm = parts.outer_algorithm = algorithm;
  const Decoded certificate(parts);
  REQUIRE(certificate);
  path::Settings settings;
  settings.security_level = level;
  std::vector<path::Fault> faults;
  path::check_strength(*certificate, 0, false, settings, faults);
  return std::ranges::none_of(
      faults, [](const path::Fault& fault) { return fault.kind == path::FaultKind::weak_signature; });
}

/// RSASSA-PSS with this hash; without one it is SHA-1.
Bytes pss(const Bytes& hash) {
  return seq(oid("2a864886f70d01010a"), seq(hash.empty() ? Bytes() : tlv(0xa0, seq(hash))));
}

}  // namespace

TEST_CASE("a digest of 224 bits is worth 112, whatever its family") {
  struct {
    const char* what;
    Bytes algorithm;
    unsigned level;  ///< the highest that it stands up to
  } const rows[] = {
      {"RSA with SHA-224", seq(oid("2a864886f70d01010e"), null()), 2},
      {"RSA with SHA-256", seq(oid("2a864886f70d01010b"), null()), 3},
      {"RSA with SHA-512/224", seq(oid("2a864886f70d01010f"), null()), 2},
      {"RSA with SHA-512/256", seq(oid("2a864886f70d010110"), null()), 3},
      {"RSA with SHA-384", seq(oid("2a864886f70d01010c"), null()), 4},
      {"RSA with SHA-512", seq(oid("2a864886f70d01010d"), null()), 5},
      {"RSA with SHA3-224", seq(oid("60864801650304030d"), null()), 2},
      {"RSA with SHA3-256", seq(oid("60864801650304030e"), null()), 3},
      {"RSA with SHA3-384", seq(oid("60864801650304030f"), null()), 4},
      {"ECDSA with SHA3-224", seq(oid("608648016503040309")), 2},
      {"ECDSA with SHA3-256", seq(oid("60864801650304030a")), 3},
      {"ECDSA with SHA3-512", seq(oid("60864801650304030c")), 5},
      {"RSASSA-PSS with SHA-224", pss(oid("608648016503040204")), 2},
      {"RSASSA-PSS with SHA-256", pss(oid("608648016503040201")), 3},
      {"Ed25519", seq(oid("2b6570")), 3},
      {"none that is known", seq(oid("2a0304")), 3},
  };
  for (const auto& row : rows) {
    CAPTURE(row.what);
    CHECK(is_strong(row.algorithm, row.level));
    if (row.level < 5) CHECK_FALSE(is_strong(row.algorithm, row.level + 1));
  }
}

TEST_CASE("a modulus is worth what the next smaller of the table is, and below all of them nothing") {
  const auto bits_of = [](std::uint32_t modulus) {
    PublicKey key;
    key.algorithm = KeyAlgorithm::rsa;
    key.bits = modulus;
    return path::security_bits(key);
  };
  CHECK(bits_of(15360) == 256);
  CHECK(bits_of(3072) == 128);
  CHECK(bits_of(3071) == 112);
  CHECK(bits_of(1024) == 80);
  CHECK(bits_of(1023) == 0);
}
