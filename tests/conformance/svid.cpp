#include <algorithm>
#include <set>

#include "checks/check.hpp"
#include "meshcert/input.hpp"
#include "tests/conformance/suites.hpp"

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
constexpr Kind kKinds[] = {{"leaf"}, {"chain"}, {"leaf-or-signing"}, {"ca"}};

class Collector : public ArtifactSink {
 public:
  void artifact(Artifact&& artifact) override { found.artifacts.push_back(std::move(artifact)); }
  void defect(Defect&& defect) override { found.defects.push_back(std::move(defect)); }
  Inventory found;
};

Inventory read_pem(const std::string& pem) {
  Collector collector;
  ReadOptions options;
  options.as = Format::pem;
  options.as_workload_chain = true;
  read_input("case.pem", as_bytes(pem), options, collector);
  return std::move(collector.found);
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

// X509-SVID 2 to 5 on one certificate in the role that the case gives it.
void judge_one(const Artifact& artifact, std::size_t index, Role role, std::vector<Finding>& findings) {
  Policy policy;
  policy.profile = Profile::spiffe;
  policy.usage_role = role == Role::leaf ? UsageRole::workload : UsageRole::ca;
  checks::Subject subject{artifact, artifact.certificates[index], index, role};
  subject.is_named_as_issuer = role != Role::leaf;
  checks::judge_certificate(subject, policy, {.only = {"svid", "usage", "input"}, .ignore = {}}, findings);
}

std::vector<Finding> judge_chain(const Kind& kind, const Artifact& chain) {
  std::vector<Finding> findings;
  judge_one(chain, 0, kind.first(chain.certificates[0]), findings);
  for (std::size_t i = 1; kind.whole_chain() && i < chain.certificates.size(); ++i)
    judge_one(chain, i, Role::intermediate, findings);
  return findings;
}

// The findings on the octets, which no certificate carries.
std::vector<Finding> judge_octets(const Inventory& inventory) {
  return judge(inventory, Policy{}, {.only = {"input"}, .ignore = {}});
}

}  // namespace

Verdict judge_svid(const Json& row) {
  const auto pem = text_member(row, "pem");
  if (!pem) return fail(pem.error());
  const auto name = text_member(row, "kind");
  if (!name) return fail(name.error());
  const auto* kind = std::ranges::find(kKinds, *name, &Kind::name);
  if (kind == std::end(kKinds)) return fail("kind \"" + *name + "\" is unknown");

  Inventory inventory = read_pem(*pem);
  std::vector<Finding> findings = judge_octets(inventory);
  const auto chain = std::ranges::find_if(inventory.artifacts, has_certificates);
  const bool whole = chain != inventory.artifacts.end() && take_apart(*chain) && !lost_anything(inventory);
  if (whole) std::ranges::move(judge_chain(*kind, *chain), std::back_inserter(findings));

  const bool has_error =
      std::ranges::any_of(findings, [](const Finding& f) { return f.severity == Severity::error; });
  std::set<std::string_view> codes;
  for (const Finding& finding : findings) codes.insert(finding.spec->code);
  return Json{{"valid", whole && !has_error}, {"codes", codes}};
}

}  // namespace meshcert::conformance
