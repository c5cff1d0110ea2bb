#include "input/jwk_members.hpp"

#include <algorithm>
#include <array>
#include <string>

#include "base/ascii.hpp"

namespace meshcert::input {
namespace {

using Kind = Node::Kind;

constexpr std::array<std::string_view, 3> kUses = {"x509-svid", "jwt-svid", "wit-svid"};
constexpr std::array<std::string_view, 6> kPrivateMembers = {"d", "p", "q", "dp", "dq", "qi"};

bool is_base64url(char c) {
  return base::is_alphanumeric(c) || c == '-' || c == '_' || c == '=';
}

std::string letters_of(std::string_view text) {
  std::string letters;
  for (const char c : text)
    if (c != '-' && c != '_' && c != ' ') letters += base::to_lower(c);
  return letters;
}

}  // namespace

const Node* jwk_member(const Node& jwk, std::string_view name) {
  const Node* found = jwk.find(name);
  return found == nullptr || found->is(Kind::null) ? nullptr : found;
}

std::optional<std::string_view> jwk_text(const Node& jwk, std::string_view name) {
  const Node* found = jwk_member(jwk, name);
  return found != nullptr && found->is(Kind::text) ? std::optional<std::string_view>(found->text)
                                                   : std::nullopt;
}

bool is_spiffe_use(std::string_view use) {
  return std::ranges::find(kUses, use) != kUses.end();
}

bool is_nearly_spiffe_use(std::string_view use) {
  return std::ranges::any_of(kUses,
                             [&](std::string_view known) { return letters_of(known) == letters_of(use); });
}

std::string_view secret_of_jwk(const Node& jwk) {
  if (jwk_text(jwk, "kty") == "oct" && jwk.find("k") != nullptr) return "a JWK with a shared secret";
  const auto has = [&jwk](std::string_view name) { return jwk.find(name) != nullptr; };
  return std::ranges::any_of(kPrivateMembers, has) ? "a JWK with the private half of its key" : "";
}

bool has_shared_secret(const Node& jwk) {
  const auto k = jwk_text(jwk, "k");
  return k && !k->empty() && std::ranges::all_of(*k, is_base64url);
}

x509::JwkParameters jwk_parameters(const Node& jwk, bool of_rule) {
  x509::JwkParameters key{*jwk_text(jwk, "kty"), jwk_text(jwk, "crv"), jwk_text(jwk, "n"),
                          jwk_text(jwk, "e"),    jwk_text(jwk, "x"),   jwk_text(jwk, "y")};
  if (!of_rule) return key;
  for (auto* number : {&key.n, &key.e, &key.x, &key.y})
    while (*number && (*number)->ends_with('=')) (*number)->remove_suffix(1);
  const auto alg = jwk_text(jwk, "alg");
  if (key.kty == "EC" && !key.crv) key.crv = alg == "ES384" ? "P-384" : alg == "ES512" ? "P-521" : "P-256";
  return key;
}

}  // namespace meshcert::input
