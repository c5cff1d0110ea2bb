#include <algorithm>

#include "checks/chain_crls.hpp"
#include "checks/chain_judge.hpp"
#include "checks/chain_peers.hpp"
#include "checks/crl_reports.hpp"
#include "checks/revocation.hpp"

namespace meshcert::checks {
namespace {

using path::Fault;
using path::FaultKind;

// What OpenSSL does otherwise, where it is known.
std::string_view habit_of(const x509::Opinion& opinion, const ChainPath& path) {
  const auto& faults = path.best().faults;
  const auto revoked = std::ranges::find(faults, FaultKind::revoked, &Fault::kind);
  const auto& checker = path.trust->revocation;
  if (opinion.accepts && revoked != faults.end() && checker != nullptr &&
      checker->has_twins(*path.best().certificates[revoked->certificate]))
    return "of two CRLs of one issuer with one number or date OpenSSL goes by one, and took the one without that entry: "
           "keep the CRL alone that its CA publishes now";
  if (!opinion.accepts && std::ranges::find(faults, FaultKind::key_id_mismatch, &Fault::kind) != faults.end())
    return "it takes no issuer whose identifiers are others (chain.key-id-mismatch)";
  return opinion.why;
}

}  // namespace

void report_second_opinion(const Artifact& chain, const ChainPath& path, std::size_t leaf,
                           const Policy& policy, ChainVerifier& verifier, FindingSink& sink) {
  if (!sink.wants(kEnginesDisagree.code)) return;
  const auto opinion = verifier.ask_openssl(chain, leaf, path);
  if (!opinion) return;
  // OpenSSL is asked about no names, with --skew about no dates, and by `chain --purpose` alone about usages.
  const bool any = verifier.settings().purpose == path::Purpose::any;
  std::vector<Fault> faults = path.best().faults;
  std::erase_if(faults, [&](const Fault& fault) {
    const bool date = fault.kind == FaultKind::expired || fault.kind == FaultKind::not_yet_valid;
    const bool usage = any && fault.kind == FaultKind::wrong_extended_key_usage;
    if (fault.kind == FaultKind::unsupported_algorithm)
      return true;  // OpenSSL has it, and it is told who has not
    return fault.kind == FaultKind::name_mismatch || usage || (date && policy.skew != Seconds{0});
  });
  const bool accepts = path.best().anchored && path::is_sound(faults);
  if (accepts == opinion->accepts) return;
  if (sink.wants(kRevoked.code) && is_told_of_crls(*opinion, path)) return;
  const auto fault = std::ranges::find_if(faults, [](const Fault& one) { return !path::is_note(one.kind); });
  const std::string_view why = habit_of(*opinion, path);
  const Subject at = Subject::of(chain, leaf);
  sink.report(
      kEnginesDisagree, at,
      {{"meshcert", accepts ? std::string("accepts") : "refuses (" + path::describe(*fault) + ")"},
       {"openssl", opinion->accepts ? std::string("accepts")
                                    : "refuses (error " + std::to_string(opinion->error) + " at depth " +
                                          std::to_string(opinion->depth) + ": " + opinion->reason + ")"},
       {"_why", why.empty() ? std::string() : "; " + std::string(why)}});
}

}  // namespace meshcert::checks
