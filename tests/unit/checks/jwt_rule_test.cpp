// What Envoy asks of a token besides its issuer, audiences and keys (envoy
// extensions.filters.http.jwt_authn.v3.JwtProvider), and what follows for a token without exp.
#include <doctest/doctest.h>

#include "meshcert/inspect.hpp"
#include "meshcert/jwt.hpp"
#include "meshcert/jwt_rule.hpp"

using namespace meshcert;

namespace {

const Instant kAt = *parse_rfc3339("2024-01-01T06:00:00Z");

Jwt token(std::optional<Seconds> left) {
  Jwt jwt;
  jwt.alg = "RS256";
  jwt.issuer = "https://issuer.example";
  jwt.subject = "alice";
  if (left) jwt.expires = kAt + *left;
  return jwt;
}

std::vector<Finding> judged(const Jwt& jwt, JwtRule rule, std::string_view code) {
  Inventory inventory;
  Artifact& artifact = inventory.artifacts.emplace_back();
  artifact.kind = ArtifactKind::jwt;
  artifact.jwt = std::make_shared<const Jwt>(jwt);
  rule.of_proxy = true;
  rule.issuer = "https://issuer.example";
  Artifact& provider = inventory.artifacts.emplace_back();
  provider.kind = ArtifactKind::jwt_rule;
  provider.jwt_rule = std::make_shared<const JwtRule>(std::move(rule));
  Policy policy;
  policy.at = kAt;
  return judge(inventory, policy, Selection{{std::string(code)}, {}});
}

bool is_refused(const Jwt& jwt, JwtRule rule) {
  return !judged(jwt, std::move(rule), "jwt-rule.refuses-token").empty();
}

JwtRule of_subject(std::string match, std::string text) {
  JwtRule rule;
  rule.subject_match = std::move(match);
  rule.subject = std::move(text);
  return rule;
}

}  // namespace

TEST_CASE("a provider may ask for a subject") {
  const Jwt alice = token(std::chrono::hours(1));
  CHECK_FALSE(is_refused(alice, JwtRule{}));
  CHECK_FALSE(is_refused(alice, of_subject("exact", "alice")));
  CHECK(is_refused(alice, of_subject("exact", "bob")));
  CHECK_FALSE(is_refused(alice, of_subject("prefix", "al")));
  CHECK(is_refused(alice, of_subject("prefix", "l")));
  CHECK_FALSE(is_refused(alice, of_subject("suffix", "ce")));
  CHECK(is_refused(alice, of_subject("suffix", "c")));
  CHECK_FALSE(is_refused(alice, of_subject("contains", "lic")));
  CHECK(is_refused(alice, of_subject("contains", "bo")));
  // An expression has to match the whole.
  CHECK_FALSE(is_refused(alice, of_subject("regex", "bob|al.*")));
  CHECK(is_refused(alice, of_subject("regex", "al|bob")));
  JwtRule loud = of_subject("exact", "ALICE");
  CHECK(is_refused(alice, loud));
  loud.subject_of_any_case = true;
  CHECK_FALSE(is_refused(alice, loud));
  Jwt nobody = alice;
  nobody.subject.reset();
  CHECK(is_refused(nobody, of_subject("prefix", "al")));
}

TEST_CASE("policies of all files are one set of rules, the providers of each proxy another") {
  const auto refusals = [](bool of_proxy) {
    Inventory inventory;
    inventory.artifacts.resize(3);
    inventory.artifacts[0].kind = ArtifactKind::jwt;
    inventory.artifacts[0].jwt = std::make_shared<const Jwt>(token(std::chrono::hours(1)));
    for (const std::size_t i : {1, 2}) {
      JwtRule rule = i == 1 ? JwtRule{} : of_subject("exact", "bob");
      rule.of_proxy = of_proxy;
      rule.issuer = "https://issuer.example";
      inventory.artifacts[i].kind = ArtifactKind::jwt_rule;
      inventory.artifacts[i].source.file = std::to_string(i);
      inventory.artifacts[i].jwt_rule = std::make_shared<const JwtRule>(std::move(rule));
    }
    Policy policy;
    policy.at = kAt;
    return judge(inventory, policy, Selection{{"jwt-rule.refuses-token"}, {}}).size();
  };
  CHECK(refusals(false) == 0);
  CHECK(refusals(true) == 1);
}

TEST_CASE("a provider may ask for an end, and for one that is near") {
  JwtRule hour;
  hour.longest_life = std::chrono::hours(1);
  CHECK_FALSE(is_refused(token(std::chrono::hours(1)), hour));
  CHECK(is_refused(token(std::chrono::hours(1) + Seconds(1)), hour));
  CHECK(is_refused(token(std::nullopt), hour));
  JwtRule ends;
  ends.requires_expiry = true;
  CHECK(is_refused(token(std::nullopt), ends));
  CHECK_FALSE(is_refused(token(std::chrono::hours(1)), ends));
  CHECK_FALSE(is_refused(token(std::nullopt), JwtRule{}));
  const auto fix = [](const Jwt& jwt, const JwtRule& rule) {
    return fix_of(judged(jwt, rule, "jwt-rule.refuses-token").at(0));
  };
  CHECK(fix(token(std::nullopt), hour).find("tokens with exp") != std::string::npos);
  CHECK(fix(token(std::chrono::hours(2)), hour).find("max_lifetime") != std::string::npos);
}

TEST_CASE("a token without exp is a warning where a rule takes it") {
  const auto severity = [](const Jwt& jwt, const JwtRule& rule) {
    const auto findings = judged(jwt, rule, "jwt.no-expiry");
    REQUIRE(findings.size() == 1);
    return findings[0].severity;
  };
  CHECK(severity(token(std::nullopt), JwtRule{}) == Severity::warning);
  Jwt other = token(std::nullopt);
  other.issuer = "https://other.example";
  CHECK(severity(other, JwtRule{}) == Severity::error);
  Jwt svid = token(std::nullopt);
  svid.subject = "spiffe://cluster.local/ns/a/sa/b";
  CHECK(severity(svid, JwtRule{}) == Severity::error);
  CHECK(judged(token(std::chrono::hours(1)), JwtRule{}, "jwt.no-expiry").empty());
}
