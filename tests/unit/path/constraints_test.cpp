// Name constraints and certificate policies.
#include <doctest/doctest.h>

#include "path/constraint_verifiers.hpp"
#include "path/subtree_match.hpp"
#include "tests/unit/path/forge.hpp"

using namespace meshcert;
using meshcert::testing::Made;
using meshcert::testing::make_ca;
using meshcert::testing::make_leaf;
using meshcert::testing::More;
using meshcert::testing::World;
using Codes = std::vector<std::string>;

namespace {

/// Whether a leaf with this subjectAltName is within the constraints of its CA.
bool allows(const std::string& constraints, const std::string& san, const std::string& subject = "leaf") {
  World world;
  const auto root = make_ca("Root", "Root", {{"nameConstraints", "critical," + constraints}});
  More more;
  if (!san.empty()) more.emplace_back("subjectAltName", san);
  const auto leaf = make_leaf(subject, "Root", more);
  world.store.trust(root.certificate);
  const auto codes = world.codes(leaf);
  CHECK((codes.empty() || codes == Codes{"chain.name-constraint-violated"}));
  return codes.empty();
}

// SmtpUTF8Mailbox (RFC 9598).
constexpr const char* kUtf8Mailbox = "otherName:1.3.6.1.5.5.7.8.9;UTF8:\xC3\xA9@example.com";
const std::string kPolicyA = "1.3.6.1.4.1.99999.1", kPolicyB = "1.3.6.1.4.1.99999.2", kAny = "2.5.29.32.0";

}  // namespace

TEST_CASE("name constraints permit and exclude") {
  const struct {
    const char* constraints;
    const char* san;
    bool allowed;
  } rows[] = {
      {"permitted;DNS:example.com", "DNS:example.com", true},
      {"permitted;DNS:example.com", "DNS:a.b.EXAMPLE.com", true},
      {"permitted;DNS:example.com", "DNS:badexample.com", false},
      {"permitted;DNS:example.com", "DNS:example.org", false},
      {"permitted;DNS:.example.com", "DNS:a.example.com", true},
      {"permitted;DNS:.example.com", "DNS:example.com", false},
      {"permitted;DNS:example.com", "DNS:*.example.com", true},
      {"permitted;DNS:a.example.com", "DNS:*.example.com", false},
      {"permitted;DNS:example.com", "IP:10.0.0.1", true},
      {"permitted;DNS:example.com,permitted;DNS:example.org", "DNS:a.example.org", true},
      {"excluded;DNS:example.com", "DNS:a.example.com", false},
      {"excluded;DNS:example.com", "DNS:example.org", true},
      {"excluded;DNS:a.example.com", "DNS:*.example.com", false},
      {"excluded;DNS:a.example.com", "DNS:b.example.com", true},
      {"permitted;IP:10.0.0.0/255.0.0.0", "IP:10.1.2.3", true},
      {"permitted;IP:10.0.0.0/255.0.0.0", "IP:11.1.2.3", false},
      {"permitted;IP:10.0.0.0/255.0.0.0", "IP:fe80::1", false},
      {"excluded;IP:10.0.0.0/255.0.0.0", "IP:::ffff:10.0.0.1", false},
      {"permitted;IP:10.0.0.0/255.0.255.0", "IP:10.0.0.1", false},
      {"permitted;email:example.com", "email:a@example.com", true},
      {"permitted;email:example.com", "email:a@b.example.com", false},
      {"permitted;email:.example.com", "email:a@b.example.com", true},
      {"permitted;email:a@example.com", "email:a@EXAMPLE.com", true},
      {"permitted;email:a@example.com", "email:A@example.com", false},
      {"permitted;email:example.com", "email:a@b@example.com", false},
      {"permitted;email:example.com", "email:\"a@b\"@example.com", true},
      {"permitted;email:example.com", "email:\"a\"@\"b\"@example.com", false},
      {"permitted;email:example.com", "email:\"@example.com", false},
      {"excluded;email:example.org", "email:a@b@example.com", true},
      {"excluded;email:example.com", "email:a@b@example.com", false},
      {"excluded;email:a@example.org", kUtf8Mailbox, true},
      {"excluded;email:a@xn--mller-kva.com", "otherName:1.3.6.1.5.5.7.8.9;UTF8:a@m\xC3\xBCller.com", false},
      {"excluded;email:a@example.com", kUtf8Mailbox, false},
      {"excluded;email:example.com", kUtf8Mailbox, false},
      {"permitted;otherName:1.3.6.1.5.5.7.8.9;UTF8:example.com", kUtf8Mailbox, false},
      {"permitted;otherName:1.3.6.1.5.5.7.8.9;UTF8:example.com", "email:a@example.com", true},
      {"permitted;URI:.cluster.local", "URI:spiffe://td.cluster.local/ns/a/sa/b", true},
      {"permitted;URI:cluster.local", "URI:spiffe://cluster.local/ns/a/sa/b", true},
      {"permitted;URI:cluster.local", "URI:spiffe://td.cluster.local/ns/a/sa/b", false},
      {"permitted;URI:cluster.local", "URI:urn:cluster.local", false},
      {"permitted;URI:cluster.local", "URI:spiffe://cluster.local:443/x", true},
      {"permitted;URI:cluster.local", "URI:spiffe://cluster.local:a443/x", false},
      {"excluded;URI:cluster.local", "URI:spiffe://user@Cluster.local:1/x", false},
      {"permitted;URI:cluster.local", "URI:spiffe://127.0.0.1/x", false},
  };
  for (const auto& row : rows) {
    CAPTURE(row.constraints);
    CAPTURE(row.san);
    CHECK(allows(row.constraints, row.san) == row.allowed);
  }
}

TEST_CASE("an empty DNS name is excluded by a subtree of all names alone") {
  using path::Match;
  using path::Side;
  CHECK(path::match_dns("", "example.com", Side::excluded) == Match::no);
  CHECK(path::match_dns("", "", Side::excluded) == Match::yes);
  CHECK(path::match_dns("", "example.com", Side::permitted) == Match::no);
  CHECK(path::match_dns("a b", "example.com", Side::excluded) == Match::unreadable);
}

TEST_CASE("the common name of a leaf without other names is constrained where it could be a host") {
  CHECK_FALSE(allows("permitted;DNS:example.com", "", "www.example.org"));
  CHECK(allows("permitted;DNS:example.com", "", "www.example.com"));
  CHECK(allows("permitted;DNS:example.com", "", "Jane Doe"));
  CHECK(allows("permitted;DNS:example.com", "IP:10.0.0.1", "www.example.org"));
}

TEST_CASE("who refuses names below constraints of their kind, whatever they are") {
  const auto refusers = [](const std::string& constraints, const std::string& san,
                           const std::string& subject = "leaf") {
    const auto root = make_ca("Root", "Root", {{"nameConstraints", constraints}});
    More more;
    if (!san.empty()) more.emplace_back("subjectAltName", san);
    const auto leaf = make_leaf(subject, "Root", more);
    const Certificate* const path[] = {&leaf.certificate, &root.certificate};
    path::Verifiers refused = path::kNoVerifier;
    for (const auto& one : path::find_unapplied(path)) refused |= one.refused_by;
    return refused;
  };
  CHECK(refusers("permitted;DNS:example.com", "DNS:a.example.com") == path::kNoVerifier);
  CHECK(refusers("permitted;URI:cluster.local", "URI:spiffe://cluster.local/a") == path::rustls);
  CHECK(refusers("excluded;URI:evil.local", "URI:spiffe://cluster.local/a") == path::rustls);
  CHECK(refusers("excluded;URI:evil.local", "URI:spiffe://a.evil.local/a") == (path::go | path::rustls));
  CHECK(refusers("excluded;URI:.evil.local", "URI:spiffe://aevil.local/a") == path::rustls);
  CHECK(refusers("permitted;URI:cluster.local", "DNS:a.example.com") == path::kNoVerifier);
  CHECK(refusers("permitted;IP:10.0.0.0/255.0.0.0", "IP:10.0.0.1") == path::boringssl);
  CHECK(refusers("permitted;email:example.com", "email:a@example.com") == path::rustls);
  // otherName 1.2 with a BOOLEAN, which nobody below has.
  CHECK(refusers("critical,DER:300ea00c300aa00806012aa003010100", "DNS:a.example.com") == path::go);
  CHECK(refusers("DER:300ea00c300aa00806012aa003010100", "DNS:a.example.com") == path::kNoVerifier);
  CHECK(refusers("critical,DER:3008a006300488022a03", "DNS:a.example.com") == path::go);
  // Every name is below a directory name that is empty; a subject is one, whatever else there is.
  CHECK(refusers("DER:3008a0063004a4023000", "DNS:a.example.com") == path::rustls);
  CHECK(refusers("permitted;DNS:example.com", "", "www.example.com") == path::boringssl);
  CHECK(refusers("permitted;DNS:example.com", "", "Jane Doe") == path::kNoVerifier);
}

TEST_CASE("who refuses a name outside of its constraints") {
  using Type = GeneralName::Type;
  CHECK(path::refusers_of(Type::uri, "", true) == path::kEveryVerifier);
  CHECK(path::refusers_of(Type::ip, "", true) == path::kEveryVerifier);
  CHECK(path::refusers_of(Type::dns, "CN", true) == path::boringssl);
  CHECK(path::refusers_of(Type::directory_name, "subject", false) == (path::boringssl | path::rustls));
  CHECK(path::refusers_of(Type::directory_name, "subject", true) == path::kEveryVerifier);
}

TEST_CASE("Go takes a host that is permitted for what is below it, too") {
  const auto refused_by = [](const std::string& constraint, const std::string& uri) {
    World world;
    const auto root = make_ca("Root", "Root", {{"nameConstraints", "critical," + constraint}});
    const auto leaf = make_leaf("leaf", "Root", {{"subjectAltName", "URI:" + uri}});
    world.store.trust(root.certificate);
    const auto verdict = world.verify(leaf);
    REQUIRE(verdict.best().faults.size() == 1);
    return verdict.best().faults[0].refused_by;
  };
  CHECK(refused_by("permitted;URI:cluster.local", "spiffe://td.cluster.local/x") ==
        (path::boringssl | path::rustls));
  CHECK(refused_by("permitted;URI:cluster.local", "spiffe://tdcluster.local/x") == path::kEveryVerifier);
  CHECK(refused_by("permitted;URI:.cluster.local", "spiffe://cluster.local/x") == path::kEveryVerifier);
}

TEST_CASE("a wildcard that only stands for an excluded name is refused by some") {
  const auto refused_by = [](const std::string& san) {
    World world;
    const auto root = make_ca("Root", "Root", {{"nameConstraints", "critical,excluded;DNS:a.example.com"}});
    const auto leaf = make_leaf("leaf", "Root", {{"subjectAltName", san}});
    world.store.trust(root.certificate);
    const auto verdict = world.verify(leaf);
    REQUIRE(verdict.best().faults.size() == 1);
    return verdict.best().faults[0].refused_by;
  };
  CHECK(refused_by("DNS:*.example.com") == (path::go | path::rustls));
  CHECK(refused_by("DNS:*.a.example.com") == path::kEveryVerifier);
  CHECK(refused_by("DNS:a.example.com") == path::kEveryVerifier);
}

TEST_CASE("a product of names and constraints beyond the budget is given up") {
  World world;
  std::string constraints = "critical", san;
  for (int i = 0; i < 100; ++i) {
    constraints += ",permitted;DNS:x" + std::to_string(i) + ".test";
    san += (san.empty() ? "DNS:x" : ",DNS:x") + std::to_string(i) + ".test";
  }
  const auto root = make_ca("Root", "Root", {{"nameConstraints", constraints}});
  const auto leaf = make_leaf("leaf", "Root", {{"subjectAltName", san}});
  world.store.trust(root.certificate);
  CHECK(world.codes(leaf).empty());
  world.settings.budget.name_comparisons = 5000;
  CHECK(world.codes(leaf) == Codes{"chain.does-not-verify"});
}

TEST_CASE("policies: explicit, mapped, inhibited, any") {
  const auto valid = [](const More& of_ca, const More& of_leaf, auto set) {
    World world;
    const auto root = make_ca("Root", "Root"), ca = make_ca("CA", "Root", of_ca);
    const auto leaf = make_leaf("leaf", "CA", of_leaf);
    world.store.trust(root.certificate);
    world.store.offer(ca.certificate);
    set(world.settings.policies);
    const auto codes = world.codes(leaf);
    CHECK(
        (codes.empty() || codes == Codes{"chain.policy-violated"} || codes == Codes{"input.not-strict-der"}));
    return codes.empty();
  };
  const auto nothing = [](path::PolicyRules&) {};
  const auto demand = [](path::PolicyRules& rules) { rules.require_explicit = true; };
  const More a = {{"certificatePolicies", kPolicyA}}, b = {{"certificatePolicies", kPolicyB}},
             any = {{"certificatePolicies", kAny}};
  const auto with = [](More more, const char* name, const std::string& value) {
    more.emplace_back(name, value);
    return more;
  };
  CHECK(valid({}, {}, nothing));
  CHECK(valid(a, b, nothing));
  CHECK_FALSE(valid({}, {}, demand));
  CHECK(valid(a, a, demand));
  CHECK_FALSE(valid(a, b, demand));
  CHECK(valid(any, b, demand));
  CHECK(valid(a, any, demand));
  CHECK_FALSE(
      valid(any, b, [](path::PolicyRules& rules) { rules.require_explicit = rules.inhibit_any = true; }));
  const auto mapped = with(a, "policyMappings", kPolicyA + ":" + kPolicyB);
  CHECK(valid(mapped, b, demand));
  CHECK_FALSE(valid(mapped, a, demand));
  CHECK_FALSE(valid(mapped, b,
                    [](path::PolicyRules& rules) { rules.require_explicit = rules.inhibit_mapping = true; }));
  CHECK_FALSE(valid(with(a, "policyMappings", kPolicyA + ":" + kAny), a, nothing));
  CHECK_FALSE(valid(with(a, "policyConstraints", "critical,requireExplicitPolicy:0"), b, nothing));
  CHECK(valid(with(a, "policyConstraints", "critical,requireExplicitPolicy:0"), a, nothing));
  CHECK_FALSE(valid(with(any, "inhibitAnyPolicy", "critical,0"), any, demand));
}

TEST_CASE("what is asked for is counted in the domain of the anchor") {
  const auto octets = std::string("\x2b\x06\x01\x04\x01\x86\x8d\x1f\x01", 9);  // 1.3.6.1.4.1.99999.1
  World world;
  const auto root = make_ca("Root", "Root");
  const auto ca = make_ca("CA", "Root",
                          {{"certificatePolicies", kPolicyA}, {"policyMappings", kPolicyA + ":" + kPolicyB}});
  const auto leaf = make_leaf("leaf", "CA", {{"certificatePolicies", kPolicyB}});
  world.store.trust(root.certificate);
  world.store.offer(ca.certificate);
  world.settings.policies = {.acceptable = {octets}, .require_explicit = true};
  CHECK(world.codes(leaf).empty());
  world.settings.policies.acceptable = {octets.substr(0, 8) + "\x02"};
  CHECK(world.codes(leaf) == Codes{"chain.policy-violated"});
}

TEST_CASE("policies that multiply do not") {
  // Each level maps each policy to every other: a tree would have 8^10 nodes.
  World world;
  std::vector<Made> made;
  made.push_back(make_ca("P0", "P0"));
  std::string policies, mappings;
  for (int i = 1; i <= 8; ++i) {
    policies += (i == 1 ? "" : ",") + std::string("1.2.3.") + std::to_string(i);
    for (int j = 1; j <= 8; ++j)
      mappings += (mappings.empty() ? "" : ",") + std::string("1.2.3.") + std::to_string(i) + ":1.2.3." +
                  std::to_string(j);
  }
  for (int level = 1; level <= 10; ++level)
    made.push_back(make_ca("P" + std::to_string(level), "P" + std::to_string(level - 1),
                           {{"certificatePolicies", policies}, {"policyMappings", mappings}}));
  for (const Made& ca : made) world.store.offer(ca.certificate);
  world.store.trust(made.front().certificate);
  world.settings.policies.require_explicit = true;
  world.settings.policies.acceptable = {"\x2a\x04"};
  const auto leaf = make_leaf("leaf", "P10", {{"certificatePolicies", "1.2.3.1"}});
  CHECK(world.codes(leaf) == Codes{"chain.policy-violated"});
}
