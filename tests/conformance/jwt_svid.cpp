#include <algorithm>
#include <set>

#include "checks/check.hpp"
#include "input/jwt.hpp"
#include "input/spiffe_bundle.hpp"
#include "meshcert/jwt.hpp"
#include "meshcert/spiffe_id.hpp"
#include "tests/conformance/suites.hpp"

namespace meshcert::conformance {
namespace {

Json invalid(std::set<std::string> codes) {
  return Json{{"valid", false}, {"codes", std::move(codes)}};
}

/// keys_for finds the bundle of the subject's own trust domain (SPIFFE_Workload_API.md); an
/// empty set where there is none.
Result<SpiffeBundle, std::string> keys_for(const Json& bundles, const Jwt& jwt) {
  const std::string subject = jwt.subject.value_or("");
  const auto id = SpiffeId::parse(subject);
  const std::string domain = id ? std::string(id->trust_domain().name()) : "";
  const auto bundle = bundles.find(domain);
  if (bundle == bundles.end()) return SpiffeBundle{};
  if (!bundle->is_string()) return fail(std::string("a member of \"jwks\" is not text"));
  auto set = input::read_key_set(domain, as_bytes(bundle->get_ref<const std::string&>()), Limits{});
  return set ? std::move(*set) : SpiffeBundle{};
}

Json judged(Jwt&& jwt, const Policy& policy) {
  Inventory inventory;
  Artifact& artifact = inventory.artifacts.emplace_back();
  artifact.kind = ArtifactKind::jwt;
  artifact.jwt = std::make_shared<const Jwt>(std::move(jwt));
  std::set<std::string> codes;
  bool valid = true;
  for (const Finding& finding : judge(inventory, policy, {.only = {"jwt"}, .ignore = {}})) {
    codes.emplace(finding.spec->code);
    valid = valid && finding.severity != Severity::error;
  }
  return Json{{"valid", valid}, {"codes", codes}};
}

}  // namespace

Verdict judge_jwt_svid(const Json& row) {
  const auto token = text_member(row, "token");
  if (!token) return fail(token.error());
  const auto time = text_member(row, "validation_time");
  if (!time) return fail(time.error());
  const auto at = parse_rfc3339(*time);
  if (!at) return fail("validation_time: " + std::string(at.error()));
  auto jwt = input::decode_jwt(*token, Limits{});
  if (!jwt) return invalid({"input.malformed"});

  Policy policy;
  policy.profile = Profile::spiffe;
  policy.at = *at;
  for (const Json& audience : row.value("audience", Json()))
    if (audience.is_string()) policy.token.audiences.push_back(audience);
  if (const auto bundles = row.find("jwks"); bundles != row.end() && bundles->is_object()) {
    auto keys = keys_for(*bundles, *jwt);
    if (!keys) return fail(keys.error());
    policy.token.keys = std::make_shared<const SpiffeBundle>(std::move(*keys));
  }
  return judged(std::move(*jwt), policy);
}

}  // namespace meshcert::conformance
