#include "base/hex.hpp"
#include "tests/conformance/suites.hpp"
#include "x509/assess.hpp"

namespace meshcert::conformance {

Verdict judge_certificate(const Json& row) {
  const auto text = text_member(row, "der_hex");
  if (!text) return fail(text.error());
  const auto der = base::parse_hex(*text);
  if (!der) return fail("der_hex: " + std::string(der.error()));
  const x509::Strictness strictness = x509::assess(*der);
  Json verdict{{"parsed", strictness.parsed}, {"strict_der", strictness.strict_der}};
  if (!strictness.parsed || !strictness.strict_der) verdict["reason"] = strictness.reason;
  return verdict;
}

}  // namespace meshcert::conformance
