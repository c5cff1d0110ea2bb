#include "path/strength.hpp"

#include <algorithm>
#include <array>

#include "x509/oids.hpp"

namespace meshcert::path {
namespace {

using x509::Oid;

/// Digest is a hash with what a collision of it costs, in bits. SHA-1: Leurent and
/// Peyrin, 2020, as OpenSSL counts it; MD5 likewise.
struct Digest {
  std::string_view name;
  unsigned bits;
};
constexpr Digest kMd{"MD2, MD4 or MD5", 39}, kSha1{"SHA-1", 63}, kSha224{"SHA-224", 112},
    kSha256{"SHA-256", 128}, kSha384{"SHA-384", 192}, kSha512{"SHA-512", 256};

struct Row {
  Oid oid;
  const Digest& digest;
};

constexpr Row kSignatures[] = {
    {Oid{"1.2.840.113549.1.1.2"}, kMd},
    {Oid{"1.2.840.113549.1.1.3"}, kMd},
    {Oid{"1.2.840.113549.1.1.4"}, kMd},
    {Oid{"1.2.840.113549.1.1.5"}, kSha1},
    {Oid{"1.3.14.3.2.29"}, kSha1},
    {Oid{"1.2.840.10045.4.1"}, kSha1},
    {Oid{"1.2.840.10040.4.3"}, kSha1},
    {Oid{"1.2.840.113549.1.1.14"}, kSha224},
    {Oid{"1.2.840.10045.4.3.1"}, kSha224},
    {Oid{"2.16.840.1.101.3.4.3.1"}, kSha224},
    {Oid{"1.2.840.113549.1.1.11"}, kSha256},
    {Oid{"1.2.840.10045.4.3.2"}, kSha256},
    {Oid{"2.16.840.1.101.3.4.3.2"}, kSha256},
    {Oid{"1.2.840.113549.1.1.12"}, kSha384},
    {Oid{"1.2.840.10045.4.3.3"}, kSha384},
    {Oid{"2.16.840.1.101.3.4.3.3"}, kSha384},
    {Oid{"1.2.840.113549.1.1.13"}, kSha512},
    {Oid{"1.2.840.10045.4.3.4"}, kSha512},
    {Oid{"2.16.840.1.101.3.4.3.4"}, kSha512},
};

/// Hashes that RSASSA-PSS names; absent is SHA-1.
constexpr Row kHashes[] = {
    {Oid{"1.3.14.3.2.26"}, kSha1},
    {Oid{"2.16.840.1.101.3.4.2.4"}, kSha224},
    {Oid{"2.16.840.1.101.3.4.2.1"}, kSha256},
    {Oid{"2.16.840.1.101.3.4.2.2"}, kSha384},
    {Oid{"2.16.840.1.101.3.4.2.3"}, kSha512},
};

const Digest& digest_of(const SignatureAlgorithm& algorithm) {
  if (algorithm.pss && algorithm.pss->hash_oid.empty()) return kSha1;
  const ByteView oid = algorithm.pss ? algorithm.pss->hash_oid : algorithm.oid;
  const std::span<const Row> table = algorithm.pss ? std::span<const Row>(kHashes) : kSignatures;
  const auto row = std::ranges::find_if(table, [oid](const Row& r) { return r.oid == oid; });
  return row == table.end() ? kSha256 : row->digest;
}

/// RSA, DSA: SP 800-57 part 1 table 2, and what is between stands lower.
struct Modulus {
  std::uint32_t bits;
  unsigned security;
};
constexpr Modulus kModuli[] = {{15360, 256}, {7680, 192}, {3072, 128}, {2048, 112}, {1024, 80}};

constexpr std::array<unsigned, 6> kLevels = {0, 80, 112, 128, 192, 256};

unsigned bits_of_level(unsigned level) {
  return kLevels[std::min<std::size_t>(level, kLevels.size() - 1)];
}

bool is_rsa(const PublicKey& key) {
  return key.algorithm == KeyAlgorithm::rsa || key.algorithm == KeyAlgorithm::rsa_pss;
}

void check_key(const PublicKey& key, std::size_t index, const Settings& settings,
               std::vector<Fault>& faults) {
  if (is_rsa(key) && key.bits < settings.min_rsa_bits)
    faults.push_back(
        {FaultKind::weak_key, index, to_string(key), "RSA " + std::to_string(settings.min_rsa_bits)});
  else if (const unsigned least = bits_of_level(settings.security_level); security_bits(key) < least)
    faults.push_back(
        {FaultKind::weak_key, index, to_string(key), std::to_string(least) + " bits of security"});
}

void check_signature(const SignatureAlgorithm& algorithm, std::size_t index, const Settings& settings,
                     std::vector<Fault>& faults) {
  const Digest& digest = digest_of(algorithm);
  const unsigned least = bits_of_level(settings.security_level);
  if (digest.bits <= kMd.bits)
    faults.push_back({FaultKind::refused_signature, index, algorithm_name(algorithm), "SHA-1"});
  else if (digest.bits < least)
    faults.push_back({FaultKind::weak_signature, index, algorithm_name(algorithm),
                      std::to_string(least) + " bits of security"});
  else if (settings.refuse_sha1 && digest.bits <= kSha1.bits)
    faults.push_back({FaultKind::weak_signature, index, algorithm_name(algorithm), "SHA-224"});
}

}  // namespace

unsigned security_bits(const PublicKey& key) {
  switch (key.algorithm) {
    case KeyAlgorithm::rsa:
    case KeyAlgorithm::rsa_pss:
    case KeyAlgorithm::dsa:
    case KeyAlgorithm::dh: {
      const auto row = std::ranges::find_if(kModuli, [&](const Modulus& m) { return key.bits >= m.bits; });
      return row == std::end(kModuli) ? 0 : row->security;
    }
    case KeyAlgorithm::ec:
      return key.bits / 2;
    case KeyAlgorithm::ed25519:
    case KeyAlgorithm::x25519:
      return 128;
    case KeyAlgorithm::ed448:
    case KeyAlgorithm::x448:
      return 224;
    case KeyAlgorithm::unknown:
      return 0;
  }
  return 0;
}

unsigned security_bits(const SignatureAlgorithm& algorithm) {
  return digest_of(algorithm).bits;
}

void check_strength(const Certificate& certificate, std::size_t index, bool is_anchor,
                    const Settings& settings, std::vector<Fault>& faults) {
  check_key(certificate.key, index, settings, faults);
  if (!is_anchor) check_signature(certificate.signature_algorithm, index, settings, faults);
}

}  // namespace meshcert::path
