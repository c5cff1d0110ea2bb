// What may end a path.
#include <doctest/doctest.h>

#include "tests/unit/path/forge.hpp"

using namespace meshcert;
using meshcert::testing::Made;
using meshcert::testing::make;
using meshcert::testing::make_ca;
using meshcert::testing::make_leaf;
using meshcert::testing::World;
using Codes = std::vector<std::string>;

TEST_CASE("an intermediate in the bundle ends a path, but for the strict reading") {
  const auto root = make_ca("Root", "Root"), ca = make_ca("CA", "Root"), leaf = make_leaf("leaf", "CA");
  World world;
  world.store.trust(ca.certificate);
  CHECK(world.verify(leaf).valid);
  world.settings.partial_chain = false;
  CHECK(world.codes(leaf) == Codes{"chain.incomplete"});
  world.store.trust(root.certificate);
  CHECK(world.verify(leaf).valid);
}

TEST_CASE("in the strict reading a root is what names itself as its issuer: no signature of it is verified") {
  World world;
  const auto broken = make({.subject = "Root",
                            .issuer = "Root",
                            .signer = "Other",
                            .extensions = {{"basicConstraints", "critical,CA:TRUE"}}});
  const auto leaf = make_leaf("leaf", "Root");
  world.store.trust(broken.certificate);
  world.settings.partial_chain = false;
  CHECK(world.codes(leaf).empty());
  World other;
  Made encrypts = make_ca("Root", "Root");  // with a key that could not have signed it
  encrypts.certificate.key.algorithm = KeyAlgorithm::x25519;
  other.store.trust(encrypts.certificate);
  other.settings.partial_chain = false;
  CHECK_FALSE(other.verify(encrypts).valid);
  other.settings.partial_chain = true;
  CHECK(other.verify(encrypts).valid);
}

TEST_CASE("an anchor of version 1 needs no extensions, one of version 3 does") {
  World old;
  const auto v1 = make({.subject = "Root", .issuer = "Root", .version = 1});
  const auto v3 = make({.subject = "Root", .issuer = "Root"});
  const auto leaf = make_leaf("leaf", "Root");
  old.store.trust(v1.certificate);
  CHECK(old.verify(leaf).valid);
  World young;
  young.store.trust(v3.certificate);
  CHECK(young.codes(leaf) == Codes{"chain.issuer-not-ca"});
}
