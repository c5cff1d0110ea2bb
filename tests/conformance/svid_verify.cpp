#include <algorithm>
#include <set>

#include "meshcert/spiffe_id.hpp"
#include "path/verify.hpp"
#include "tests/conformance/pem_case.hpp"
#include "tests/conformance/suites.hpp"
#include "tests/conformance/svid_case.hpp"

namespace meshcert::conformance {
namespace {

/// The bundle of the trust domain that the leaf's one ID names; empty when there
/// is none.
Result<std::vector<PemCertificate>, std::string> bundle_of(const Certificate& leaf, const Json& bundles) {
  const auto uris = uri_names(leaf);
  const auto id = uris.size() == 1 ? SpiffeId::parse(uris.front()) : fail(Reason("no ID"));
  std::vector<PemCertificate> roots;
  if (!id || !bundles.contains(id->trust_domain().name())) return roots;
  const auto pems = text_list(bundles, std::string(id->trust_domain().name()).c_str());
  if (!pems) return fail(pems.error());
  for (const std::string& pem : *pems) {
    auto certificates = read_certificates(pem);
    if (!certificates) return fail(certificates.error());
    std::ranges::move(*certificates, std::back_inserter(roots));
  }
  return roots;
}

path::Verdict verify_path(const Artifact& chain, const std::vector<PemCertificate>& roots, Instant at) {
  path::Store store;
  for (const PemCertificate& root : roots) store.trust(root.certificate);
  for (const Certificate& certificate : chain.certificates) store.offer(certificate);
  path::Settings settings;
  settings.at = at;
  x509::SignatureVerifier signatures;
  return path::verify(chain.certificates.front(), store, settings, signatures);
}

}  // namespace

Verdict judge_svid_verify(const Json& row) {
  auto pem = text_member(row, "peer_pem");
  if (!pem) return fail(pem.error());
  const auto untrusted = text_list(row, "untrusted_pems");
  if (!untrusted) return fail(untrusted.error());
  const auto at = instant_of(row);
  if (!at) return fail(at.error());
  const auto bundles = row.find("bundles");
  if (bundles == row.end() || !bundles->is_object()) return fail(std::string("bundles is no object"));
  for (const std::string& more : *untrusted) *pem += "\n" + more;

  SvidChain svid = read_svid_chain(*pem);
  std::vector<Finding> findings = judge_svid_octets(svid);
  bool valid = svid.whole;
  std::set<std::string_view> codes;
  if (svid.whole) {
    const Artifact& chain = *svid.chain;
    for (std::size_t i = 0; i < chain.certificates.size(); ++i)
      judge_svid_certificate(chain, i, i == 0 ? Role::leaf : Role::intermediate, Profile::istio, findings);
    const auto roots = bundle_of(chain.certificates.front(), *bundles);
    if (!roots) return fail(roots.error());
    const path::Verdict verdict = verify_path(chain, *roots, *at);
    valid = verdict.valid;
    for (const path::Fault& fault : verdict.best().faults) codes.insert(path::code_of(fault.kind));
  }
  for (const Finding& finding : findings) codes.insert(finding.spec->code);
  return Json{{"actual", valid && !has_error(findings) ? "SUCCESS" : "FAILURE"}, {"codes", codes}};
}

}  // namespace meshcert::conformance
