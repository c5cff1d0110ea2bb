#include "checks/chain_crls.hpp"

#include <algorithm>
#include <string>
#include <vector>

#include "checks/chain_judge.hpp"
#include "checks/crl_reports.hpp"
#include "path/crl_record.hpp"
#include "x509/name_match.hpp"

namespace meshcert::checks {
namespace {

bool lists(const Crl& crl, const Certificate& certificate) {
  path::CrlRecord record{&crl, path::scope_of(crl)};
  path::look_at(record);
  if (!record.fault->empty()) return false;
  const auto entry = path::find_entry(record, certificate.serial, record.scope.issuer);
  return entry && !(entry->reason && *entry->reason == RevocationReason::remove_from_crl);
}

/// Why BoringSSL does not take for good what a complete CRL answers for; "" where it does. CRLs are looked
/// through where deltas are at hand, and nowhere else.
std::string complaint_of(const std::vector<Crl>& crls, const Crl& answered, const Certificate& certificate) {
  const bool plain = std::ranges::any_of(crls, [&certificate](const Crl& crl) {
    return kind_unused_by_peers(crl).empty() && x509::same_name(crl.issuer, certificate.issuer);
  });
  if (!plain)
    return std::string(kind_unused_by_peers(answered)) +
           ": for them there is no CRL (unable to get certificate CRL)";
  if (std::ranges::any_of(crls, &Crl::is_delta) && lists(answered, certificate))
    return "a delta CRL, which takes it off the list of the complete one: for them it stays revoked";
  return {};
}

}  // namespace

void report_unused_crls(const Artifact& chain, const ChainPath& path, std::size_t leaf, FindingSink& sink) {
  const auto& checker = path.trust->revocation;
  const auto is_unused = [](const Crl& crl) { return !kind_unused_by_peers(crl).empty(); };
  if (checker == nullptr || !path.best().anchored || std::ranges::none_of(path.trust->crls, is_unused))
    return;
  const auto& certificates = path.best().certificates;
  const auto answers = checker->check(certificates);
  for (std::size_t i = 0; i < answers.size(); ++i) {
    if (answers[i].status != path::RevocationStatus::good || answers[i].crl == nullptr) continue;
    std::string found = complaint_of(path.trust->crls, *answers[i].crl, *certificates[i]);
    if (found.empty()) continue;
    sink.report(kCrlUnusedByPeers, subject_at(chain, path, i, leaf),
                {{"subject", title_of(*certificates[i])},
                 {"issuer", name_of(certificates[i]->issuer)},
                 {"found", std::move(found)}});
  }
}

}  // namespace meshcert::checks
