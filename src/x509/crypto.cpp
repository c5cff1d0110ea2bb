#define OPENSSL_SUPPRESS_DEPRECATED  // SHA256_Init and friends need no library initialisation
#include "x509/crypto.hpp"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>
#include <openssl/sha.h>

#include <algorithm>
#include <array>
#include <limits>
#include <map>
#include <memory>
#include <numeric>
#include <string_view>
#include <unordered_map>
#include <utility>

#include "base/hex.hpp"
#include "x509/name_match.hpp"
#include "x509/openssl_key.hpp"
#include "x509/ossl.hpp"
#include "x509/signature_schemes.hpp"

namespace meshcert {
namespace x509 {
namespace {

bool set_pss(EVP_PKEY_CTX* context, const SignatureAlgorithm::Pss& pss) {
  const char* mgf_digest = pss_digest(pss.mgf_hash_oid);
  return mgf_digest != nullptr && pss.salt_length <= std::uint32_t{std::numeric_limits<int>::max()} &&
         EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PSS_PADDING) > 0 &&
         EVP_PKEY_CTX_set_rsa_pss_saltlen(context, static_cast<int>(pss.salt_length)) > 0 &&
         EVP_PKEY_CTX_set_rsa_mgf1_md_name(context, mgf_digest, nullptr) > 0;
}

/// is_bounded for what only OpenSSL takes out of a DSA key.
bool is_bounded_dsa(const EVP_PKEY* key) {
  BIGNUM* q = nullptr;
  const bool found = EVP_PKEY_get_bn_param(key, OSSL_PKEY_PARAM_FFC_Q, &q) == 1;
  const std::unique_ptr<BIGNUM, Deleter<BN_free>> owned(q);
  return found && BN_num_bits(q) <= 256 && EVP_PKEY_get_bits(key) <= 3072;
}

OpensslKey parse_key(const PublicKey& key) {
  OpensslKey parsed = openssl_key(key.spki);
  if (parsed && key.algorithm == KeyAlgorithm::dsa && !is_bounded_dsa(parsed.get())) return nullptr;
  return parsed;
}

/// A context for algorithms whose parameters, or whose hash, belong to the
/// signature; null when OpenSSL cannot do what is asked.
DigestContext prepare_whole(const SignatureAlgorithm& algorithm, const SignatureScheme& scheme,
                            EVP_PKEY* key) {
  const bool is_pss = scheme.scheme == Scheme::rsa_pss;
  const char* digest = is_pss && algorithm.pss ? pss_digest(algorithm.pss->hash_oid) : scheme.digest;
  if (digest == nullptr && scheme.scheme != Scheme::eddsa) return nullptr;
  DigestContext context(EVP_MD_CTX_new());
  EVP_PKEY_CTX* key_context = nullptr;  // owned by `context`
  if (!context ||
      EVP_DigestVerifyInit_ex(context.get(), &key_context, digest, nullptr, nullptr, key, nullptr) != 1) {
    return nullptr;
  }
  if (is_pss && !set_pss(key_context, *algorithm.pss)) return nullptr;
  return context;
}

/// A context that verifies hashes, again and again; null likewise.
KeyContext prepare_hashed(const SignatureScheme& scheme, EVP_PKEY* key, const EVP_MD* digest) {
  KeyContext context(EVP_PKEY_CTX_new_from_pkey(nullptr, key, nullptr));
  const bool is_rsa = scheme.scheme == Scheme::rsa_pkcs1;
  const bool ready = context && digest != nullptr && EVP_PKEY_verify_init(context.get()) == 1 &&
                     (!is_rsa || EVP_PKEY_CTX_set_rsa_padding(context.get(), RSA_PKCS1_PADDING) > 0) &&
                     EVP_PKEY_CTX_set_signature_md(context.get(), digest) > 0;
  return ready ? std::move(context) : nullptr;
}

/// Digests looks each hash up in OpenSSL once: a look-up costs as much as hashing
/// a small certificate.
class Digests {
 public:
  const EVP_MD* find(const char* name) {
    const auto [entry, added] = fetched_.try_emplace(name);
    if (added) entry->second.reset(EVP_MD_fetch(nullptr, name, nullptr));
    return entry->second.get();
  }
  /// hash returns the octets of the hash; empty when OpenSSL fails.
  ByteView hash(const EVP_MD* digest, ByteView octets) {
    unsigned size = 0;
    const bool done = context_ && EVP_DigestInit_ex2(context_.get(), digest, nullptr) == 1 &&
                      EVP_DigestUpdate(context_.get(), octets.data(), octets.size()) == 1 &&
                      EVP_DigestFinal_ex(context_.get(), value_.data(), &size) == 1;
    return ByteView(value_).first(done ? size : 0);
  }

 private:
  std::map<std::string_view, std::unique_ptr<EVP_MD, Deleter<EVP_MD_free>>> fetched_;
  DigestContext context_{EVP_MD_CTX_new()};
  std::array<std::uint8_t, EVP_MAX_MD_SIZE> value_{};
};

/// IssuerKey is a key, decoded once, and what verifies with it.
class IssuerKey {
 public:
  explicit IssuerKey(const PublicKey& key) : key_(parse_key(key)) {}

  std::optional<bool> verify(const SignatureAlgorithm& algorithm, const SignatureScheme& scheme,
                             ByteView signature, ByteView tbs, Digests& digests) {
    if (key_ == nullptr) return std::nullopt;
    if (scheme.scheme == Scheme::eddsa || scheme.scheme == Scheme::rsa_pss) {
      const auto context = prepare_whole(algorithm, scheme, key_.get());
      if (context == nullptr) return std::nullopt;
      return EVP_DigestVerify(context.get(), signature.data(), signature.size(), tbs.data(), tbs.size()) == 1;
    }
    const EVP_MD* digest = digests.find(scheme.digest);
    const auto [context, added] = hashed_.try_emplace(&scheme);
    if (added) context->second = prepare_hashed(scheme, key_.get(), digest);
    if (context->second == nullptr) return std::nullopt;
    const ByteView hash = digests.hash(digest, tbs);
    if (hash.empty()) return std::nullopt;
    return EVP_PKEY_verify(context->second.get(), signature.data(), signature.size(), hash.data(),
                           hash.size()) == 1;
  }

 private:
  OpensslKey key_;
  std::map<const SignatureScheme*, KeyContext> hashed_;
};

/// Verifies a certificate or a CRL with the key that `key_of` finds; it is called
/// only where the answer needs cryptography.
template <class Signed, class KeyOf>
std::optional<bool> verify_signature(const Signed& object, const PublicKey& issuer, Digests& digests,
                                     KeyOf key_of) {
  const SignatureScheme* scheme = find_scheme(object.signature_algorithm.oid);
  if (scheme == nullptr || issuer.algorithm == KeyAlgorithm::unknown) return std::nullopt;
  if (!fits(issuer.algorithm, *scheme)) return false;
  if (!is_bounded(issuer)) return std::nullopt;
  const ErrorQueue errors;
  return key_of().verify(object.signature_algorithm, *scheme, object.signature, object.tbs, digests);
}

struct PairHash {
  std::size_t operator()(const std::pair<std::string_view, std::string_view>& pair) const {
    const std::hash<std::string_view> hash;
    return hash(pair.first) * 31 + hash(pair.second);
  }
};

}  // namespace

void decide_self_signed(Certificate& certificate) {
  if (!is_self_issued(certificate)) return;
  Digests digests;
  certificate.self_signed =
      verify_signature(certificate, certificate.key, digests, [&] { return IssuerKey(certificate.key); });
}

/// State is what a verifier remembers, by the octets that it borrows.
struct SignatureVerifier::State {
  Digests digests;
  std::unordered_map<std::string_view, IssuerKey> keys;  ///< by SubjectPublicKeyInfo
  std::unordered_map<std::pair<std::string_view, std::string_view>, std::optional<bool>, PairHash> answers;

  IssuerKey& key(const PublicKey& issuer) {
    const auto known = keys.find(as_text(issuer.spki));
    return known != keys.end() ? known->second : keys.emplace(as_text(issuer.spki), issuer).first->second;
  }
};

SignatureVerifier::SignatureVerifier() : state_(std::make_unique<State>()) {}
SignatureVerifier::~SignatureVerifier() = default;

template <class Signed>
std::optional<bool> SignatureVerifier::verify_signed(const Signed& object, const PublicKey& issuer) {
  const auto [entry, added] =
      state_->answers.try_emplace({as_text(issuer.spki), as_text(object.der)}, std::nullopt);
  if (added)
    entry->second = verify_signature(object, issuer, state_->digests,
                                     [&]() -> IssuerKey& { return state_->key(issuer); });
  return entry->second;
}

std::optional<bool> SignatureVerifier::verify(const Certificate& certificate, const PublicKey& issuer) {
  return verify_signed(certificate, issuer);
}

std::optional<bool> SignatureVerifier::verify(const Crl& crl, const PublicKey& issuer) {
  return verify_signed(crl, issuer);
}

std::array<std::uint8_t, 32> sha256(ByteView octets) {
  std::array<std::uint8_t, SHA256_DIGEST_LENGTH> digest;
  SHA256_CTX context;
  SHA256_Init(&context);
  SHA256_Update(&context, octets.data(), octets.size());
  SHA256_Final(digest.data(), &context);
  return digest;
}

std::string sha256_hex(ByteView octets) {
  return base::to_hex(sha256(octets));
}

std::uint64_t sha256_prefix(ByteView octets) {
  const auto digest = sha256(octets);
  return std::accumulate(digest.begin(), digest.begin() + 8, std::uint64_t{0},
                         [](std::uint64_t sum, std::uint8_t octet) { return sum << 8U | octet; });
}

}  // namespace x509

std::string sha256_fingerprint(const Certificate& certificate) {
  return x509::sha256_hex(certificate.der);
}

}  // namespace meshcert
