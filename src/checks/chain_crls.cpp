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
  return entry && !path::is_removed(*entry);
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

/// What a CRL of its own, which BoringSSL uses, says of the root of a path.
path::Revocation answer_for_anchor(const ChainPath& path) {
  const auto& checker = path.trust->revocation;
  if (checker == nullptr || !path.best().anchored || path.best().certificates.size() < 2) return {};
  const auto answer = checker->check_anchor(path.best().certificates);
  return answer.crl != nullptr && kind_unused_by_peers(*answer.crl).empty() ? answer : path::Revocation{};
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

void report_revoked_anchor(const Artifact& chain, const ChainPath& path, std::size_t leaf,
                           FindingSink& sink) {
  const auto answer = answer_for_anchor(path);
  if (answer.status != path::RevocationStatus::revoked) return;
  const auto& certificates = path.best().certificates;
  const Certificate& root = *certificates.back();
  report_revoked(
      subject_at(chain, path, certificates.size() - 1, leaf), root, answer, sink,
      {"Envoy (BoringSSL) looks up the root as well and refuses every chain that ends in it, rustls (ztunnel) "
       "takes a root as it is",
       "if the key of " + title_of(root) +
           " is lost, replace the root in every trust bundle, for a CRL that it signs itself proves "
           "nothing; if not, publish its CRL without its own serial"});
}

bool is_told_of_crls(const x509::Opinion& opinion, const ChainPath& path) {
  const auto& checker = path.trust->revocation;
  if (checker == nullptr) return false;
  const auto& certificates = path.best().certificates;
  // OpenSSL ends a path at the first CA that is trusted and wants a CRL about that; BoringSSL goes on up to
  // a root, and what it finds there is told (report_first_path).
  if (!opinion.accepts && opinion.depth + 1 == certificates.size() && !certificates.back()->is_self_issued())
    return opinion.matter == x509::OpinionMatter::crl;
  if (!opinion.accepts)
    return opinion.matter == x509::OpinionMatter::revoked && opinion.depth + 1 == certificates.size() &&
           answer_for_anchor(path).status == path::RevocationStatus::revoked;
  const auto answers = checker->check(certificates);
  return std::ranges::all_of(path.best().faults, [&answers](const path::Fault& fault) {
    const auto& answer = answers[fault.certificate];
    return path::is_note(fault.kind) || (fault.kind == path::FaultKind::revoked &&
                                         (answer.early || !kind_unused_by_peers(*answer.crl).empty()));
  });
}

}  // namespace meshcert::checks
