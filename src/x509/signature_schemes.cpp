#include "x509/signature_schemes.hpp"

#include <algorithm>

namespace meshcert::x509 {
namespace {

constexpr SignatureScheme kSchemes[] = {
    {kSha256WithRsa, "sha256WithRSAEncryption", Scheme::rsa_pkcs1, "SHA256"},
    {kEcdsaWithSha256, "ecdsa-with-SHA256", Scheme::ecdsa, "SHA256"},
    {kEcdsaWithSha384, "ecdsa-with-SHA384", Scheme::ecdsa, "SHA384"},
    {kEcdsaWithSha512, "ecdsa-with-SHA512", Scheme::ecdsa, "SHA512"},
    {kSha384WithRsa, "sha384WithRSAEncryption", Scheme::rsa_pkcs1, "SHA384"},
    {kSha512WithRsa, "sha512WithRSAEncryption", Scheme::rsa_pkcs1, "SHA512"},
    {kRsassaPss, "RSASSA-PSS", Scheme::rsa_pss, nullptr},
    {kEd25519, "Ed25519", Scheme::eddsa, nullptr},
    {kEd448, "Ed448", Scheme::eddsa, nullptr},
    {kSha1WithRsa, "sha1WithRSAEncryption", Scheme::rsa_pkcs1, "SHA1"},
    {kSha224WithRsa, "sha224WithRSAEncryption", Scheme::rsa_pkcs1, "SHA224"},
    {Oid{"1.2.840.113549.1.1.15"}, "sha512-224WithRSAEncryption", Scheme::rsa_pkcs1, "SHA512-224"},
    {Oid{"1.2.840.113549.1.1.16"}, "sha512-256WithRSAEncryption", Scheme::rsa_pkcs1, "SHA512-256"},
    {Oid{"1.2.840.113549.1.1.2"}, "md2WithRSAEncryption", Scheme::rsa_pkcs1, "MD2"},
    {Oid{"1.2.840.113549.1.1.3"}, "md4WithRSAEncryption", Scheme::rsa_pkcs1, "MD4"},
    {Oid{"1.2.840.113549.1.1.4"}, "md5WithRSAEncryption", Scheme::rsa_pkcs1, "MD5"},
    {Oid{"1.3.14.3.2.29"}, "sha1WithRSA", Scheme::rsa_pkcs1, "SHA1"},
    {kEcdsaWithSha1, "ecdsa-with-SHA1", Scheme::ecdsa, "SHA1"},
    {kEcdsaWithSha224, "ecdsa-with-SHA224", Scheme::ecdsa, "SHA224"},
    {Oid{"2.16.840.1.101.3.4.3.9"}, "id-ecdsa-with-sha3-224", Scheme::ecdsa, "SHA3-224"},
    {Oid{"2.16.840.1.101.3.4.3.10"}, "id-ecdsa-with-sha3-256", Scheme::ecdsa, "SHA3-256"},
    {Oid{"2.16.840.1.101.3.4.3.11"}, "id-ecdsa-with-sha3-384", Scheme::ecdsa, "SHA3-384"},
    {Oid{"2.16.840.1.101.3.4.3.12"}, "id-ecdsa-with-sha3-512", Scheme::ecdsa, "SHA3-512"},
    {Oid{"2.16.840.1.101.3.4.3.13"}, "id-rsassa-pkcs1-v1_5-with-sha3-224", Scheme::rsa_pkcs1, "SHA3-224"},
    {Oid{"2.16.840.1.101.3.4.3.14"}, "id-rsassa-pkcs1-v1_5-with-sha3-256", Scheme::rsa_pkcs1, "SHA3-256"},
    {Oid{"2.16.840.1.101.3.4.3.15"}, "id-rsassa-pkcs1-v1_5-with-sha3-384", Scheme::rsa_pkcs1, "SHA3-384"},
    {Oid{"2.16.840.1.101.3.4.3.16"}, "id-rsassa-pkcs1-v1_5-with-sha3-512", Scheme::rsa_pkcs1, "SHA3-512"},
    {Oid{"2.16.840.1.101.3.4.3.17"}, "id-ML-DSA-44", Scheme::none, nullptr},
    {Oid{"2.16.840.1.101.3.4.3.18"}, "id-ML-DSA-65", Scheme::none, nullptr},
    {Oid{"2.16.840.1.101.3.4.3.19"}, "id-ML-DSA-87", Scheme::none, nullptr},
    {Oid{"1.2.840.10040.4.3"}, "dsa-with-sha1", Scheme::dsa, "SHA1"},
    {Oid{"2.16.840.1.101.3.4.3.1"}, "dsa-with-sha224", Scheme::dsa, "SHA224"},
    {Oid{"2.16.840.1.101.3.4.3.2"}, "dsa-with-sha256", Scheme::dsa, "SHA256"},
    {Oid{"2.16.840.1.101.3.4.3.3"}, "dsa-with-sha384", Scheme::dsa, "SHA384"},
    {Oid{"2.16.840.1.101.3.4.3.4"}, "dsa-with-sha512", Scheme::dsa, "SHA512"},
    {Oid{"1.2.156.10197.1.501"}, "SM2-with-SM3", Scheme::none, nullptr},
};

/// Hashes that RSASSA-PSS parameters name.
constexpr NamedOid kDigests[] = {
    {kSha256, "SHA256"},
    {kSha384, "SHA384"},
    {kSha512, "SHA512"},
    {Oid{"2.16.840.1.101.3.4.2.4"}, "SHA224"},
    {Oid{"1.3.14.3.2.26"}, "SHA1"},
};

const SignatureScheme* find_row(ByteView oid) {
  const auto* row = std::ranges::find_if(kSchemes, [&](const SignatureScheme& s) { return s.oid == oid; });
  return row == std::end(kSchemes) ? nullptr : row;
}

}  // namespace

const SignatureScheme* find_scheme(ByteView oid) {
  const SignatureScheme* row = find_row(oid);
  return row == nullptr || row->scheme == Scheme::none ? nullptr : row;
}

std::string_view signature_algorithm_name(ByteView oid) {
  const SignatureScheme* row = find_row(oid);
  return row == nullptr ? std::string_view() : row->name;
}

const char* pss_digest(ByteView oid) {
  if (oid.empty()) return "SHA1";
  const auto name = find_name(kDigests, oid);
  return name.empty() ? nullptr : name.data();
}

bool fits(KeyAlgorithm key, const SignatureScheme& scheme) {
  switch (scheme.scheme) {
    case Scheme::none:
      return false;
    case Scheme::rsa_pkcs1:
      return key == KeyAlgorithm::rsa;
    case Scheme::rsa_pss:
      return key == KeyAlgorithm::rsa || key == KeyAlgorithm::rsa_pss;
    case Scheme::ecdsa:
      return key == KeyAlgorithm::ec;
    case Scheme::dsa:
      return key == KeyAlgorithm::dsa;
    case Scheme::eddsa:
      return key == (kEd25519 == scheme.oid.octets() ? KeyAlgorithm::ed25519 : KeyAlgorithm::ed448);
  }
  return false;
}

bool is_bounded(const PublicKey& key) {
  constexpr std::uint32_t kRsaBits = 16384, kDsaBits = 3072;
  constexpr std::uint64_t kRsaExponent = (std::uint64_t{1} << 33) - 1;
  switch (key.algorithm) {
    case KeyAlgorithm::rsa:
    case KeyAlgorithm::rsa_pss:
      return key.bits <= kRsaBits && key.rsa_exponent <= kRsaExponent;
    case KeyAlgorithm::dsa:
      return key.bits <= kDsaBits;
    case KeyAlgorithm::ec:
      return !key.curve_oid.empty();
    default:
      return true;
  }
}

}  // namespace meshcert::x509
