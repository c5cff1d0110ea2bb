#include "path/store.hpp"

#include <doctest/doctest.h>

#include "tests/unit/path/forge.hpp"

using namespace meshcert;
using namespace meshcert::testing;

TEST_CASE("a store may lie on another that many chains share") {
  World plain;
  const auto root = make_ca("Root", "Root"), ca = make_ca("CA", "Root");
  const auto leaf = make_leaf("leaf", "CA");
  plain.store.trust(root.certificate);
  plain.store.offer(ca.certificate);
  path::Store sent = path::Store::over(plain.store);
  sent.offer(ca.certificate);
  sent.offer(leaf.certificate);
  CHECK(sent.issuers(leaf.certificate.issuer).size() == 1);
  CHECK(sent.find(root.certificate) != nullptr);
  CHECK(plain.store.find(leaf.certificate) == nullptr);
  CHECK(sent.anchors() == plain.store.anchors());
  x509::SignatureVerifier signatures;
  CHECK(path::verify(leaf.certificate, sent, plain.settings, signatures).valid);
}

TEST_CASE("what trust settings say is listed, be it of trust or of rejection alone") {
  const auto stated = [](path::TrustSettings settings) {
    path::Store store;
    const auto root = make_ca("Root", "Root");
    store.trust(root.certificate, std::move(settings));
    return store.stated().size();
  };
  CHECK(stated({}) == 0);
  CHECK(stated({.trusted = {"use"}, .rejected = {}}) == 1);
  CHECK(stated({.trusted = {}, .rejected = {"use"}}) == 1);
}

TEST_CASE("of two copies of a trusted certificate the settings of the first count, as with OpenSSL") {
  const auto root = make_ca("Root", "Root");
  path::Store store;
  store.trust(root.certificate, {.trusted = {"use"}, .rejected = {}});
  store.trust(root.certificate, {.trusted = {"other"}, .rejected = {}});
  store.trust(root.certificate);
  REQUIRE(store.stated().size() == 1);
  CHECK(store.stated()[0]->settings.trusted == std::vector<std::string>{"use"});
  CHECK(store.anchors().size() == 1);
  path::Store plain;
  plain.trust(root.certificate);
  plain.trust(root.certificate, {.trusted = {"use"}, .rejected = {}});
  CHECK(plain.stated().empty());
}

TEST_CASE("of many namesakes, the one with the wanted key id is among the few that are listed") {
  const std::string id(40, '5');
  const More of_ca{{"2.5.29.14", "DER:0414" + id}};
  const More of_leaf{{"2.5.29.35", "DER:30168014" + id}};
  World world;
  const auto root = make_ca("Root", "Root");
  std::vector<Made> namesakes;
  for (int i = 0; i < 40; ++i)
    namesakes.push_back(make({.subject = "CA",
                              .issuer = "Root",
                              .key = "namesake " + std::to_string(i % 4),
                              .extensions = {{"basicConstraints", "critical,CA:TRUE"}}}));
  const auto ca = make_ca("CA", "Root", of_ca);
  const auto leaf = make_leaf("leaf", "CA", of_leaf);
  world.store.trust(root.certificate);
  for (const auto& namesake : namesakes) world.store.offer(namesake.certificate);
  world.store.offer(ca.certificate);
  CHECK(world.store.issuers(leaf.certificate.issuer).size() == 41);
  const auto likely = world.store.issuers_of(leaf.certificate, 4);
  CHECK(likely.size() == 5);
  REQUIRE(!likely.empty());
  CHECK(likely.front()->certificate == &ca.certificate);
  CHECK(world.verify(leaf).valid);
}
