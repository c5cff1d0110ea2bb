// What `spire-server bundle list` prints is one bundle for each trust domain.
#include <doctest/doctest.h>

#include <string>

#include "input/spire_list.hpp"
#include "tests/support/collector.hpp"
#include "tests/support/sample.hpp"

using namespace meshcert;
using meshcert::testing::Collector;
using meshcert::testing::pem_of;
using meshcert::testing::read;

namespace {

std::string heading(const std::string& trust_domain) {
  const std::string rule(40, '*');
  return rule + "\n* " + trust_domain + "\n" + rule + "\n";
}

}  // namespace

TEST_CASE("each heading of SPIRE's list begins the bundle of another trust domain") {
  const std::string text = heading("west.local") + pem_of("pki/root.pem") + "\n" +
                           heading("spiffe://east.local") + pem_of("pki/plugin-root.pem") +
                           pem_of("pki/root-new.pem");
  const Collector found = read("l.txt", text);
  CHECK(found.defects().empty());
  REQUIRE(found.artifacts.size() == 2);
  CHECK(found.artifacts[0].trust_domain == "west.local");
  CHECK(found.artifacts[0].kind == ArtifactKind::trust_bundle);
  CHECK(found.artifacts[0].certificates.size() == 1);
  CHECK(found.artifacts[0].certificates[0].line == 4);
  CHECK(found.artifacts[1].trust_domain == "east.local");
  CHECK(found.artifacts[1].certificates.size() == 2);
}

TEST_CASE("a text that begins otherwise, or has no name between its rules, is one bundle") {
  const std::string rule(40, '*'), root = pem_of("pki/root.pem");
  for (const std::string& text : {root + heading("west.local") + pem_of("pki/root-new.pem"),
                                  rule + "\n" + root + rule + "\n" + pem_of("pki/root-new.pem"),
                                  "* west.local\n" + root + "* east.local\n" + pem_of("pki/root-new.pem")}) {
    CAPTURE(text.substr(0, 60));
    const Collector found = read("l.txt", text);
    REQUIRE(found.artifacts.size() == 1);
    CHECK(found.artifacts[0].trust_domain.empty());
    CHECK(found.artifacts[0].certificates.size() == 2);
  }
}

TEST_CASE("a heading without certificates is told, and hides no other") {
  const Collector found =
      read("l.txt", heading("west.local") + "\n" + heading("east.local") + pem_of("pki/root.pem"));
  REQUIRE(found.artifacts.size() == 1);
  CHECK(found.artifacts[0].trust_domain == "east.local");
  REQUIRE(found.defects().size() == 1);
  CHECK(found.defects()[0].kind == DefectKind::no_certificates);
  CHECK(input::split_spire_list(heading("a") + heading("b") + heading("c"), 2).size() == 2);
}
