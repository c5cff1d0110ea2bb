#include "meshcert/spiffe_id.hpp"
#include "tests/conformance/suites.hpp"

namespace meshcert::conformance {

Verdict judge_trust_domain(const Json& row) {
  const auto input = text_member(row, "input");
  if (!input) return fail(input.error());
  const auto domain = TrustDomain::parse_name_or_id(*input);
  if (!domain) return Json{{"valid", false}, {"reason", domain.error()}};
  return Json{{"valid", true}, {"trust_domain", domain->name()}};
}

}  // namespace meshcert::conformance
