// Tokens: the forms that they come in, what is refused, and that no message holds a part.
#include <doctest/doctest.h>

#include "base/base64.hpp"
#include "input/jwt.hpp"
#include "input/shape.hpp"
#include "input/spiffe_bundle.hpp"
#include "tests/support/collector.hpp"
#include "tests/support/processor_time.hpp"
#include "tests/support/sample.hpp"

using namespace meshcert;
using meshcert::input::decode_jwt;
using meshcert::testing::Collector;
using meshcert::testing::sample;

namespace {

std::string encoded(std::string_view text) {
  return base::encode_base64url(as_bytes(text));
}

std::string token_of(std::string_view claims, std::string_view header = R"({"alg":"RS256"})") {
  return encoded(header) + "." + encoded(claims) + "." + encoded("signature");
}

Collector read_as_token(std::string_view text) {
  ReadOptions options;
  options.as = Format::jwt;
  return testing::read("x", text, options);
}

}  // namespace

TEST_CASE("a token is found in every form that it comes in") {
  const std::string token = token_of(R"({"sub":"me"})");
  for (const std::string& text :
       {token, " " + token + "\r\n", "Bearer " + token, "bearer " + token,
        "Authorization: Bearer " + token + "\n", "> authorization: Bearer " + token, "\"" + token + "\"",
        R"({"status":{"token":")" + token + "\"}}", R"({"access_token":")" + token + R"(","expires_in":1})",
        R"({"id_token":")" + token + "\"}"}) {
    CAPTURE(text);
    for (const Collector& found : {testing::read("x", text), read_as_token(text)}) {
      REQUIRE(found.artifacts.size() == 1);
      CHECK(found.artifacts[0].kind == ArtifactKind::jwt);
      CHECK(found.artifacts[0].jwt->subject == "me");
      CHECK_FALSE(found.lost());
    }
  }
  CHECK(read_as_token(token + "\n\n" + token + "\n").artifacts.size() == 2);
}

TEST_CASE("what only resembles a token is not taken for one") {
  for (const char* text : {"eyJ", "eyJhbGciOiJSUzI1NiJ9", "www.example.com", "eyJ a.b.c", "1.2.3"}) {
    CAPTURE(text);
    CHECK_FALSE(input::looks_like_jwt(text));
  }
}

TEST_CASE("claims are taken by their types, and those of another are told") {
  const auto jwt = decode_jwt(
      token_of(R"({"iss":"i","sub":"s","aud":"a","exp":1.9,"nbf":-1.5,"iat":1e3,"x":[1,{"y":null}]})",
               R"({"alg":"ES256","kid":"k","typ":"JWT","crit":["b64"],"b64":true})"),
      Limits{});
  REQUIRE(jwt);
  CHECK(jwt->alg == "ES256");
  CHECK(jwt->kid == "k");
  CHECK(jwt->other_headers == std::vector<std::string>{"crit", "b64"});
  CHECK(jwt->has_critical);
  CHECK(jwt->audiences == std::vector<std::string>{"a"});
  CHECK(jwt->expires == Instant(Seconds(1)));
  CHECK(jwt->not_before == Instant(Seconds(-2)));
  CHECK(jwt->issued_at == Instant(Seconds(1000)));
  CHECK(jwt->claims.back().json == R"([1,{"y":null}])");
  CHECK(jwt->wrong_kinds.empty());
  const auto wrong = decode_jwt(
      token_of(R"({"iss":1,"sub":[],"aud":{},"exp":"1","nbf":null,"iat":true})", R"({"alg":1})"), Limits{});
  REQUIRE(wrong);
  CHECK(wrong->wrong_kinds.size() == 7);
}

TEST_CASE("a number beyond all calendars is an end of time") {
  for (const char* number : {"1e300", "99999999999999999999"})
    CHECK(decode_jwt(token_of(R"({"exp":)" + std::string(number) + "}"), Limits{})->expires >
          Instant(Seconds(250000000000)));
  CHECK(decode_jwt(token_of(R"({"exp":-1e300})"), Limits{})->expires < Instant(Seconds(-60000000000)));
}

TEST_CASE("service accounts are read from their subjects") {
  const auto account = service_account_of("system:serviceaccount:my-ns:my-sa");
  REQUIRE(account);
  CHECK(account->namespace_name == "my-ns");
  CHECK(account->name == "my-sa");
  for (const char* subject : {"", "system:serviceaccount:", "system:serviceaccount:a",
                              "system:serviceaccount:a:b:c", "system:node:a:b"})
    CHECK_FALSE(service_account_of(subject));
}

TEST_CASE("no message holds a part of a token, and no key is kept") {
  const std::string token = sample("jwt/healthy-svid.txt");
  for (std::size_t cut = 1; cut + 2 < token.size(); cut += 3) {
    CAPTURE(cut);
    const Collector part = read_as_token(token.substr(0, cut));
    for (const Defect& defect : part.defects()) {
      for (std::size_t at = 0; at + 12 < cut; at += 12)
        REQUIRE(defect.detail.find(token.substr(at, 12)) == std::string::npos);
    }
    REQUIRE((part.lost() || !part.artifacts.empty()));
  }
  const auto key = decode_jwt(token_of(R"({"k":"-----BEGIN PRIVATE KEY-----MIIE"})"), Limits{});
  REQUIRE(key);
  CHECK(key->claims[0].json.find("MIIE") == std::string::npos);
}

TEST_CASE("a key set holds the keys that can be made, and says of which kid none can") {
  const auto set = input::read_key_set("k",
                                       as_bytes(std::string_view(
                                           R"({"keys":[1,{},{"kty":"OKP","crv":"Ed25519","kid":"a",
              "x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"},{"kty":"EC","crv":"P-9","kid":"b"}]})")),
                                       Limits{});
  REQUIRE(set);
  REQUIRE(set->keys.size() == 1);
  CHECK(set->keys[0].kid == "a");
  REQUIRE(set->faults.size() == 3);
  CHECK(set->faults[2].kid == "b");
  for (const char* text : {"", "[]", "{}", R"({"keys":{}})", R"({"keys":[)"})
    CHECK_FALSE(input::read_key_set("k", as_bytes(std::string_view(text)), Limits{}));
}

TEST_CASE("hostile tokens end soon") {
  const double begin = testing::processor_seconds();
  CHECK_FALSE(read_as_token(token_of(R"({"x":")" + std::string(10U << 20U, 'a') + "\"}")).lost());
  CHECK(read_as_token(token_of(std::string(100'000, '['))).lost());
  CHECK(read_as_token(std::string(1U << 20U, '.')).lost());
  CHECK(read_as_token("eyJ" + std::string(1U << 20U, 'A')).lost());
  std::string many;
  for (int i = 0; i < 20'000; ++i) many += "eyJ.eyJ.x\n";
  CHECK(read_as_token(many).lost());
  CHECK(testing::processor_seconds() - begin < 60);
}
