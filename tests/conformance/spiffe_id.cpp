#include "meshcert/spiffe_id.hpp"

#include "tests/conformance/suites.hpp"

namespace meshcert::conformance {

Verdict judge_spiffe_id(const Json& row) {
  const auto input = text_member(row, "input");
  if (!input) return fail(input.error());
  const auto id = SpiffeId::parse(*input);
  if (!id) return Json{{"valid", false}, {"reason", id.error()}};
  return Json{{"valid", true}, {"trust_domain", id->trust_domain().name()}, {"path", id->path()}};
}

}  // namespace meshcert::conformance
