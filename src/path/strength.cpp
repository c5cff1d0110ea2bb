#include "path/strength.hpp"

#include <algorithm>
#include <array>

#include "x509/signature_schemes.hpp"

namespace meshcert::path {
namespace {

/// What a collision of a digest costs, in bits. SHA-1: Leurent and Peyrin, 2020, as OpenSSL counts it; MD5
/// likewise.
constexpr unsigned kMd = 39, kSha1 = 63, kOthers = 128;

struct Digest {
  std::string_view name;  ///< OpenSSL's
  unsigned bits;
};
constexpr Digest kDigests[] = {{"MD2", kMd},      {"MD4", kMd},      {"MD5", kMd},     {"SHA1", kSha1},
                               {"SHA224", 112},   {"SHA384", 192},   {"SHA512", 256},  {"SHA512-224", 112},
                               {"SHA3-224", 112}, {"SHA3-384", 192}, {"SHA3-512", 256}};

/// OpenSSL's name of the digest; "" where there is none, or none that is known.
std::string_view digest_of(const SignatureAlgorithm& algorithm) {
  const auto* scheme = x509::find_scheme(algorithm.oid);
  const char* name = algorithm.pss ? x509::pss_digest(algorithm.pss->hash_oid)
                                   : (scheme == nullptr ? nullptr : scheme->digest);
  return name == nullptr ? std::string_view() : name;
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

void check_key(const PublicKey& key, std::size_t index, const Settings& settings,
               std::vector<Fault>& faults) {
  if (key.is_rsa() && key.bits < settings.min_rsa_bits)
    faults.push_back(
        {FaultKind::weak_key, index, to_string(key), "RSA " + std::to_string(settings.min_rsa_bits)});
  else if (const unsigned least = bits_of_level(settings.security_level); security_bits(key) < least)
    faults.push_back(
        {FaultKind::weak_key, index, to_string(key), std::to_string(least) + " bits of security"});
}

void check_signature(const SignatureAlgorithm& algorithm, std::size_t index, const Settings& settings,
                     std::vector<Fault>& faults) {
  const unsigned bits = security_bits(algorithm);
  const unsigned least = bits_of_level(settings.security_level);
  if (bits <= kMd)
    faults.push_back({FaultKind::refused_signature, index, algorithm_name(algorithm), "SHA-1"});
  else if (bits < least)
    faults.push_back({FaultKind::weak_signature, index, algorithm_name(algorithm),
                      std::to_string(least) + " bits of security"});
  else if (settings.refuse_sha1 && bits <= kSha1)
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
  const auto* row = std::ranges::find(kDigests, digest_of(algorithm), &Digest::name);
  return row == std::end(kDigests) ? kOthers : row->bits;
}

void check_strength(const Certificate& certificate, std::size_t index, bool is_anchor,
                    const Settings& settings, std::vector<Fault>& faults) {
  check_key(certificate.key, index, settings, faults);
  if (!is_anchor) check_signature(certificate.signature_algorithm, index, settings, faults);
}

}  // namespace meshcert::path
