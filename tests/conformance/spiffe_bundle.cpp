#include <algorithm>
#include <set>

#include "checks/check.hpp"
#include "input/spiffe_bundle.hpp"
#include "tests/conformance/suites.hpp"

namespace meshcert::conformance {
namespace {

Json refused(std::string_view code) {
  return Json{{"valid", false}, {"x509_authorities", 0}, {"jwt_authorities", 0}, {"codes", {code}}};
}

// A row of the suite has no time to judge at.
const std::set<std::string_view> kOfTime{"bundle.expired-member", "bundle.future-member"};

std::set<std::string> codes_of(const Inventory& inventory) {
  Policy policy;
  policy.profile = Profile::spiffe;
  std::set<std::string> codes;
  for (const Finding& finding : judge(inventory, policy, {.only = {"bundle"}, .ignore = {}}))
    if (!kOfTime.contains(finding.spec->code)) codes.emplace(finding.spec->code);
  return codes;
}

}  // namespace

Verdict judge_spiffe_bundle(const Json& row) {
  const auto text = text_member(row, "bundle");
  if (!text) return fail(text.error());
  const auto document = input::read_json("bundle.json", as_bytes(*text), Limits{});
  if (!document || !document->is(input::Node::Kind::mapping)) return refused("input.malformed");
  Inventory inventory;
  Artifact& artifact = inventory.artifacts.emplace_back();
  const std::string file = "bundle.json";
  input::FieldReader fields(file, artifact.defects);
  input::read_bundle({&*document, ""}, input::BundleRole::spiffe, fields, artifact);
  const SpiffeBundle& bundle = *artifact.bundle;
  const bool broken =
      std::ranges::any_of(bundle.faults, [](const BundleFault& f) { return breaks_a_must(f.kind); });
  return Json{{"valid", !broken},
              {"x509_authorities", bundle.x509_authorities},
              {"jwt_authorities", bundle.jwt_authorities},
              {"codes", codes_of(inventory)}};
}

}  // namespace meshcert::conformance
