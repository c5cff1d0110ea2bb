// Limits of lifetimes to the second, and what is said of an expired root beside others of its name.
#include <doctest/doctest.h>

#include "meshcert/alone.hpp"
#include "meshcert/input.hpp"
#include "meshcert/inspect.hpp"
#include "tests/support/source_tree.hpp"

using namespace meshcert;
using namespace meshcert::testing;

namespace {

const Instant kAt = *parse_rfc3339("2024-01-01T06:00:00Z");

Certificate lasting(Seconds lifetime, Seconds left) {
  Certificate certificate;
  certificate.not_after = kAt + left;
  certificate.not_before = certificate.not_after - lifetime;
  return certificate;
}

}  // namespace

TEST_CASE("a certificate is critical within its limit, and not yet at it") {
  Policy policy;
  policy.at = kAt;
  const auto status = [&policy](Seconds left) {
    return validity_status(lasting(std::chrono::hours(100), left), policy);
  };
  const Seconds limit = std::chrono::hours(10);  // a tenth of its life
  CHECK(status(limit - Seconds(1)) == ValidityStatus::critical);
  CHECK(status(limit) == ValidityStatus::warning);
}

TEST_CASE("a workload's certificate may live for a leap year, and no second more") {
  const auto is_too_long = [](Seconds lifetime) {
    Artifact artifact;
    artifact.kind = ArtifactKind::workload_chain;
    artifact.certificates.push_back(lasting(lifetime, std::chrono::hours(24)));
    return lives_too_long(artifact, 0);
  };
  const Seconds most = std::chrono::hours(366 * 24);
  CHECK_FALSE(is_too_long(most));
  CHECK(is_too_long(most + Seconds(1)));
}

TEST_CASE("what takes the place of an expired root has its name and its key") {
  const auto fix_beside = [](const std::string& other) {
    InventorySink sink;
    const std::string roots = read_source("certs/pki/root.pem") + read_source("certs/pki/" + other);
    REQUIRE(read_input("roots.pem", as_bytes(roots), {}, sink));
    REQUIRE(sink.inventory.artifacts.size() == 1);
    auto& certificates = sink.inventory.artifacts[0].certificates;
    REQUIRE(certificates.size() == 2);
    Policy policy;
    policy.at = certificates[0].not_after + std::chrono::hours(24);
    certificates[1].not_after = policy.at + std::chrono::days(365);
    const auto findings = judge(sink.inventory, policy, Selection{{"bundle.expired-member"}, {}});
    REQUIRE(findings.size() == 1);
    return fix_of(findings[0]);
  };
  const std::string renewed = "the renewed one verifies all that it issued";
  CHECK(fix_beside("root-renewed.pem").find(renewed) != std::string::npos);
  CHECK(fix_beside("root-new.pem").find(renewed) == std::string::npos);
  CHECK(fix_beside("plugin-root.pem").find(renewed) == std::string::npos);
}
