// Family validity, of a CA as istiod is given one: its dates against those of the CAs above it.

#include "checks/validity_signing_ca.hpp"

#include <algorithm>

#include "checks/signer.hpp"
#include "checks/signing_ca.hpp"
#include "checks/trusted_roots.hpp"
#include "checks/validity.hpp"
#include "checks/validity_path.hpp"

namespace meshcert::checks {
namespace {

// The certificates above the signing one, nearest first, as far as they are in its parts.
std::vector<const Certificate*> above(const SigningCa& ca, x509::SignatureVerifier& signatures) {
  constexpr std::size_t kMost = 16;
  path::Store store;
  for (const Artifact* part : {ca.chain, ca.root, ca.certificate})
    for (std::size_t i = 0; part != nullptr && i < part->certificates.size(); ++i)
      store.offer(part->certificates[i]);
  std::vector<const Certificate*> path;
  const Certificate* last = &ca.certificate->certificates.front();
  while (path.size() < kMost && !last->is_self_issued()) {
    last = signer_of(*last, store, signatures);
    if (last == nullptr) break;
    path.push_back(last);
  }
  return path;
}

}  // namespace

void check_signing_cas(const Inventory& inventory, const Policy& policy, FindingSink& sink) {
  const Cluster cluster(inventory);
  x509::SignatureVerifier signatures;
  for (const SigningCa& ca : find_signing_cas(inventory, cluster)) {
    if (ca.certificate == nullptr || ca.certificate->certificates.size() != 1) continue;
    const Certificate& signer = ca.certificate->certificates.front();
    if (is_expired(signer, policy)) continue;
    const auto path = above(ca, signatures);
    const auto first = std::ranges::min_element(path, {}, &Certificate::not_after);
    if (first == path.end() || (*first)->not_after >= signer.not_after || is_expired(**first, policy))
      continue;
    const Subject subject{*ca.certificate, signer, 0, role_of(*ca.certificate, 0)};
    sink.report(kOutlivesIssuer, subject,
                {{"not_after", signer.not_after},
                 {"issuer", title_of(**first)},
                 {"issuer_not_after", (*first)->not_after},
                 {"_what", role_words(subject)}});
  }
}

}  // namespace meshcert::checks
