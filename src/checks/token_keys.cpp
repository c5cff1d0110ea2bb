#include "checks/token_keys.hpp"

#include <algorithm>

#include "meshcert/certificate.hpp"
#include "x509/private_key.hpp"

namespace meshcert::checks {
namespace {

constexpr std::size_t kMostKeys = 64;

// Which alg a key that states none may have: by kind and curve.
struct ProxyKeyRow {
  KeyAlgorithm algorithm;
  Curve curve;
  std::string_view algs;
};
constexpr ProxyKeyRow kProxyKeys[] = {
    {KeyAlgorithm::rsa, Curve::none, "RS256 RS384 RS512 PS256 PS384 PS512"},
    {KeyAlgorithm::ec, Curve::p256, "ES256"},
    {KeyAlgorithm::ec, Curve::p384, "ES384"},
    {KeyAlgorithm::ec, Curve::p521, "ES512"},
    {KeyAlgorithm::ed25519, Curve::none, "EdDSA"},
};
constexpr std::string_view kSecretAlgorithms = "HS256 HS384 HS512";

bool is_one_of(std::string_view algs, std::string_view alg) {
  return alg.size() == 5 && alg.find(' ') == std::string_view::npos &&
         algs.find(alg) != std::string_view::npos;
}

x509::JwsAnswer verify(const Jwt& token, const BundleKey& key) {
  if (!key.alg.empty() && key.alg != token.alg) return x509::JwsAnswer::wrong_key;
  if (key.is_secret() != is_secret_algorithm(token.alg)) return x509::JwsAnswer::wrong_key;
  return x509::verify_jws(token.alg, key.spki, token.signed_text, token.signature);
}

std::string type_of(const BundleKey& key) {
  if (key.is_secret()) return "a shared secret";
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

bool may_try(const Jwt& token, const BundleKey& key, bool of_rule) {
  if (!of_rule) return !token.kid || key.kid.empty() || key.kid == *token.kid;
  return (token.kid.value_or("").empty() || key.kid.empty() || key.kid == *token.kid) &&
         (key.alg.empty() || key.alg == token.alg);
}

std::string name_of(const BundleKey& key, bool of_rule) {
  const std::string kid = key.kid.empty() ? "one without kid" : key.kid;
  return of_rule && !key.alg.empty() ? kid + " for " + key.alg : kid;
}

// An entry of that kid of which no key can be made.
const BundleFault* broken_key(const Jwt& token, const SpiffeBundle& keys) {
  if (!token.kid) return nullptr;
  const auto found = std::ranges::find_if(keys.faults, [&](const BundleFault& fault) {
    return fault.kind == BundleFaultKind::bad_jwk && !fault.kid.empty() && fault.kid == *token.kid;
  });
  return found == keys.faults.end() ? nullptr : &*found;
}

// Several without kid are one word.
void count_nameless(std::size_t nameless, std::vector<std::string>& known) {
  if (nameless != 0)
    known.push_back(nameless == 1 ? "one without kid" : std::to_string(nameless) + " without kid");
}

}  // namespace

bool is_secret_algorithm(std::string_view alg) {
  return is_one_of(kSecretAlgorithms, alg);
}

bool is_proxy_algorithm(std::string_view alg) {
  return is_secret_algorithm(alg) ||
         std::ranges::any_of(kProxyKeys, [alg](const ProxyKeyRow& row) { return is_one_of(row.algs, alg); });
}

bool is_usable_by_proxy(const BundleKey& key) {
  if (key.is_secret()) return key.alg.empty() || is_secret_algorithm(key.alg);
  const auto facts = x509::public_key_of(key.spki);
  if (!facts) return false;
  const bool of_rsa = facts->algorithm == KeyAlgorithm::rsa;
  if (of_rsa && facts->rsa_exponent != 3 && facts->rsa_exponent != 65537) return false;
  return std::ranges::any_of(kProxyKeys, [&](const ProxyKeyRow& row) {
    return row.algorithm == facts->algorithm && (of_rsa || row.curve == facts->curve) &&
           (key.alg.empty() || is_one_of(row.algs, key.alg));
  });
}

KeySearch search_keys(const Jwt& token, const SpiffeBundle& keys) {
  KeySearch search;
  std::size_t nameless = 0;
  bool held = false;
  for (const BundleKey& key : keys.keys) {
    if (keys.of_rule ? !is_usable_by_proxy(key) : !key.may_sign_tokens()) continue;
    if (!keys.of_rule && key.kid.empty())
      ++nameless;
    else
      search.known.push_back(name_of(key, keys.of_rule));
    if (!may_try(token, key, keys.of_rule) || search.tried >= kMostKeys) continue;
    const x509::JwsAnswer answer = verify(token, key);
    // One that the token does not name, and that did not make it for certain, is no key for it.
    if (!keys.of_rule && token.kid && key.kid.empty() && answer == x509::JwsAnswer::wrong_key) continue;
    ++search.tried;
    search.key = key.kid.empty() ? "without kid" : key.kid;
    search.by_secret = search.by_secret || (key.is_secret() && is_secret_algorithm(token.alg));
    if (answer == x509::JwsAnswer::verified) {
      search.verified = true;
      search.rsa_bits = rsa_bits_of(key);
      return search;
    }
    held = held || answer == x509::JwsAnswer::failed;
    search.why = reason(token, key, answer);
  }
  count_nameless(nameless, search.known);
  search.unusable = search.tried != 0 && !held;
  if (search.tried != 0 && (held || keys.of_rule)) return search;
  if (const BundleFault* broken = broken_key(token, keys)) {
    search.tried = 1;
    search.unusable = true;
    search.key = *token.kid;
    search.why = "no key can be made of it, " + broken->detail;
  }
  return search;
}

}  // namespace meshcert::checks
