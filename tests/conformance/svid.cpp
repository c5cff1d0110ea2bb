#include <algorithm>
#include <set>

#include "checks/check.hpp"
#include "meshcert/input.hpp"
#include "tests/conformance/suites.hpp"
#include "tests/conformance/svid_case.hpp"

namespace meshcert::conformance {
namespace {

/// Kind says what the certificates of a case have to be.
struct Kind {
  std::string_view name;
  Role first(const Certificate& certificate) const {
    if (name == "ca") return Role::ca;
    return name == "leaf-or-signing" && certificate.is_ca() ? Role::ca : Role::leaf;
  }
  bool whole_chain() const { return name == "chain"; }
};
/// What Go can parse is no rule of X509-SVID.
constexpr const char* kNotOfSvid = "input.refused-by-go";

constexpr Kind kKinds[] = {{"leaf"}, {"chain"}, {"leaf-or-signing"}, {"ca"}};

Inventory read_pem(const std::string& pem) {
  InventorySink collector;
  ReadOptions options;
  options.as = Format::pem;
  options.as_workload_chain = true;
  read_input("case.pem", as_bytes(pem), options, collector);
  return std::move(collector.inventory);
}

bool has_certificates(const Artifact& artifact) {
  return !artifact.certificates.empty();
}

bool lost_anything(const Inventory& inventory) {
  const auto lost = [](const std::vector<Defect>& defects) {
    return std::ranges::any_of(defects, &Defect::lost);
  };
  return lost(inventory.defects) || std::ranges::any_of(inventory.artifacts, [&](const Artifact& artifact) {
           return lost(artifact.defects);
         });
}

// A block may hold a whole chain, DER after DER, as the Workload API hands it
// out (X509SVID.x509_svid). False when octets are left that are no certificate.
bool take_apart(Artifact& chain) {
  if (std::ranges::none_of(chain.defects,
                           [](const Defect& d) { return d.kind == DefectKind::trailing_data; }))
    return true;
  chain.certificates.clear();
  for (const auto& octets : chain.storage) {
    for (ByteView rest = *octets; !rest.empty(); rest = rest.subspan(chain.certificates.back().der.size())) {
      const auto certificate = Certificate::decode(rest);
      if (!certificate) return false;
      chain.certificates.push_back(*certificate);
    }
  }
  std::erase_if(chain.defects, [](const Defect& d) { return d.kind == DefectKind::trailing_data; });
  return true;
}

std::vector<Finding> judge_chain(const Kind& kind, const Artifact& chain) {
  std::vector<Finding> findings;
  judge_svid_certificate(chain, 0, kind.first(chain.certificates[0]), Profile::spiffe, findings);
  for (std::size_t i = 1; kind.whole_chain() && i < chain.certificates.size(); ++i)
    judge_svid_certificate(chain, i, Role::intermediate, Profile::spiffe, findings);
  return findings;
}

}  // namespace

SvidChain read_svid_chain(const std::string& pem) {
  SvidChain svid;
  svid.inventory = read_pem(pem);
  const auto chain = std::ranges::find_if(svid.inventory.artifacts, has_certificates);
  if (chain == svid.inventory.artifacts.end()) return svid;
  svid.chain = &*chain;
  svid.whole = take_apart(*chain) && !lost_anything(svid.inventory);
  return svid;
}

void judge_svid_certificate(const Artifact& artifact, std::size_t index, Role role, Profile profile,
                            std::vector<Finding>& findings) {
  Policy policy;
  policy.profile = profile;
  policy.usage_role = role == Role::leaf ? UsageRole::workload : UsageRole::ca;
  checks::Subject subject{artifact, artifact.certificates[index], index, role};
  subject.is_named_as_issuer = role != Role::leaf;
  checks::judge_certificate(subject, policy, {.only = {"svid", "usage", "input"}, .ignore = {kNotOfSvid}},
                            findings);
}

std::vector<Finding> judge_svid_octets(const SvidChain& svid) {
  return judge(svid.inventory, Policy{}, {.only = {"input"}, .ignore = {kNotOfSvid}});
}

bool has_error(const std::vector<Finding>& findings) {
  return std::ranges::any_of(findings, [](const Finding& f) { return f.severity == Severity::error; });
}

Verdict judge_svid(const Json& row) {
  const auto pem = text_member(row, "pem");
  if (!pem) return fail(pem.error());
  const auto name = text_member(row, "kind");
  if (!name) return fail(name.error());
  const auto* kind = std::ranges::find(kKinds, *name, &Kind::name);
  if (kind == std::end(kKinds)) return fail("kind \"" + *name + "\" is unknown");

  SvidChain svid = read_svid_chain(*pem);
  std::vector<Finding> findings = judge_svid_octets(svid);
  if (svid.whole) std::ranges::move(judge_chain(*kind, *svid.chain), std::back_inserter(findings));

  std::set<std::string_view> codes;
  for (const Finding& finding : findings) codes.insert(finding.spec->code);
  return Json{{"valid", svid.whole && !has_error(findings)}, {"codes", codes}};
}

}  // namespace meshcert::conformance
