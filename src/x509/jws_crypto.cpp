#include "x509/jws_crypto.hpp"

#include <openssl/evp.h>
#include <openssl/rsa.h>

#include <algorithm>
#include <memory>

#include "x509/openssl_key.hpp"
#include "x509/ossl.hpp"
#include "x509/private_key.hpp"

namespace meshcert::x509 {
namespace {

using Context = std::unique_ptr<EVP_MD_CTX, Deleter<EVP_MD_CTX_free>>;

enum class Scheme : std::uint8_t { pkcs1, pss, ecdsa, eddsa };

struct Algorithm {
  std::string_view name;
  Scheme scheme;
  const char* digest;
  Curve curve = Curve::none;
  std::size_t coordinate = 0;  // octets of R and of S
};
constexpr Algorithm kAlgorithms[] = {
    {"RS256", Scheme::pkcs1, "SHA256"},
    {"RS384", Scheme::pkcs1, "SHA384"},
    {"RS512", Scheme::pkcs1, "SHA512"},
    {"PS256", Scheme::pss, "SHA256"},
    {"PS384", Scheme::pss, "SHA384"},
    {"PS512", Scheme::pss, "SHA512"},
    {"ES256", Scheme::ecdsa, "SHA256", Curve::p256, 32},
    {"ES384", Scheme::ecdsa, "SHA384", Curve::p384, 48},
    {"ES512", Scheme::ecdsa, "SHA512", Curve::p521, 66},
    {"EdDSA", Scheme::eddsa, nullptr},
};

const Algorithm* find(std::string_view name) {
  const auto* row = std::ranges::find(kAlgorithms, name, &Algorithm::name);
  return row == std::end(kAlgorithms) ? nullptr : row;
}

bool fits(const PublicKey& key, const Algorithm& algorithm) {
  if (algorithm.scheme == Scheme::ecdsa)
    return key.algorithm == KeyAlgorithm::ec && key.curve == algorithm.curve;
  if (algorithm.scheme == Scheme::eddsa) return key.algorithm == KeyAlgorithm::ed25519;
  return key.algorithm == KeyAlgorithm::rsa;
}

// As in crypto.cpp: what BoringSSL would not verify with decides nothing.
bool is_bounded(const PublicKey& key) {
  constexpr std::uint32_t kRsaBits = 16384;
  constexpr std::uint64_t kRsaExponent = (std::uint64_t{1} << 33) - 1;
  return key.algorithm != KeyAlgorithm::rsa || (key.bits <= kRsaBits && key.rsa_exponent <= kRsaExponent);
}

bool set_pss(EVP_PKEY_CTX* context) {
  return EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PSS_PADDING) > 0 &&
         EVP_PKEY_CTX_set_rsa_pss_saltlen(context, RSA_PSS_SALTLEN_DIGEST) > 0;
}

// R and S as OpenSSL wants them (RFC 3279 2.2.3).
der::Octets in_der(ByteView signature) {
  const std::size_t half = signature.size() / 2;
  return der::element(der::kSequence, {der::unsigned_integer(signature.first(half)),
                                       der::unsigned_integer(signature.subspan(half))});
}

JwsAnswer verify_with(const Algorithm& algorithm, EVP_PKEY* key, ByteView text, ByteView signature) {
  const Context context(EVP_MD_CTX_new());
  EVP_PKEY_CTX* key_context = nullptr;  // owned by `context`
  if (!context || EVP_DigestVerifyInit_ex(context.get(), &key_context, algorithm.digest, nullptr, nullptr,
                                          key, nullptr) != 1)
    return JwsAnswer::cannot_tell;
  if (algorithm.scheme == Scheme::pss && !set_pss(key_context)) return JwsAnswer::cannot_tell;
  const bool right =
      EVP_DigestVerify(context.get(), signature.data(), signature.size(), text.data(), text.size()) == 1;
  return right ? JwsAnswer::verified : JwsAnswer::failed;
}

}  // namespace

bool is_jws_algorithm(std::string_view alg) {
  const Algorithm* algorithm = find(alg);
  return algorithm != nullptr && algorithm->scheme != Scheme::eddsa;
}

JwsAnswer verify_jws(std::string_view alg, ByteView spki, std::string_view signed_text, ByteView signature) {
  const Algorithm* algorithm = find(alg);
  const auto facts = public_key_of(spki);
  if (algorithm == nullptr || !facts || !is_bounded(*facts)) return JwsAnswer::cannot_tell;
  if (!fits(*facts, *algorithm)) return JwsAnswer::wrong_key;
  const bool ecdsa = algorithm->scheme == Scheme::ecdsa;
  if (ecdsa && signature.size() != 2 * algorithm->coordinate) return JwsAnswer::failed;
  const der::Octets encoded = ecdsa ? in_der(signature) : der::Octets{};
  const OpensslKey key = openssl_key(spki);
  if (!key) return JwsAnswer::cannot_tell;
  const ErrorQueue errors;
  return verify_with(*algorithm, key.get(), as_bytes(signed_text), ecdsa ? ByteView(encoded) : signature);
}

}  // namespace meshcert::x509
