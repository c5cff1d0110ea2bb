#include "checks/token_keys.hpp"

#include <algorithm>

#include "meshcert/certificate.hpp"
#include "x509/private_key.hpp"

namespace meshcert::checks {
namespace {

constexpr std::size_t kMostKeys = 64;

x509::JwsAnswer verify(const Jwt& token, const BundleKey& key) {
  if (!key.alg.empty() && key.alg != token.alg) return x509::JwsAnswer::wrong_key;
  return x509::verify_jws(token.alg, key.spki, token.signed_text, token.signature);
}

std::string type_of(const BundleKey& key) {
  const auto decoded = x509::public_key_of(key.spki);
  return decoded ? to_string(*decoded) : "of a kind of its own";
}

std::uint32_t rsa_bits_of(const BundleKey& key) {
  const auto decoded = x509::public_key_of(key.spki);
  return decoded && decoded->algorithm == KeyAlgorithm::rsa ? decoded->bits : 0;
}

std::string reason(const Jwt& token, const BundleKey& key, x509::JwsAnswer answer) {
  if (answer == x509::JwsAnswer::wrong_key)
    return "the token is signed with " + token.alg + ", and the key is " +
           (key.alg.empty() ? type_of(key) : "for " + key.alg);
  return answer == x509::JwsAnswer::cannot_tell ? "nothing can be verified with it" : "";
}

// An entry of that kid of which no key can be made.
const BundleFault* broken_key(const Jwt& token, const SpiffeBundle& keys) {
  if (!token.kid) return nullptr;
  const auto found = std::ranges::find_if(keys.faults, [&](const BundleFault& fault) {
    return fault.kind == BundleFaultKind::bad_jwk && !fault.kid.empty() && fault.kid == *token.kid;
  });
  return found == keys.faults.end() ? nullptr : &*found;
}

}  // namespace

KeySearch search_keys(const Jwt& token, const SpiffeBundle& keys) {
  KeySearch search;
  for (const BundleKey& key : keys.keys) {
    if (!key.may_sign_tokens()) continue;
    search.known.push_back(key.kid.empty() ? "one without kid" : key.kid);
    if (token.kid && key.kid != *token.kid) continue;
    if (++search.tried > kMostKeys) continue;
    search.key = key.kid.empty() ? "without kid" : key.kid;
    const x509::JwsAnswer answer = verify(token, key);
    if (answer == x509::JwsAnswer::verified) {
      search.verified = true;
      search.rsa_bits = rsa_bits_of(key);
      return search;
    }
    search.why = reason(token, key, answer);
  }
  if (search.tried != 0) return search;
  if (const BundleFault* broken = broken_key(token, keys)) {
    search.tried = 1;
    search.key = *token.kid;
    search.why = "no key can be made of it, " + broken->detail;
  }
  return search;
}

}  // namespace meshcert::checks
