#include "x509/signature_schemes.hpp"

#include <algorithm>

namespace meshcert::x509 {
namespace {

constexpr SignatureScheme kSchemes[] = {
    {Oid{"1.2.840.113549.1.1.11"}, Scheme::rsa_pkcs1, "SHA256"},
    {Oid{"1.2.840.113549.1.1.12"}, Scheme::rsa_pkcs1, "SHA384"},
    {Oid{"1.2.840.113549.1.1.13"}, Scheme::rsa_pkcs1, "SHA512"},
    {Oid{"1.2.840.113549.1.1.14"}, Scheme::rsa_pkcs1, "SHA224"},
    {Oid{"1.2.840.113549.1.1.15"}, Scheme::rsa_pkcs1, "SHA512-224"},
    {Oid{"1.2.840.113549.1.1.16"}, Scheme::rsa_pkcs1, "SHA512-256"},
    {Oid{"1.2.840.113549.1.1.5"}, Scheme::rsa_pkcs1, "SHA1"},
    {Oid{"1.3.14.3.2.29"}, Scheme::rsa_pkcs1, "SHA1"},
    {Oid{"1.2.840.113549.1.1.4"}, Scheme::rsa_pkcs1, "MD5"},
    {Oid{"1.2.840.113549.1.1.3"}, Scheme::rsa_pkcs1, "MD4"},
    {Oid{"1.2.840.113549.1.1.2"}, Scheme::rsa_pkcs1, "MD2"},
    {Oid{"2.16.840.1.101.3.4.3.13"}, Scheme::rsa_pkcs1, "SHA3-224"},
    {Oid{"2.16.840.1.101.3.4.3.14"}, Scheme::rsa_pkcs1, "SHA3-256"},
    {Oid{"2.16.840.1.101.3.4.3.15"}, Scheme::rsa_pkcs1, "SHA3-384"},
    {Oid{"2.16.840.1.101.3.4.3.16"}, Scheme::rsa_pkcs1, "SHA3-512"},
    {kRsassaPss, Scheme::rsa_pss, nullptr},
    {Oid{"1.2.840.10045.4.1"}, Scheme::ecdsa, "SHA1"},
    {Oid{"1.2.840.10045.4.3.1"}, Scheme::ecdsa, "SHA224"},
    {Oid{"1.2.840.10045.4.3.2"}, Scheme::ecdsa, "SHA256"},
    {Oid{"1.2.840.10045.4.3.3"}, Scheme::ecdsa, "SHA384"},
    {Oid{"1.2.840.10045.4.3.4"}, Scheme::ecdsa, "SHA512"},
    {Oid{"2.16.840.1.101.3.4.3.9"}, Scheme::ecdsa, "SHA3-224"},
    {Oid{"2.16.840.1.101.3.4.3.10"}, Scheme::ecdsa, "SHA3-256"},
    {Oid{"2.16.840.1.101.3.4.3.11"}, Scheme::ecdsa, "SHA3-384"},
    {Oid{"2.16.840.1.101.3.4.3.12"}, Scheme::ecdsa, "SHA3-512"},
    {Oid{"1.2.840.10040.4.3"}, Scheme::dsa, "SHA1"},
    {Oid{"2.16.840.1.101.3.4.3.1"}, Scheme::dsa, "SHA224"},
    {Oid{"2.16.840.1.101.3.4.3.2"}, Scheme::dsa, "SHA256"},
    {Oid{"2.16.840.1.101.3.4.3.3"}, Scheme::dsa, "SHA384"},
    {Oid{"2.16.840.1.101.3.4.3.4"}, Scheme::dsa, "SHA512"},
    {kEd25519, Scheme::eddsa, nullptr},
    {kEd448, Scheme::eddsa, nullptr},
};

/// Hashes that RSASSA-PSS parameters name.
constexpr NamedOid kDigests[] = {
    {Oid{"2.16.840.1.101.3.4.2.1"}, "SHA256"},
    {Oid{"2.16.840.1.101.3.4.2.2"}, "SHA384"},
    {Oid{"2.16.840.1.101.3.4.2.3"}, "SHA512"},
    {Oid{"2.16.840.1.101.3.4.2.4"}, "SHA224"},
    {Oid{"1.3.14.3.2.26"}, "SHA1"},
};

}  // namespace

const SignatureScheme* find_scheme(ByteView oid) {
  const auto* row = std::ranges::find_if(kSchemes, [&](const SignatureScheme& s) { return s.oid == oid; });
  return row == std::end(kSchemes) ? nullptr : row;
}

const char* pss_digest(ByteView oid) {
  if (oid.empty()) return "SHA1";
  const auto name = find_name(kDigests, oid);
  return name.empty() ? nullptr : name.data();
}

bool fits(KeyAlgorithm key, const SignatureScheme& scheme) {
  switch (scheme.scheme) {
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
