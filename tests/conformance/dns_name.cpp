#include "path/peer_name.hpp"
#include "tests/conformance/suites.hpp"

namespace meshcert::conformance {

Verdict judge_dns_name(const Json& row) {
  const auto presented = text_member(row, "presented");
  if (!presented) return fail(presented.error());
  const auto reference = text_member(row, "reference");
  if (!reference) return fail(reference.error());
  return Json{{"match", path::matches_dns(*presented, *reference)}};
}

}  // namespace meshcert::conformance
