#include "path/verify.hpp"

#include <doctest/doctest.h>

#include "base/hex.hpp"
#include "tests/unit/path/forge.hpp"

using namespace meshcert;
using meshcert::testing::Made;
using meshcert::testing::make;
using meshcert::testing::make_ca;
using meshcert::testing::make_leaf;
using meshcert::testing::More;
using meshcert::testing::World;
using Codes = std::vector<std::string>;

namespace {

constexpr long kPast = 1704067200, kBeforeNow = 1709251200, kLater = 1735689600;

/// A root, a CA below it and a leaf; what differs is said by extensions.
struct Plain : World {
  Made root, ca, leaf;
  explicit Plain(const More& of_ca = {}, const More& of_leaf = {}, const More& of_root = {})
      : root(make_ca("Root", "Root", of_root)),
        ca(make_ca("CA", "Root", of_ca)),
        leaf(make_leaf("leaf", "CA", of_leaf)) {
    store.trust(root.certificate);
    store.offer(ca.certificate);
  }
  Codes codes() { return World::codes(leaf); }
};

}  // namespace

TEST_CASE("a path of leaf, CA and root holds") {
  Plain plain;
  const auto verdict = plain.verify(plain.leaf);
  CHECK(verdict.valid);
  REQUIRE(verdict.paths.size() == 1);
  CHECK(verdict.best().certificates == std::vector<const Certificate*>{&plain.leaf.certificate,
                                                                       &plain.ca.certificate,
                                                                       &plain.root.certificate});
  CHECK(verdict.best().faults.empty());
}

TEST_CASE("of each kind of name that is asked for, the leaf has to have one") {
  using Kind = path::PeerName::Kind;
  const path::PeerName own{Kind::dns, "a.example.com"}, other{Kind::dns, "b.example.com"},
      ip{Kind::ip, "192.0.2.1"};
  Plain plain({}, {{"subjectAltName", "DNS:a.example.com"}});
  plain.settings.names = {{other, own}};
  CHECK(plain.codes().empty());
  plain.settings.names = {{own}, {ip}};
  CHECK(plain.codes() == Codes{"chain.name-mismatch"});
}

TEST_CASE("a leaf that is asked for as a CA signed nothing") {
  Plain plain;
  plain.settings.purpose = path::Purpose::ca;
  CHECK(plain.codes() == Codes{"chain.wrong-purpose"});
}

TEST_CASE("every fault of a path is told, not the first") {
  Plain plain({{"basicConstraints", "critical,CA:FALSE"}, {"keyUsage", "digitalSignature"}},
              {{"extendedKeyUsage", "clientAuth"}});
  plain.settings.at = Instant(std::chrono::seconds(kLater + 1));
  plain.settings.purpose = path::Purpose::server;
  plain.settings.names = {{{path::PeerName::Kind::dns, "a.example.com"}}};
  CHECK(plain.codes() == Codes{"chain.issuer-not-ca", "chain.name-mismatch", "usage.eku-lacks-server-auth",
                               "validity.expired"});
}

TEST_CASE("dates count to the second, at both ends, and skew widens them") {
  for (const auto& [at, valid] :
       {std::pair{kPast - 1, false}, {kPast, true}, {kLater, true}, {kLater + 1, false}}) {
    Plain plain;
    plain.settings.at = Instant(std::chrono::seconds(at));
    CHECK(plain.verify(plain.leaf).valid == valid);
    plain.settings.skew = Seconds(1);
    CHECK(plain.verify(plain.leaf).valid);
  }
}

TEST_CASE("what a CA may not do") {
  CHECK(Plain(More{{"keyUsage", "cRLSign"}}).codes() == Codes{"chain.issuer-not-ca"});
  CHECK(Plain(More{{"basicConstraints", "CA:FALSE"}}).codes() == Codes{"chain.issuer-not-ca"});
  CHECK(Plain(More{{"basicConstraints", "critical,CA:TRUE,pathlen:0"}}).codes().empty());
  CHECK(Plain({}, {}, More{{"basicConstraints", "critical,CA:TRUE,pathlen:0"}}).codes() ==
        Codes{"chain.path-length-exceeded"});
  CHECK(Plain(More{{"1.2.3.4", "critical,DER:0500"}}).codes() == Codes{"chain.unknown-critical-extension"});
  CHECK(Plain(More{{"1.2.3.4", "DER:0500"}}).codes().empty());
}

TEST_CASE("self-issued certificates do not count for the path length") {
  World world;
  const auto root = make_ca("Root", "Root", {{"basicConstraints", "critical,CA:TRUE,pathlen:0"}});
  const auto renewed = make({.subject = "Root",
                             .issuer = "Root",
                             .key = "Root of 2025",
                             .extensions = {{"basicConstraints", "critical,CA:TRUE"}}});
  const auto leaf = make({.subject = "leaf", .issuer = "Root", .signer = "Root of 2025"});
  world.store.trust(root.certificate);
  world.store.offer(renewed.certificate);
  CHECK(world.verify(leaf).valid);
}

TEST_CASE("extended key usages chain through CAs") {
  const auto valid = [](const char* of_ca, const char* of_leaf, path::Purpose purpose) {
    testing::More ca, leaf;
    if (*of_ca != 0) ca.emplace_back("extendedKeyUsage", of_ca);
    if (*of_leaf != 0) leaf.emplace_back("extendedKeyUsage", of_leaf);
    Plain plain(ca, leaf);
    plain.settings.purpose = purpose;
    return plain.verify(plain.leaf).valid;
  };
  using enum path::Purpose;
  CHECK(valid("", "", server));
  CHECK(valid("", "serverAuth", server));
  CHECK_FALSE(valid("", "clientAuth", server));
  CHECK_FALSE(valid("clientAuth", "serverAuth", server));
  CHECK(valid("clientAuth,serverAuth", "serverAuth", server));
  CHECK(valid("anyExtendedKeyUsage", "serverAuth", server));
  CHECK_FALSE(valid("", "serverAuth", workload));
  CHECK(valid("", "serverAuth,clientAuth", workload));
  CHECK(valid("clientAuth", "serverAuth", any));
}

TEST_CASE("why no path leads to an anchor") {
  World world;
  const auto root = make_ca("Root", "Root"), other = make_ca("Other", "Other"), ca = make_ca("CA", "Root");
  const auto leaf = make_leaf("leaf", "CA");
  // It is told of the last certificate that was reached.
  const auto told_of = [&] {
    const auto verdict = world.verify(leaf);
    return verdict.best().faults.back().certificate;
  };
  CHECK(world.codes(leaf) == Codes{"chain.incomplete"});
  CHECK(told_of() == 0);
  world.store.trust(other.certificate);
  world.store.offer(ca.certificate);
  CHECK(world.codes(leaf) == Codes{"chain.incomplete"});
  CHECK(told_of() == 1);
  world.store.offer(root.certificate);
  CHECK(world.codes(leaf) == Codes{"chain.untrusted-root"});
  CHECK(told_of() == 2);
  world.store.trust(root.certificate);
  CHECK(world.codes(leaf).empty());
}

TEST_CASE("a namesake with another key signed nothing") {
  World world;
  const auto twin = make({.subject = "Root",
                          .issuer = "Root",
                          .key = "another",
                          .signer = "another",
                          .extensions = {{"basicConstraints", "critical,CA:TRUE"}}});
  const auto root = make_ca("Root", "Root");
  const auto leaf = make_leaf("leaf", "Root");
  world.store.trust(twin.certificate);
  CHECK(world.codes(leaf) == Codes{"chain.bad-signature"});
  world.store.trust(root.certificate);
  CHECK(world.codes(leaf).empty());
  const auto verdict = world.verify(leaf, path::Explain::every_path);
  REQUIRE(verdict.paths.size() == 2);
  CHECK(path::code_of(verdict.paths[1].faults.at(0).kind) == "chain.bad-signature");
}

TEST_CASE("an expired copy of a root beside its renewal with the same key does no harm") {
  World world;
  const testing::More is_ca = {{"basicConstraints", "critical,CA:TRUE"}};
  const auto expired =
      make({.subject = "Root", .issuer = "Root", .extensions = is_ca, .not_after = kBeforeNow});
  const auto renewed =
      make({.subject = "Root", .issuer = "Root", .extensions = is_ca, .not_before = kBeforeNow});
  const auto leaf = make_leaf("leaf", "Root");
  world.store.offer(expired.certificate);
  world.store.trust(renewed.certificate);
  CHECK(world.codes(leaf).empty());
  world.store.trust(expired.certificate);
  CHECK(world.codes(leaf).empty());
  World stale;
  stale.store.trust(expired.certificate);
  CHECK(stale.codes(leaf) == Codes{"validity.expired"});
}

TEST_CASE("no certificate of a path has a curve that is spelled out") {
  Plain plain;
  CHECK(plain.codes().empty());
  plain.leaf.certificate.key.curve = Curve::explicit_parameters;
  CHECK(plain.codes() == Codes{"chain.unsupported-algorithm"});
}

TEST_CASE("key identifiers that disagree are noted, and others preferred") {
  World world;
  const auto root = make_ca("Root", "Root", {{"subjectKeyIdentifier", "hash"}});
  const auto leaf = make_leaf("leaf", "Root", {{"authorityKeyIdentifier", "DER:300480020102"}});
  world.store.trust(root.certificate);
  const auto verdict = world.verify(leaf);
  CHECK(verdict.valid);
  CHECK(world.codes(leaf) == Codes{"chain.key-id-mismatch"});
}

TEST_CASE("so are the serial number and the issuer that stand for a key id") {
  World world;
  const auto root = make_ca("Root", "Root");
  world.store.trust(root.certificate);
  const auto hex = [](std::size_t octet) {
    return base::to_hex(std::vector<std::uint8_t>{static_cast<std::uint8_t>(octet)});
  };
  const auto leaf = [&](const std::string& issuer, const std::string& serial) {
    const std::string id = issuer + "82" + hex(serial.size() / 2) + serial;
    return make_leaf("leaf", "Root", {{"authorityKeyIdentifier", "DER:30" + hex(id.size() / 2) + id}});
  };
  const std::string own = base::to_hex(root.certificate.serial), other = "7fffff";
  const std::string by_root = "a113a411300f310d300b06035504030c04526f6f74";   // CN=Root
  const std::string by_other = "a113a411300f310d300b06035504030c04526f6f75";  // CN=Roou
  CHECK(world.codes(leaf("", own)).empty());
  CHECK(world.codes(leaf(by_root, own)).empty());
  CHECK(world.codes(leaf("", other)) == Codes{"chain.key-id-mismatch"});
  CHECK(world.codes(leaf(by_other, own)) == Codes{"chain.key-id-mismatch"});
  CHECK(world.verify(leaf("", other)).valid);
}

TEST_CASE("weak keys and levels") {
  Plain plain;
  plain.settings.security_level = 3;
  CHECK(plain.codes().empty());
  plain.settings.security_level = 4;
  CHECK(plain.codes() == Codes{"chain.weak-signature", "key.weak"});
}

TEST_CASE("a fault is told of a certificate by its number on the path, or by a name") {
  const path::Fault fault{path::FaultKind::expired, 1, "A", "B"};
  CHECK(path::describe(fault) == "certificate 1 has expired: notAfter A, judged at B");
  CHECK(path::describe(fault, "O=x") == "O=x has expired: notAfter A, judged at B");
}
