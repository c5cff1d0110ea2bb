#include <set>

#include "tests/conformance/chain_case.hpp"
#include "tests/conformance/suites.hpp"

namespace meshcert::conformance {

Verdict judge_chain(const Json& row) {
  const auto chain = read_chain_case(row);
  if (!chain) return fail(chain.error());
  if (chain->peer.empty()) return Json{{"actual", "FAILURE"}, {"codes", {"input.malformed"}}};
  const path::Verdict verdict = chain->verify();
  std::set<std::string_view> codes;
  for (const path::Fault& fault : verdict.best().faults) codes.insert(path::code_of(fault.kind));
  return Json{{"actual", verdict.valid ? "SUCCESS" : "FAILURE"}, {"codes", codes}};
}

}  // namespace meshcert::conformance
