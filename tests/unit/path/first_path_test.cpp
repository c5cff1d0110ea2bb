#include "path/first_path.hpp"

#include <doctest/doctest.h>

#include "tests/unit/path/forge.hpp"

using namespace meshcert;
using meshcert::testing::Made;
using meshcert::testing::make;
using meshcert::testing::make_ca;
using meshcert::testing::make_leaf;
using meshcert::testing::Spec;
using meshcert::testing::World;
using Names = std::vector<const Certificate*>;

namespace {

constexpr auto kNearest = path::Namesake::nearest, kFarthest = path::Namesake::farthest;

const std::vector<std::pair<std::string, std::string>> kOfCa = {{"basicConstraints", "critical,CA:TRUE"},
                                                                {"keyUsage", "critical,keyCertSign"}};

/// A leaf of "CA", which "Root" and "Old" have signed, with one key.
struct Cross : World {
  Made root = make_ca("Root", "Root");
  Made old = make_ca("Old", "Old");
  Made by_root = make_ca("CA", "Root");
  Made by_old = make_ca("CA", "Old");
  Made leaf = make_leaf("leaf", "CA");
  path::Path first(const Names& sent, path::Namesake namesake = path::Namesake::nearest) {
    return path::first_path(leaf.certificate, sent, store, settings, namesake, signatures, nullptr);
  }
};

}  // namespace

TEST_CASE("the first issuer that was sent is taken, wherever it leads") {
  Cross world;
  world.store.trust(world.root.certificate);
  const auto wrong = world.first({&world.by_old.certificate, &world.by_root.certificate});
  CHECK(wrong.certificates == Names{&world.leaf.certificate, &world.by_old.certificate});
  CHECK_FALSE(wrong.anchored);
  const auto right = world.first({&world.by_root.certificate, &world.by_old.certificate});
  CHECK(right.certificates ==
        Names{&world.leaf.certificate, &world.by_root.certificate, &world.root.certificate});
  CHECK(right.holds());
  // The other root, sent along, is a way up that ends in nothing.
  CHECK_FALSE(
      world.first({&world.by_old.certificate, &world.old.certificate, &world.by_root.certificate}).holds());
}

TEST_CASE("a trusted issuer is taken before one that was sent, and a valid one before another") {
  Cross world;
  world.store.trust(world.by_root.certificate);
  CHECK(world.first({&world.by_old.certificate}).holds());
  world.store.trust(world.root.certificate);
  Spec ended{.subject = "Root", .issuer = "Root", .extensions = kOfCa, .not_after = 1709251200};
  const auto expired = make(ended);
  world.store.trust(expired.certificate);
  CHECK(world.first({}).certificates.back() == &world.root.certificate);
  CHECK(world.first({}).holds());
}

TEST_CASE("nothing is asked of dates and signatures before an issuer is taken") {
  World world;
  const auto root = make_ca("Root", "Root");
  world.store.trust(root.certificate);
  const auto leaf = make_leaf("leaf", "CA");
  Spec ended{.subject = "CA", .issuer = "Root", .extensions = kOfCa, .not_after = 1709251200};
  Spec other{.subject = "CA", .issuer = "Root", .key = "another", .extensions = kOfCa};
  const auto good = make_ca("CA", "Root");
  const auto expired = make(ended), of_another_key = make(other);
  for (const Made* wrong : {&expired, &of_another_key}) {
    const auto path = path::first_path(leaf.certificate, Names{&wrong->certificate, &good.certificate},
                                       world.store, world.settings, kNearest, world.signatures, nullptr);
    CHECK(path.anchored);
    CHECK_FALSE(path.holds());
  }
  const auto no_signer =
      make({.subject = "CA",
            .issuer = "Root",
            .extensions = {{"basicConstraints", "critical,CA:TRUE"}, {"keyUsage", "cRLSign"}}});
  CHECK(path::first_path(leaf.certificate, Names{&no_signer.certificate, &good.certificate}, world.store,
                         world.settings, kNearest, world.signatures, nullptr)
            .holds());
}

TEST_CASE("of trusted namesakes it may be any") {
  Cross world;
  world.store.trust(world.root.certificate);
  const Names sent{&world.by_root.certificate};
  CHECK(world.first(sent, kFarthest).holds());
  const auto other = make({.subject = "Root", .issuer = "Root", .key = "another", .extensions = kOfCa});
  world.store.trust(other.certificate);
  CHECK(world.first(sent, kNearest).holds());
  CHECK(world.first(sent, kFarthest).certificates.back() == &other.certificate);
  const auto expired =
      make({.subject = "Root", .issuer = "Root", .extensions = kOfCa, .not_after = 1709251200});
  world.store.trust(expired.certificate);
  CHECK(world.first(sent, kNearest).holds());
  const auto far = world.first(sent, kFarthest);
  CHECK(world.first(sent, kFarthest).certificates.size() == 3);
  CHECK(far.certificates.back() == &expired.certificate);
  CHECK_FALSE(far.holds());
}

TEST_CASE("a CA with the name of its issuer and nothing that says otherwise is taken for a root") {
  World world;
  const auto root = make_ca("CA", "CA");
  const auto below =
      make({.subject = "CA", .issuer = "CA", .key = "another", .signer = "CA", .extensions = kOfCa});
  const auto leaf = make({.subject = "leaf", .issuer = "CA", .signer = "another"});
  world.store.trust(root.certificate);
  CHECK(path::seems_self_signed(below.certificate));
  const auto path = path::first_path(leaf.certificate, Names{&below.certificate}, world.store, world.settings,
                                     kNearest, world.signatures, nullptr);
  CHECK_FALSE(path.holds());
}

TEST_CASE("a leaf that is trusted itself is enough, if all that was sent above it is right") {
  Cross world;
  world.store.trust(world.leaf.certificate);
  CHECK(world.first({&world.by_old.certificate}).holds());
  const auto other = make({.subject = "CA", .issuer = "Root", .key = "another", .extensions = kOfCa});
  CHECK_FALSE(world.first({&other.certificate}).holds());
}

TEST_CASE("without PARTIAL_CHAIN a path ends at a root that is trusted") {
  Cross world;
  world.settings.partial_chain = false;
  world.store.trust(world.by_root.certificate);
  CHECK_FALSE(world.first({}).anchored);
  CHECK_FALSE(world.first({&world.root.certificate}).anchored);  // above what is trusted nobody looks at it
  world.store.trust(world.root.certificate);
  CHECK(world.first({}).holds());
  CHECK(world.first({}).certificates.size() == 3);
}

TEST_CASE("without PARTIAL_CHAIN a leaf that is trusted is enough where it signed itself") {
  Cross world;
  world.settings.partial_chain = false;
  world.store.trust(world.leaf.certificate);
  CHECK_FALSE(world.first({&world.by_root.certificate}).anchored);
  const auto own = make_ca("own", "own");
  const auto first = [&] {
    return path::first_path(own.certificate, {}, world.store, world.settings, kNearest, world.signatures,
                            nullptr);
  };
  CHECK_FALSE(first().anchored);
  world.store.trust(own.certificate);
  CHECK(first().holds());
}

TEST_CASE("of what is trusted, the extensions are not looked at") {
  World world;
  const auto root = make_ca("Root", "Root", {{"extendedKeyUsage", "codeSigning"}});
  world.store.trust(root.certificate);
  world.settings.purpose = path::Purpose::server;
  const auto leaf = make_leaf("leaf", "Root");
  CHECK(
      path::first_path(leaf.certificate, {}, world.store, world.settings, kNearest, world.signatures, nullptr)
          .holds());
  CHECK_FALSE(world.verify(leaf).valid);
}
