#include "path/verifiers.hpp"

#include <algorithm>
#include <bit>
#include <limits>
#include <vector>

#include "path/strength.hpp"
#include "x509/oids.hpp"
#include "x509/titles.hpp"

namespace meshcert::path {
namespace {

using x509::Oid;

struct Name {
  Verifier verifier;
  std::string_view words;
};
constexpr Name kNames[] = {
    {go, "Go (istiod)"}, {boringssl, "BoringSSL (Envoy)"}, {rustls, "rustls (ztunnel)"}};

/// What is in no table is verified by none: Ed448, DSA, SM2, SHA-3. Go:
/// crypto/x509/x509.go (signatureAlgorithmDetails); BoringSSL: crypto/x509/algorithm.cc and
/// crypto/evp; rustls: rustls-webpki src/aws_lc_rs_algs.rs, which ztunnel is built with.
struct Signature {
  Oid oid;
  Verifiers by;
};
constexpr Signature kSignatures[] = {
    {x509::kSha1WithRsa, boringssl},           // RSA with SHA-1
    {x509::kEcdsaWithSha1, boringssl},         // ECDSA with SHA-1
    {x509::kSha224WithRsa, boringssl},         // RSA with SHA-224
    {x509::kEcdsaWithSha224, boringssl},       // ECDSA with SHA-224
    {x509::kSha256WithRsa, kEveryVerifier},    // RSA with SHA-256
    {x509::kSha384WithRsa, kEveryVerifier},    // RSA with SHA-384
    {x509::kSha512WithRsa, kEveryVerifier},    // RSA with SHA-512
    {x509::kEcdsaWithSha256, kEveryVerifier},  // ECDSA with SHA-256
    {x509::kEcdsaWithSha384, kEveryVerifier},  // ECDSA with SHA-384
    {x509::kEcdsaWithSha512, kEveryVerifier},  // ECDSA with SHA-512
    {x509::kEd25519, kEveryVerifier},
};

/// Hash of RSASSA-PSS, with the one length of salt that goes with it (boringssl
/// crypto/x509/rsa_pss.cc; go crypto/x509, getSignatureAlgorithmFromAI).
struct PssHash {
  Oid oid;
  std::string_view name;
  std::uint32_t salt_length;
};
constexpr PssHash kPssHashes[] = {
    {x509::kSha256, "SHA-256", 32}, {x509::kSha384, "SHA-384", 48}, {x509::kSha512, "SHA-512", 64}};

const PssHash* find_hash(ByteView oid) {
  const auto* row = std::ranges::find_if(kPssHashes, [oid](const PssHash& hash) { return hash.oid == oid; });
  return row == std::end(kPssHashes) ? nullptr : row;
}

Verifiers verifiers_of(const SignatureAlgorithm::Pss& pss) {
  const PssHash* hash = find_hash(pss.hash_oid);
  const bool known = hash != nullptr && hash->oid == pss.mgf_hash_oid && hash->salt_length == pss.salt_length;
  return known ? kEveryVerifier : kNoVerifier;
}

/// Keys of an issuer. Go refuses RSA below 1024 bits (1.24) and, in crypto/tls, above 8192;
/// rustls takes 2048 to 8192; BoringSSL, 512 to 16384.
struct Key {
  KeyAlgorithm algorithm;
  Curve curve;
  std::uint32_t least_bits, most_bits;
  Verifiers by;
};
constexpr std::uint32_t kAny = std::numeric_limits<std::uint32_t>::max();
constexpr Key kKeys[] = {
    {KeyAlgorithm::rsa, Curve::none, 512, 1023, boringssl},
    {KeyAlgorithm::rsa, Curve::none, 1024, 2047, go | boringssl},
    {KeyAlgorithm::rsa, Curve::none, 2048, 8192, kEveryVerifier},
    {KeyAlgorithm::rsa, Curve::none, 8193, 16384, boringssl},
    {KeyAlgorithm::ec, Curve::p224, 0, kAny, go | boringssl},
    {KeyAlgorithm::ec, Curve::p256, 0, kAny, kEveryVerifier},
    {KeyAlgorithm::ec, Curve::p384, 0, kAny, kEveryVerifier},
    {KeyAlgorithm::ec, Curve::p521, 0, kAny, kEveryVerifier},
    {KeyAlgorithm::ed25519, Curve::none, 0, kAny, kEveryVerifier},
};

/// Public exponents: odd, and of 31 bits in Go, of 33 in the others.
Verifiers verifiers_of_exponent(std::uint64_t exponent) {
  if (exponent < 3 || exponent % 2 == 0 || exponent >> 33U != 0) return kNoVerifier;
  return exponent >> 31U == 0 ? kEveryVerifier : boringssl | rustls;
}

}  // namespace

std::string describe(Verifiers verifiers) {
  std::vector<std::string_view> named;
  for (const Name& name : kNames)
    if ((verifiers & name.verifier) != 0) named.push_back(name.words);
  std::string words;
  for (std::size_t i = 0; i < named.size(); ++i)
    (words += i == 0 ? "" : i + 1 == named.size() ? " and " : ", ") += named[i];
  return words;
}

std::string who_takes(Verifiers verifiers) {
  const Verifiers others = kEveryVerifier & ~verifiers;
  return describe(verifiers) + (std::has_single_bit(verifiers) ? " takes it, " : " take it, ") +
         describe(others) + (std::has_single_bit(others) ? " refuses it" : " refuse it");
}

Verifiers verifiers_of(const SignatureAlgorithm& algorithm) {
  if (algorithm.pss) return verifiers_of(*algorithm.pss);
  const auto* row =
      std::ranges::find_if(kSignatures, [&](const Signature& one) { return one.oid == algorithm.oid; });
  return row == std::end(kSignatures) ? kNoVerifier : row->by;
}

Verifiers verifiers_of(const PublicKey& key) {
  const auto* row = std::ranges::find_if(kKeys, [&key](const Key& one) {
    return one.algorithm == key.algorithm && one.curve == key.curve && key.bits >= one.least_bits &&
           key.bits <= one.most_bits;
  });
  if (row == std::end(kKeys)) return kNoVerifier;
  return key.algorithm == KeyAlgorithm::rsa ? row->by & verifiers_of_exponent(key.rsa_exponent) : row->by;
}

Verifiers verifiers_of_link(const Certificate& certificate, const PublicKey& issuer) {
  const SignatureAlgorithm& algorithm = certificate.signature_algorithm;
  const bool weak = security_bits(algorithm) < kLeastDigestBits;
  return verifiers_of(issuer) & (weak ? kEveryVerifier : verifiers_of(algorithm));
}

Fault unsupported_link(const Certificate& certificate, const PublicKey& issuer, std::size_t index) {
  return {FaultKind::unsupported_algorithm, index,
          "a signature of " + signature_words(certificate.signature_algorithm) + " by a key of " +
              key_words(issuer),
          std::string(kVerifiedByAll)};
}

std::string key_words(const PublicKey& key) {
  const bool rare =
      key.algorithm == KeyAlgorithm::rsa && verifiers_of_exponent(key.rsa_exponent) != kEveryVerifier;
  return to_string(key) + (rare ? " with the public exponent " + exponent_of(key) : "");
}

std::string signature_words(const SignatureAlgorithm& algorithm) {
  std::string words = algorithm_name(algorithm);
  if (!algorithm.pss || verifiers_of(algorithm) == kEveryVerifier) return words;
  const PssHash *hash = find_hash(algorithm.pss->hash_oid), *mask = find_hash(algorithm.pss->mgf_hash_oid);
  words += " with " + std::string(hash == nullptr ? "another hash" : hash->name);
  if (hash != mask) words += ", a mask of " + std::string(mask == nullptr ? "another hash" : mask->name);
  return words + " and a salt of " + std::to_string(algorithm.pss->salt_length) + " octets";
}

}  // namespace meshcert::path
