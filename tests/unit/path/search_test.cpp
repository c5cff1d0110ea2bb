// Which way the search takes first, and that it ends.
#include <doctest/doctest.h>

#include <algorithm>

#include "path/verify.hpp"
#include "tests/unit/path/forge.hpp"
#include "x509/name_match.hpp"

using namespace meshcert;
using meshcert::testing::Made;
using meshcert::testing::make;
using meshcert::testing::make_ca;
using meshcert::testing::make_leaf;
using meshcert::testing::World;
using Codes = std::vector<std::string>;

namespace {

constexpr long kPast = 1704067200, kBeforeNow = 1709251200, kLater = 1735689600;

}  // namespace

TEST_CASE("the search goes back from a wrong turn") {
  // Two certificates of one CA: the younger one, tried first, leads to a root that is not trusted.
  World world;
  const auto trusted = make_ca("Trusted", "Trusted"), stranger = make_ca("Stranger", "Stranger");
  const auto good = make_ca("CA", "Trusted");
  const auto bad = make({.subject = "CA",
                         .issuer = "Stranger",
                         .extensions = {{"basicConstraints", "critical,CA:TRUE"}},
                         .not_before = kBeforeNow});
  const auto leaf = make_leaf("leaf", "CA");
  world.store.trust(trusted.certificate);
  for (const Made* made : {&bad, &stranger, &good}) world.store.offer(made->certificate);
  CHECK(world.verify(leaf).valid);
  const auto verdict = world.verify(leaf, path::Explain::every_path);
  REQUIRE(verdict.paths.size() == 2);
  CHECK(verdict.paths[0].holds());
  CHECK(path::code_of(verdict.paths[1].faults.at(0).kind) == "chain.untrusted-root");
}

TEST_CASE("of two certificates of one CA the younger is tried first, if it is valid within the skew") {
  World world;
  const auto root = make_ca("Root", "Root");
  const auto ca = [](long not_before, long not_after) {
    return make({.subject = "CA",
                 .issuer = "Root",
                 .extensions = {{"basicConstraints", "critical,CA:TRUE"}},
                 .not_before = not_before,
                 .not_after = not_after});
  };
  const long now = world.settings.at.time_since_epoch().count();
  const auto older = ca(kPast, kLater), younger = ca(kBeforeNow, now - 60);
  const auto leaf = make_leaf("leaf", "CA");
  world.store.trust(root.certificate);
  for (const Made* made : {&older, &younger}) world.store.offer(made->certificate);
  for (const int skew : {59, 60}) {
    world.settings.skew = Seconds(skew);
    const auto verdict = world.verify(leaf);
    CHECK(verdict.valid);
    CHECK(verdict.best().certificates.at(1) == &(skew < 60 ? older : younger).certificate);
  }
}

TEST_CASE("a circle of CAs and ten thousand namesakes end") {
  World circle;
  const auto a = make_ca("A", "B"), b = make_ca("B", "A"), leaf = make_leaf("leaf", "A");
  circle.store.offer(a.certificate);
  circle.store.offer(b.certificate);
  CHECK(circle.codes(leaf) == Codes{"chain.incomplete"});

  World crowd;
  std::vector<Made> namesakes;
  for (int i = 0; i < 400; ++i)
    namesakes.push_back(
        make({.subject = "A", .issuer = "A", .key = std::to_string(i), .signer = std::to_string(i)}));
  for (const Made& made : namesakes) crowd.store.offer(made.certificate);
  const auto verdict = crowd.verify(leaf);
  CHECK_FALSE(verdict.valid);
  CHECK(verdict.gave_up);
  CHECK(crowd.codes(leaf) == Codes{"chain.budget-exhausted"});
}

TEST_CASE("a name is the issuer's however its letters are written (RFC 5280 6.1, 7.1)") {
  const meshcert::testing::More one_ca = {{"basicConstraints", "critical,CA:TRUE,pathlen:0"}};
  const auto verify = [&](const std::string& rolled_over) {
    World world;
    const auto root = make({.subject = "Root", .issuer = "Root", .extensions = one_ca});
    const auto next = make({.subject = rolled_over,
                            .issuer = "Root",
                            .key = "next",
                            .extensions = {{"basicConstraints", "critical,CA:TRUE"}}});
    const auto leaf = make({.subject = "leaf", .issuer = rolled_over, .signer = "next"});
    world.store.trust(root.certificate);
    world.store.offer(next.certificate);
    return world.codes(leaf);
  };
  CHECK(verify("Root").empty());
  const Codes noted = verify("ROOT");
  CHECK(std::ranges::find(noted, "chain.path-length-exceeded") == noted.end());
  CHECK(verify("Rooted") == Codes{"chain.path-length-exceeded"});

  const auto root = make({.subject = "Root",
                          .issuer = "ROOT",
                          .signer = "Root",
                          .extensions = {{"basicConstraints", "critical,CA:TRUE"}}});
  CHECK(x509::is_self_issued(root.certificate));
  CHECK_FALSE(root.certificate.is_self_issued());
}

TEST_CASE("many CAs that all signed each other end within the budget") {
  World world;
  std::vector<Made> mesh;
  const auto name = [](int i) { return "M" + std::to_string(i); };
  for (int i = 0; i < 12; ++i)
    for (int j = 0; j < 12; ++j)
      if (i != j) mesh.push_back(make_ca(name(i), name(j)));
  for (const Made& made : mesh) world.store.offer(made.certificate);
  const auto verdict = world.verify(make_leaf("leaf", name(0)));
  CHECK_FALSE(verdict.valid);
  CHECK(verdict.gave_up);
  CHECK(verdict.paths.size() <= world.settings.budget.failed_paths);
}
