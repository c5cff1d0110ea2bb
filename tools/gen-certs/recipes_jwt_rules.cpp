// Which tokens are taken: a RequestAuthentication, the proxy that istiod configures from it, and
// tokens of the users that it is for.
#include <fmt/format.h>

#include "kube.hpp"
#include "recipe.hpp"
#include "tokens.hpp"

namespace gencerts {
namespace {

constexpr std::string_view kIssuer = "https://accounts.example.com";

std::string key_set(Workshop& w, std::string_view kid = "k1", std::string_view use = "sig",
                    std::string_view key = "workload") {
  return Json{{"keys", Json::array({token_key(w, kid, use, key)})}}.dump();
}

Json rule(Workshop& w) {
  return {{"issuer", kIssuer}, {"audiences", Json::array({"shop"})}, {"jwks", key_set(w)}};
}

Json authentication(Json rule) {
  Json json = object("security.istio.io/v1", "RequestAuthentication", "my-ns", "shop");
  json["spec"] = {{"selector", {{"matchLabels", {{"app", "shop"}}}}}, {"jwtRules", Json::array({rule})}};
  return json;
}

Sample manifest(Json rule) {
  return manifests({as_manifest(authentication(std::move(rule)))});
}

/// without and with change one member of a rule or a provider.
Json without(Json json, const char* key) {
  json.erase(key);
  return json;
}
Json with(Json json, const char* key, Json value) {
  json[key] = std::move(value);
  return json;
}

/// provider is what istiod makes of the rule for Envoy.
Json provider(const std::string& keys) {
  return {{"issuer", kIssuer},
          {"audiences", Json::array({"shop"})},
          {"local_jwks", inline_string(keys)},
          {"payload_in_metadata", "payload"}};
}

Json jwt_filter(Json providers) {
  return {{"name", "envoy.filters.http.jwt_authn"},
          {"typed_config",
           {{"@type", "type.googleapis.com/envoy.extensions.filters.http.jwt_authn.v3.JwtAuthentication"},
            {"providers", std::move(providers)}}}};
}

Json section(std::string_view type, Json fields) {
  Json json{{"@type", "type.googleapis.com/envoy.admin.v3." + std::string(type)}};
  json.update(fields);
  return json;
}

Json listener(std::string_view name, const Json& filters) {
  const Json manager{{"name", "envoy.filters.network.http_connection_manager"},
                     {"typed_config", {{"http_filters", filters}}}};
  const Json chain{{"filters", Json::array({manager})}};
  return {{"name", name}, {"active_state", {{"listener", {{"filter_chains", Json::array({chain})}}}}}};
}

/// proxy is the dump of the pod that the rule is for: two listeners with the same filter.
Sample proxy(Workshop& w, Json providers) {
  const Json node{{"id", "sidecar~10.96.4.17~shop-0.my-ns~my-ns.svc.cluster.local"},
                  {"metadata", {{"LABELS", {{"app", "shop"}, {"version", "v1"}}}}}};
  Json filters = Json::array();
  if (!providers.empty()) filters.push_back(jwt_filter(std::move(providers)));
  Dump dump;
  dump.active = {dynamic(chain_secret("default", inline_bytes(pem(the_leaf(w))))),
                 dynamic(root_secret("ROOTCA", inline_bytes(pem(the_root(w)))))};
  const Json listeners =
      Json::array({listener("virtualInbound", filters), listener("0.0.0.0_15021", filters)});
  const Json configs = Json::array({section("BootstrapConfigDump", {{"bootstrap", {{"node", node}}}}),
                                    section("ListenersConfigDump", {{"dynamic_listeners", listeners}}),
                                    section("SecretsConfigDump", snake_case(dump.document()))});
  return bare_file(print({{"configs", configs}}), {the_leaf(w), the_root(w)});
}

std::string claims_of(std::string_view issuer = kIssuer, std::string_view audience = "shop") {
  return fmt::format(R"({{"aud":["{}"],"exp":{},"iat":{},"iss":"{}","sub":"alice"}})", audience,
                     seconds_at(1), seconds_at(-1), issuer);
}

Sample user(Workshop& w, std::string_view issuer = kIssuer, std::string_view audience = "shop",
            std::string_view kid = "k1", std::string_view key = "workload") {
  return bare_file(token(w, fmt::format(R"({{"alg":"RS256","kid":"{}","typ":"JWT"}})", kid),
                         claims_of(issuer, audience), key) +
                   "\n");
}

/// change_key is a set of the usual key with other members; null takes one away.
std::string change_key(Workshop& w, const Json& changes) {
  Json key = token_key(w, "k1", "sig");
  key.merge_patch(changes);
  return Json{{"keys", Json::array({key})}}.dump();
}

constexpr std::string_view kSecret = "a secret that issuer and proxy share";

std::string secret_key() {
  return Json{{"keys", Json::array({{{"kty", "oct"}, {"kid", "k1"}, {"k", base64url(kSecret)}}})}}.dump();
}

/// made_up are the keys that istiod sends where it could not fetch any.
std::string made_up() {
  const std::string n = base64url("Error-IstiodFailedToFetchJwksUri-https://accounts.example.com/keys");
  return fmt::format(R"({{"keys":[ {{"e":"AQAB","kid":"abc","kty":"RSA","n":"{}"}}]}})", n);
}

const Recipe kRecipes[] = {
    {"jwt-rule/healthy-rule.yaml", "",
     "A RequestAuthentication with the keys of its issuer, for the pods of one app.",
     [](Workshop& w) { return manifest(rule(w)); }},
    {"jwt-rule/healthy-proxy.json", "", "The dump of such a pod's proxy, which got the rule.",
     [](Workshop& w) {
       return proxy(w, {{"origins-0", provider(key_set(w))}});
     }},
    {"jwt-rule/healthy-user.txt", "", "A user's token that the rule takes.",
     [](Workshop& w) { return user(w); }},
    {"jwt-rule/healthy-remote.yaml", "", "A rule whose keys istiod fetches.",
     [](Workshop& w) {
       return manifest(with(without(rule(w), "jwks"), "jwksUri", "https://accounts.example.com/keys"));
     }},
    {"jwt-rule/healthy-no-kid.yaml", "",
     "A rule whose key has no kid and is called one for encryption: Envoy asks neither.",
     [](Workshop& w) {
       return manifest(with(rule(w), "jwks", change_key(w, {{"kid", nullptr}, {"use", "enc"}})));
     }},
    {"jwt-rule/healthy-certificates.yaml", "",
     "A rule whose keys are certificates by kid, a form that Google publishes and Envoy takes.",
     [](Workshop& w) {
       return manifest(with(rule(w), "jwks", Json{{"k1", pem(the_leaf(w))}}.dump()));
     }},
    {"jwt-rule/other-certificates.yaml", "", "The same with a certificate of another key.",
     [](Workshop& w) {
       return manifest(with(rule(w), "jwks", Json{{"k1", pem(the_root(w))}}.dump()));
     }},
    {"jwt-rule/shared-secret.yaml", "input.private-key-in-dump",
     "A rule with the secret that it shares with the issuer.",
     [](Workshop& w) { return manifest(with(rule(w), "jwks", secret_key())); }},
    {"jwt-rule/shared-secret-user.txt", "", "A user's token that is signed with that secret (HS256).",
     [](Workshop&) {
       return bare_file(secret_token(R"({"alg":"HS256","kid":"k1","typ":"JWT"})", claims_of(), kSecret) +
                        "\n");
     }},
    {"jwt-rule/other-alg.yaml", "", "A rule whose key is for another alg than its users' tokens have.",
     [](Workshop& w) {
       return manifest(with(rule(w), "jwks", change_key(w, {{"alg", "RS512"}})));
     }},
    {"jwt-rule/weak-rule.yaml", "", "A rule with an RSA key of 1024 bits.",
     [](Workshop& w) { return manifest(with(rule(w), "jwks", key_set(w, "k1", "sig", "rsa-1024"))); }},
    {"jwt-rule/weak-user.txt", "jwt.weak-key", "A user's token that is signed with that key.",
     [](Workshop& w) { return user(w, kIssuer, "shop", "k1", "rsa-1024"); }, kNow,
     "--rules certs/jwt-rule/weak-rule.yaml"},
    {"jwt-rule/invalid.yaml", "jwt-rule.invalid", "An audience of the rule is empty.",
     [](Workshop& w) {
       return manifest(with(rule(w), "audiences", Json::array({"shop", ""})));
     }},
    {"jwt-rule/no-key-source.yaml", "jwt-rule.no-key-source",
     "A rule without keys, and its issuer is a name, below which nobody finds any.",
     [](Workshop& w) { return manifest(with(without(rule(w), "jwks"), "issuer", "accounts")); }},
    {"jwt-rule/two-key-sources.yaml", "jwt-rule.two-key-sources", "A rule with jwks and jwksUri.",
     [](Workshop& w) { return manifest(with(rule(w), "jwksUri", "https://accounts.example.com/keys")); }},
    {"jwt-rule/no-usable-key.yaml", "jwt-rule.no-usable-key",
     "The one key of the rule has the alg of an encryption.",
     [](Workshop& w) {
       return manifest(with(rule(w), "jwks", change_key(w, {{"alg", "RSA-OAEP"}})));
     }},
    {"jwt-rule/keys-not-fetched.json", "jwt-rule.keys-not-fetched",
     "The dump of a proxy that got the keys istiod makes up where it cannot fetch any.",
     [](Workshop& w) {
       return proxy(w, {{"origins-0", provider(made_up())}});
     }},
    {"jwt-rule/unmatched-issuer.txt", "jwt-rule.unmatched-issuer",
     "A user's token of an issuer that differs in the slash at the end.",
     [](Workshop& w) { return user(w, "https://accounts.example.com/"); }, kNow,
     "--rules certs/jwt-rule/healthy-rule.yaml"},
    {"jwt-rule/refuses-token.txt", "jwt-rule.refuses-token", "A user's token for another audience.",
     [](Workshop& w) { return user(w, kIssuer, "billing"); }, kNow,
     "--rules certs/jwt-rule/healthy-rule.yaml"},
    {"jwt-rule/rotated-key.txt", "jwt-rule.refuses-token",
     "A user's token that is signed with a key which the rule does not have.",
     [](Workshop& w) { return user(w, kIssuer, "shop", "k2"); }, kNow,
     "--rules certs/jwt-rule/healthy-rule.yaml"},
    {"jwt-rule/not-in-proxy.json", "jwt-rule.not-in-proxy",
     "The dump of the pod's proxy, which has no filter for tokens.",
     [](Workshop& w) { return proxy(w, Json::object()); }, kNow, "certs/jwt-rule/healthy-rule.yaml"},
    {"jwt-rule/differs-in-proxy.json", "jwt-rule.differs-in-proxy",
     "The dump of the pod's proxy, which has an older rule: other audiences, another key.",
     [](Workshop& w) {
       return proxy(w, {{"origins-0",
                         with(provider(key_set(w, "k0")), "audiences", Json::array({"billing", "shop"}))}});
     },
     kNow, "certs/jwt-rule/healthy-rule.yaml"},
};

}  // namespace

std::span<const Recipe> jwt_rule_recipes() {
  return kRecipes;
}

}  // namespace gencerts
