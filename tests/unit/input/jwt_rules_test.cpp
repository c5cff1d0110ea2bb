#include <doctest/doctest.h>

#include <string>

#include "meshcert/jwt_rule.hpp"
#include "meshcert/kubernetes.hpp"
#include "meshcert/spiffe_bundle.hpp"
#include "tests/support/collector.hpp"

using namespace meshcert;
using namespace meshcert::testing;

namespace {

std::string rule(const std::string& members) {
  return R"({"apiVersion":"security.istio.io/v1beta1","kind":"RequestAuthentication",
    "metadata":{"name":"a","namespace":"n"},"spec":{"selector":{"matchLabels":{"app":"x"}},
    "jwtRules":[{)" +
         members + "}]}}";
}

std::string filter(const std::string& provider) {
  return R"({"name":"l","filterChains":[{"typedConfig":{
    "@type":"type.googleapis.com/envoy.extensions.filters.http.jwt_authn.v3.JwtAuthentication",
    "providers":{"p":)" +
         provider + "}}}]}";
}

const std::string kKey =
    R"({\"keys\":[{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"kid\":\"a\",\"x\":\"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo\"}]})";

}  // namespace

TEST_CASE("a rule is read with both spellings of its fields") {
  for (const std::string text : {R"("issuer":"i","audiences":["b","a"],"jwksUri":"https://k","fromHeaders":[
           {"name":"X-Token","prefix":"Bearer "}],"fromParams":["t"],"fromCookies":["c"])",
                                 R"("issuer":"i","audiences":["b","a"],"jwks_uri":"https://k","from_headers":[
           {"name":"x-token","prefix":"Bearer "}],"from_params":["t"],"from_cookies":["c"])"}) {
    const Collector found = read("f", rule(text));
    REQUIRE(found.artifacts.size() == 1);
    CHECK(found.artifacts[0].kind == ArtifactKind::jwt_rule);
    CHECK(found.artifacts[0].resource == "RequestAuthentication n/a");
    const JwtRule& read_rule = *found.artifacts[0].jwt_rule;
    CHECK(read_rule.issuer == "i");
    CHECK(read_rule.audiences == std::vector<std::string>{"b", "a"});
    CHECK(read_rule.keys_uri == "https://k");
    CHECK(read_rule.locations ==
          std::vector<std::string>{"cookie c", "header x-token, prefix \"Bearer \"", "parameter t"});
    CHECK_FALSE(read_rule.has_keys);
    CHECK(read_rule.refusals.empty());
    REQUIRE(found.objects.size() == 1);
    REQUIRE(found.objects[0]->as<RequestAuthentication>() != nullptr);
    CHECK(found.objects[0]->as<RequestAuthentication>()->selector.size() == 1);
  }
}

TEST_CASE("what a provider asks of a token is read with both spellings") {
  for (const std::string text :
       {R"({"issuer":"i","subjects":{"prefix":"al"},"maxLifetime":"60s","requireExpiration":true})",
        R"({"issuer":"i","subjects":{"prefix":"al"},"max_lifetime":"60.500s","require_expiration":true})"}) {
    const Collector found = read("f", "[" + filter(text) + "]");
    REQUIRE(found.artifacts.size() == 1);
    const JwtRule& provider = *found.artifacts[0].jwt_rule;
    CHECK(provider.subject_match == "prefix");
    CHECK(provider.subject == "al");
    CHECK(provider.longest_life == Seconds(60));
    CHECK(provider.requires_expiry);
  }
  for (const bool any_case : {true, false}) {
    const Collector found = read("f", "[" +
                                          filter(R"({"issuer":"i","subjects":{"exact":"al","ignoreCase":)" +
                                                 std::string(any_case ? "true" : "false") + "}}") +
                                          "]");
    REQUIRE(found.artifacts.size() == 1);
    CHECK(found.artifacts[0].jwt_rule->subject_of_any_case == any_case);
  }
  for (const std::string name : {"safeRegex", "safe_regex"}) {
    const Collector found =
        read("f", "[" + filter(R"({"issuer":"i","subjects":{")" + name + R"(":{"regex":"a\\.b"}}})") + "]");
    REQUIRE(found.artifacts.size() == 1);
    CHECK(found.artifacts[0].jwt_rule->subject_match == "regex");
    CHECK(found.artifacts[0].jwt_rule->subject == "a\\.b");
  }
  const JwtRule plain = *read("f", "[" + filter(R"({"issuer":"i"})") + "]").artifacts.at(0).jwt_rule;
  CHECK(plain.subject_match.empty());
  CHECK_FALSE(plain.longest_life);
  CHECK_FALSE(plain.requires_expiry);
}

TEST_CASE("the keys of a rule are read, and what is wrong with them is told of the rule") {
  const Collector good = read("f", rule(R"("issuer":"i","jwks":")" + kKey + "\""));
  REQUIRE(good.artifacts.size() == 1);
  REQUIRE(good.artifacts[0].bundle != nullptr);
  CHECK(good.artifacts[0].bundle->keys.size() == 1);
  CHECK(good.defects().empty());
  const Collector damaged = read("f", rule(R"("issuer":"i","jwks":"{")"));
  REQUIRE(damaged.artifacts.size() == 1);
  CHECK(damaged.artifacts[0].jwt_rule->has_keys);
  CHECK(damaged.artifacts[0].bundle == nullptr);
  CHECK(damaged.lost());
  CHECK(read("f", rule(R"("issuer":"i","jwks":1)")).lost());
  const Collector secret =
      read("f", rule(R"("issuer":"i","jwks":"{\"keys\":[{\"kty\":\"oct\",\"k\":\"c2VjcmV0c2VjcmV0\"}]}")"));
  CHECK(secret.has(DefectKind::private_key_in_dump));
}

TEST_CASE("the keys of a rule are read as Envoy reads them") {
  const auto keys_of = [](std::string_view entry) {
    std::string text(entry);
    for (std::size_t at = 0; (at = text.find('"', at)) != std::string::npos; at += 2)
      text.insert(at, 1, '\\');
    const Collector read_rule = read("f", rule(R"("issuer":"i","jwks":"{\"keys\":[)" + text + R"(]}")"));
    REQUIRE(read_rule.artifacts.size() == 1);
    REQUIRE(read_rule.artifacts[0].bundle != nullptr);
    return *read_rule.artifacts[0].bundle;
  };
  CHECK(
      keys_of(R"({"kty":"RSA","e":"AQAB","n":"u1SU1LfVLPHCozMxH2Mo4lgOEePzNm0tRgeLezV6ffB="})").keys.empty());
  CHECK(
      keys_of(R"({"kty":"RSA","e":"AQAB","n":"u1SU1LfVLPHCozMxH2Mo4lgOEePzNm0tRgeLezV6ffE="})").keys.size() ==
      1);
  CHECK(keys_of(
            R"({"kty":"RSA","use":"jwt-svid","e":"AQAB","n":"u1SU1LfVLPHCozMxH2Mo4lgOEePzNm0tRgeLezV6ffE"})")
            .keys.size() == 1);
  const SpiffeBundle secret = keys_of(R"({"kty":"oct","kid":"a","alg":"HS256","k":"c2VjcmV0c2VjcmV0"})");
  REQUIRE(secret.keys.size() == 1);
  CHECK(secret.keys[0].is_secret());
  CHECK(secret.faults.empty());
  CHECK(keys_of(R"({"kty":"oct","kid":"a","k":""})").keys.empty());
  CHECK(keys_of(R"({"kty":"oct","kid":"a","k":"!"})").faults.size() == 1);
  CHECK(keys_of(R"({"kty":"dsa","kid":"a"})").faults.size() == 1);
}

TEST_CASE("what istiod refuses") {
  struct Row {
    const char* members;
    std::size_t refusals;
  };
  for (const Row& row :
       {Row{R"("jwksUri":"https://k")", 0}, Row{R"("issuer":"i")", 0}, Row{"", 1},
        Row{R"("issuer":"i","jwksUri":"file:///k")", 1}, Row{R"("issuer":"i","audiences":[""])", 1},
        Row{R"("issuer":"i","fromHeaders":[{"prefix":"x"},{}],"fromParams":[""])", 3}}) {
    CAPTURE(row.members);
    const Collector found = read("f", rule(row.members));
    REQUIRE(found.artifacts.size() == 1);
    CHECK(found.artifacts[0].jwt_rule->refusals.size() == row.refusals);
  }
}

TEST_CASE("the providers of a listener") {
  const Collector local =
      read("f", "[" + filter(R"({"issuer":"i","localJwks":{"inlineString":")" + kKey + R"("}})") + "," +
                    filter(R"({"issuer":"i","localJwks":{"inlineString":")" + kKey + R"("}})") + "]");
  REQUIRE(local.artifacts.size() == 1);
  CHECK(local.artifacts[0].name == "p");
  CHECK(local.artifacts[0].jwt_rule->of_proxy);
  REQUIRE(local.artifacts[0].bundle != nullptr);
  REQUIRE(local.objects.size() == 1);
  CHECK(local.objects[0]->as<ProxyConfig>() != nullptr);
  const Collector remote =
      read("f", "[" + filter(R"({"issuer":"i","remoteJwks":{"httpUri":{"uri":"https://k","cluster":"c"}}})") +
                    "]");
  REQUIRE(remote.artifacts.size() == 1);
  CHECK(remote.artifacts[0].jwt_rule->keys_uri == "https://k");
  CHECK_FALSE(remote.artifacts[0].jwt_rule->has_keys);
  CHECK(read("f", "[" + filter("[]") + "]").lost());
  CHECK(read("f", "[" + filter(R"({"localJwks":{"filename":"/k"}})") + "]").has(DefectKind::external_file));
}

TEST_CASE("a filter without providers has no rules, and hides no other") {
  for (const std::string rest : {"", R"(,"providers":{})", R"(,"value":{})"}) {
    CAPTURE(rest);
    const Collector found = read("f", R"([{"name":"l","filterChains":[{"typedConfig":{
      "@type":"type.googleapis.com/envoy.extensions.filters.http.jwt_authn.v3.JwtAuthentication")" +
                                          rest + "}}]}," + filter(R"({"issuer":"i"})") + "]");
    REQUIRE(found.artifacts.size() == 1);
    CHECK(found.artifacts[0].name == "p");
    CHECK_FALSE(found.lost());
  }
}

TEST_CASE("a filter may stand in a TypedStruct, and apart from its listener") {
  const std::string type = "type.googleapis.com/envoy.extensions.filters.http.jwt_authn.v3.JwtAuthentication";
  const Collector found =
      read("f", R"({"configs":[{"@type":"type.googleapis.com/envoy.admin.v3.EcdsConfigDump","ecds_filters":[
        {"ecds_filter":{"name":"e","typed_config":{"@type":"type.googleapis.com/xds.type.v3.TypedStruct",
        "type_url":")" +
                    type + R"(","value":{"providers":{"p":{"issuer":"i"}}}}}}]}]})");
  REQUIRE(found.artifacts.size() == 1);
  CHECK(found.artifacts[0].name == "p");
  CHECK(found.artifacts[0].jwt_rule->issuer == "i");
  CHECK(found.objects.empty());
}

TEST_CASE("two providers of one name that say something else are two") {
  const Collector found = read("f", "[" + filter(R"({"issuer":"i","audiences":["a"]})") + "," +
                                        filter(R"({"issuer":"i","audiences":["b"]})") + "]");
  CHECK(found.artifacts.size() == 2);
}
