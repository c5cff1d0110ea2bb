#include "x509/jws_crypto.hpp"

#include <openssl/evp.h>
#include <openssl/rsa.h>

#include <algorithm>
#include <memory>

#include "x509/openssl_key.hpp"
#include "x509/ossl.hpp"
#include "x509/private_key.hpp"
#include "x509/signature_schemes.hpp"

namespace meshcert::x509 {
namespace {

struct Algorithm {
  std::string_view name;
  Oid oid;  ///< of the signature algorithm that it is in certificates
  const char* pss_digest = nullptr;
  Curve curve = Curve::none;
  std::size_t coordinate = 0;  ///< octets of R and of S
};
constexpr Algorithm kAlgorithms[] = {
    {"RS256", kSha256WithRsa},
    {"RS384", kSha384WithRsa},
    {"RS512", kSha512WithRsa},
    {"PS256", kRsassaPss, "SHA256"},
    {"PS384", kRsassaPss, "SHA384"},
    {"PS512", kRsassaPss, "SHA512"},
    {"ES256", kEcdsaWithSha256, nullptr, Curve::p256, 32},
    {"ES384", kEcdsaWithSha384, nullptr, Curve::p384, 48},
    {"ES512", kEcdsaWithSha512, nullptr, Curve::p521, 66},
    {"EdDSA", kEd25519},
};

const Algorithm* find(std::string_view name) {
  const auto* row = std::ranges::find(kAlgorithms, name, &Algorithm::name);
  return row == std::end(kAlgorithms) ? nullptr : row;
}

const SignatureScheme& scheme_of(const Algorithm& algorithm) {
  return *find_scheme(algorithm.oid.octets());
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
  const SignatureScheme& scheme = scheme_of(algorithm);
  const bool is_pss = scheme.scheme == Scheme::rsa_pss;
  const DigestContext context(EVP_MD_CTX_new());
  EVP_PKEY_CTX* key_context = nullptr;  // owned by `context`
  if (!context ||
      EVP_DigestVerifyInit_ex(context.get(), &key_context, is_pss ? algorithm.pss_digest : scheme.digest,
                              nullptr, nullptr, key, nullptr) != 1)
    return JwsAnswer::cannot_tell;
  if (is_pss && !set_pss(key_context)) return JwsAnswer::cannot_tell;
  const bool right =
      EVP_DigestVerify(context.get(), signature.data(), signature.size(), text.data(), text.size()) == 1;
  return right ? JwsAnswer::verified : JwsAnswer::failed;
}

}  // namespace

bool is_jws_algorithm(std::string_view alg) {
  const Algorithm* algorithm = find(alg);
  return algorithm != nullptr && scheme_of(*algorithm).scheme != Scheme::eddsa;
}

std::size_t least_jws_signature(std::string_view alg) {
  constexpr std::size_t kEd25519Octets = 64, kLeastModulus = 128;
  const Algorithm* algorithm = find(alg);
  if (algorithm == nullptr) return 0;
  if (algorithm->coordinate != 0) return 2 * algorithm->coordinate;
  return scheme_of(*algorithm).scheme == Scheme::eddsa ? kEd25519Octets : kLeastModulus;
}

JwsAnswer verify_jws(std::string_view alg, ByteView spki, std::string_view signed_text, ByteView signature) {
  const Algorithm* algorithm = find(alg);
  const auto facts = public_key_of(spki);
  if (algorithm == nullptr || !facts) return JwsAnswer::cannot_tell;
  const bool ecdsa = algorithm->coordinate != 0;
  if (!fits(facts->algorithm, scheme_of(*algorithm)) || (ecdsa && facts->curve != algorithm->curve))
    return JwsAnswer::wrong_key;
  if (!is_bounded(*facts)) return JwsAnswer::cannot_tell;
  if (ecdsa && signature.size() != 2 * algorithm->coordinate) return JwsAnswer::failed;
  const der::Octets encoded = ecdsa ? in_der(signature) : der::Octets{};
  const OpensslKey key = openssl_key(spki);
  if (!key) return JwsAnswer::cannot_tell;
  const ErrorQueue errors;
  return verify_with(*algorithm, key.get(), as_bytes(signed_text), ecdsa ? ByteView(encoded) : signature);
}

}  // namespace meshcert::x509
