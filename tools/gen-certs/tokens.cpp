#include "tokens.hpp"

#include <openssl/core_names.h>
#include <openssl/hmac.h>

namespace gencerts {
namespace {

const unsigned char* raw(std::string_view octets) {
  return reinterpret_cast<const unsigned char*>(octets.data());
}

unsigned char* raw(Octets& octets) {
  return reinterpret_cast<unsigned char*>(octets.data());
}

/// rs256 signs, which for PKCS #1 1.5 always gives the same octets.
Octets rs256(Workshop& w, std::string_view key, std::string_view text) {
  const EvpDigestContext context(EVP_MD_CTX_new());
  require(EVP_DigestSignInit(context.get(), nullptr, EVP_sha256(), nullptr, w.key(key)) > 0, "sign");
  std::size_t size = 0;
  EVP_DigestSign(context.get(), nullptr, &size, raw(text), text.size());
  Octets signature(size, '\0');
  require(EVP_DigestSign(context.get(), raw(signature), &size, raw(text), text.size()) > 0, "sign");
  return signature;
}

}  // namespace

std::string base64url(std::string_view octets) {
  std::string text = base64(octets);
  for (char& c : text) c = c == '+' ? '-' : c == '/' ? '_' : c;
  return text.substr(0, text.find('='));
}

std::string token(Workshop& w, std::string_view header, std::string_view claims, std::string_view key) {
  const std::string text = base64url(header) + "." + base64url(claims);
  return text + "." + base64url(rs256(w, key, text));
}

std::string secret_token(std::string_view header, std::string_view claims, std::string_view secret) {
  const std::string text = base64url(header) + "." + base64url(claims);
  Octets code(EVP_MAX_MD_SIZE, '\0');
  unsigned size = 0;
  require(HMAC(EVP_sha256(), secret.data(), static_cast<int>(secret.size()), raw(text), text.size(),
               raw(code), &size) != nullptr,
          "authenticate");
  code.resize(size);
  return text + "." + base64url(code);
}

Json token_key(Workshop& w, std::string_view kid, std::string_view use, std::string_view key) {
  BIGNUM* n = nullptr;
  require(EVP_PKEY_get_bn_param(w.key(key), OSSL_PKEY_PARAM_RSA_N, &n) == 1, "modulus");
  Octets modulus(static_cast<std::size_t>(BN_num_bytes(n)), '\0');
  BN_bn2bin(n, raw(modulus));
  BN_free(n);
  return {{"kty", "RSA"}, {"use", use}, {"kid", kid}, {"e", "AQAB"}, {"n", base64url(modulus)}};
}

long long seconds_at(int hours) {
  return (kNow + std::chrono::hours{hours}).time_since_epoch().count();
}

}  // namespace gencerts
