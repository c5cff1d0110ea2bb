#define OPENSSL_SUPPRESS_DEPRECATED  // SHA256_Init and friends need no library initialisation
#include "x509/crypto.hpp"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>
#include <openssl/sha.h>
#include <openssl/x509.h>

#include <algorithm>
#include <array>
#include <limits>
#include <memory>
#include <string_view>
#include <unordered_map>
#include <utility>

#include "base/hex.hpp"
#include "x509/oids.hpp"

namespace meshcert {
namespace x509 {
namespace {

struct Free {
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
  void operator()(BIGNUM* number) const { BN_free(number); }
  void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};
using Key = std::unique_ptr<EVP_PKEY, Free>;
using Context = std::unique_ptr<EVP_MD_CTX, Free>;

enum class Scheme : std::uint8_t { rsa_pkcs1, rsa_pss, ecdsa, dsa, eddsa };

/// SignatureScheme: what a signature algorithm asks of OpenSSL.
struct SignatureScheme {
  Oid oid;
  Scheme scheme;
  const char* digest;  ///< null: told by parameters, or part of the algorithm
};

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

const SignatureScheme* find_scheme(ByteView oid) {
  const auto* row = std::ranges::find_if(kSchemes, [&](const SignatureScheme& s) { return s.oid == oid; });
  return row == std::end(kSchemes) ? nullptr : row;
}

/// null when the OID names no digest that we know.
const char* pss_digest(ByteView oid) {
  if (oid.empty()) return "SHA1";
  const auto name = find_name(kDigests, oid);
  return name.empty() ? nullptr : name.data();
}

/// Whether a key of this algorithm can make a signature of this scheme.
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

bool set_pss(EVP_PKEY_CTX* context, const SignatureAlgorithm::Pss& pss) {
  const char* mgf_digest = pss_digest(pss.mgf_hash_oid);
  return mgf_digest != nullptr && pss.salt_length <= std::uint32_t{std::numeric_limits<int>::max()} &&
         EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PSS_PADDING) > 0 &&
         EVP_PKEY_CTX_set_rsa_pss_saltlen(context, static_cast<int>(pss.salt_length)) > 0 &&
         EVP_PKEY_CTX_set_rsa_mgf1_md_name(context, mgf_digest, nullptr) > 0;
}

/// A context ready to verify; null when OpenSSL cannot do what is asked.
Context prepare(const SignatureAlgorithm& algorithm, const SignatureScheme& scheme, EVP_PKEY* key) {
  const auto& pss = algorithm.pss;
  const bool is_pss = scheme.scheme == Scheme::rsa_pss;
  const char* digest = is_pss && pss ? pss_digest(pss->hash_oid) : scheme.digest;
  if (digest == nullptr && scheme.scheme != Scheme::eddsa) return nullptr;
  Context context(EVP_MD_CTX_new());
  EVP_PKEY_CTX* key_context = nullptr;  // owned by `context`
  if (!context ||
      EVP_DigestVerifyInit_ex(context.get(), &key_context, digest, nullptr, nullptr, key, nullptr) != 1) {
    return nullptr;
  }
  if (is_pss && !set_pss(key_context, *pss)) return nullptr;
  return context;
}

/// Whether BoringSSL, and so a proxy, would verify with a key of this size. A
/// signature by anything larger decides nothing and may cost seconds.
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

/// The same for what only OpenSSL takes out of a DSA key.
bool is_bounded_dsa(const EVP_PKEY* key) {
  BIGNUM* q = nullptr;
  const bool found = EVP_PKEY_get_bn_param(key, OSSL_PKEY_PARAM_FFC_Q, &q) == 1;
  const std::unique_ptr<BIGNUM, Free> owned(q);
  return found && BN_num_bits(q) <= 256 && EVP_PKEY_get_bits(key) <= 3072;
}

Key parse_key(const PublicKey& key) {
  OPENSSL_init_crypto(OPENSSL_INIT_NO_LOAD_CONFIG, nullptr);
  const std::uint8_t* spki = key.spki.data();
  Key parsed(d2i_PUBKEY(nullptr, &spki, static_cast<long>(key.spki.size())));
  if (parsed && key.algorithm == KeyAlgorithm::dsa && !is_bounded_dsa(parsed.get())) return nullptr;
  return parsed;
}

/// Verifies a certificate or a CRL with the key that `key_of` makes; it is called
/// only where the answer needs cryptography.
template <class Signed, class KeyOf>
std::optional<bool> verify_signature(const Signed& object, const PublicKey& issuer, KeyOf key_of) {
  const SignatureScheme* scheme = find_scheme(object.signature_algorithm.oid);
  if (scheme == nullptr || issuer.algorithm == KeyAlgorithm::unknown) return std::nullopt;
  if (!fits(issuer.algorithm, *scheme)) return false;
  if (!is_bounded(issuer)) return std::nullopt;
  EVP_PKEY* key = key_of();
  const auto context = key != nullptr ? prepare(object.signature_algorithm, *scheme, key) : nullptr;
  const auto& signature = object.signature;
  const auto& tbs = object.tbs;
  std::optional<bool> answer;
  if (context)
    answer = EVP_DigestVerify(context.get(), signature.data(), signature.size(), tbs.data(), tbs.size()) == 1;
  ERR_clear_error();
  return answer;
}

struct PairHash {
  std::size_t operator()(const std::pair<std::string_view, std::string_view>& pair) const {
    const std::hash<std::string_view> hash;
    return hash(pair.first) * 31 + hash(pair.second);
  }
};

}  // namespace

void decide_self_signed(Certificate& certificate) {
  if (!certificate.is_self_issued()) return;
  Key key;
  certificate.self_signed = verify_signature(certificate, certificate.key, [&] {
    key = parse_key(certificate.key);
    return key.get();
  });
}

/// State is what a verifier remembers, by the octets that it borrows.
struct SignatureVerifier::State {
  std::unordered_map<std::string_view, Key> keys;  ///< by SubjectPublicKeyInfo
  std::unordered_map<std::pair<std::string_view, std::string_view>, std::optional<bool>, PairHash> answers;

  EVP_PKEY* key(const PublicKey& issuer) {
    const auto [entry, added] = keys.try_emplace(as_text(issuer.spki));
    if (added) entry->second = parse_key(issuer);
    return entry->second.get();
  }
};

SignatureVerifier::SignatureVerifier() : state_(std::make_unique<State>()) {}
SignatureVerifier::~SignatureVerifier() = default;

template <class Signed>
std::optional<bool> SignatureVerifier::verify_signed(const Signed& object, const PublicKey& issuer) {
  const auto [entry, added] =
      state_->answers.try_emplace({as_text(issuer.spki), as_text(object.der)}, std::nullopt);
  if (added) entry->second = verify_signature(object, issuer, [&] { return state_->key(issuer); });
  return entry->second;
}

std::optional<bool> SignatureVerifier::verify(const Certificate& certificate, const PublicKey& issuer) {
  return verify_signed(certificate, issuer);
}

std::optional<bool> SignatureVerifier::verify(const Crl& crl, const PublicKey& issuer) {
  return verify_signed(crl, issuer);
}

std::string sha256_hex(ByteView octets) {
  std::array<std::uint8_t, SHA256_DIGEST_LENGTH> digest{};
  SHA256_CTX context;
  SHA256_Init(&context);
  SHA256_Update(&context, octets.data(), octets.size());
  SHA256_Final(digest.data(), &context);
  return base::to_hex(digest);
}

}  // namespace x509

std::string sha256_fingerprint(const Certificate& certificate) {
  return x509::sha256_hex(certificate.der);
}

}  // namespace meshcert
