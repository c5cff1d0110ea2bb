#include <doctest/doctest.h>

#include <string>

#include "input/pem.hpp"
#include "tests/unit/report/hand_made.hpp"

using namespace meshcert;
using namespace meshcert::testing;

TEST_CASE("pem: every certificate in order, in blocks that every reader takes") {
  const Report report = healthy_and_expired();
  const std::string text = render_pem(report, {});
  const input::PemText pem = input::split_pem(text, {});
  CHECK(pem.blocks.size() == report.certificates());
  CHECK(pem.blocks.size() > 1);
  for (const input::PemBlock& block : pem.blocks) {
    CHECK(block.label == "CERTIFICATE");
    CHECK(block.fault == input::PemFault::none);
    CHECK(block.oddities == 0);
  }
  CHECK(text.starts_with("-----BEGIN CERTIFICATE-----\n"));
  CHECK(text.ends_with("\n-----END CERTIFICATE-----\n"));
  CHECK(text.find('\r') == std::string::npos);
  CHECK(text.find("\n\n") == std::string::npos);
}

TEST_CASE("pem: lines of 64 columns") {
  const std::string octets(100, '\0');
  Report report;
  report.inventory.artifacts.emplace_back();
  report.inventory.artifacts[0].certificates.emplace_back().der = as_bytes(octets);
  CHECK(render_pem(report, {}) == "-----BEGIN CERTIFICATE-----\n" + std::string(64, 'A') + "\n" +
                                      std::string(64, 'A') + "\nAAAAAA==\n-----END CERTIFICATE-----\n");
}

TEST_CASE("pem: width, colour and verbosity change nothing; nothing found is no text") {
  const Report report = healthy_and_expired();
  RenderOptions options;
  options.width = 40;
  options.color = options.verbose = true;
  CHECK(render_pem(report, options) == render_pem(report, {}));
  CHECK(render_pem(Report{}, {}).empty());
}

TEST_CASE("pem: no text of an input is in it") {
  const std::string hostile = "\x1b[31m\nx";
  const std::string text = render_pem(hostile_report(hostile), {});
  CHECK(text.find('\x1b') == std::string::npos);
  for (const char c : text) CHECK((c == '\n' || (c >= ' ' && c <= '~')));
}
