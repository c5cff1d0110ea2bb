// What BoringSSL (Envoy) makes of a chain that holds: one path, on which it does not go back.
#include <algorithm>

#include "base/hex.hpp"
#include "checks/chain_judge.hpp"
#include "checks/chain_peers.hpp"
#include "checks/crl_reports.hpp"
#include "checks/revocation.hpp"

namespace meshcert::checks {
namespace {

using path::Fault;
using path::FaultKind;

class FirstPathReport {
 public:
  FirstPathReport(const Artifact& chain, const ChainPath& path, std::size_t leaf, FindingSink& sink)
      : chain_(chain), found_(path), path_(path.best()), leaf_(leaf), sink_(sink) {}

  /// BoringSSL takes the first issuer that fits, and does not go back. `sure`: it has no other choice.
  void check(const path::Path& first, bool sure) const {
    const auto& best = path_.certificates;
    std::size_t turn = 0;
    while (turn < best.size() && turn < first.certificates.size() &&
           as_text(best[turn]->der) == as_text(first.certificates[turn]->der))
      ++turn;
    if (first.holds()) return;
    if (turn == first.certificates.size() && report_lone_signer(first, sure)) return;
    if (turn == first.certificates.size()) return report_no_issuer(turn - 1);
    const Certificate& taken = *first.certificates[turn];
    const auto* entry = found_.trust->store.find(taken);
    const bool sent = entry == nullptr || !entry->trusted;
    const std::string other = turn < best.size() ? title_of(*best[turn]) : "";
    const Subject at = subject(turn - 1);
    sink_.report(
        kNoBacktracking, at,
        {{"subject", title_of(*best[turn - 1])},
         {"taken", named(taken)},
         {"_takes", std::string(sure ? "takes" : "may take")},
         {"_which", std::string(sure ? "" : " (of trusted namesakes it takes any)")},
         {"_others", std::string(best.size() == 1 ? "Go (istiod) goes back, and can "
                                                  : "Go (istiod) and rustls (ztunnel) go back, and can ")},
         {"fault", fault_of(first)},
         {"required", other.empty() ? "end at " + title_of(*best[turn - 1]) + ", which is trusted itself"
                                    : "take " + named(*best[turn])},
         {"_fix", fails_for_crl(first)
                      ? "put the CRL that is missing beside the others, or one that may be used; or "
                        "let Envoy look at leaves alone (only_verify_leaf_cert_crl)"
                  : sent ? "present the chain without " + named(taken) +
                               (other.empty() ? "" : ", or with it behind " + named(*best[turn]))
                         : "take " + named(taken) + " out of what is trusted"}});
  }

  void check_end(const path::Path& first) const {
    const Certificate& end = *first.certificates.back();
    if (found_.trust->revocation == nullptr || found_.trust->leaf_crl_only || end.is_self_issued() ||
        first.certificates.size() < 2)
      return;
    // In a bundle that has CRLs it was told there.
    const Fact::Value title = title_of(end);
    const bool told = std::ranges::any_of(sink_.so_far(), [&title](const Finding& finding) {
      return finding.spec == &kCrlMissing && std::ranges::any_of(finding.facts, [&title](const Fact& fact) {
               return fact.name == "subject" && fact.value == title;
             });
    });
    if (told) return;
    sink_.report(kCrlMissing, subject(path_.certificates.size() - 1), facts_of_lone_anchor(end));
  }

 private:
  /// BoringSSL takes nobody for the issuer whose identifiers are others, and looks for none of what has
  /// the name of its issuer.
  void report_no_issuer(std::size_t on_path) const {
    const Certificate& last = *path_.certificates[on_path];
    const std::string issuer = name_of(last.issuer);
    const auto differs = [on_path](const Fault& fault) {
      return fault.kind == FaultKind::key_id_mismatch && fault.certificate == on_path;
    };
    if (path::seems_self_signed(last))
      return sink_.report(
          kNoIssuerForEnvoy, subject(on_path),
          {{"subject", title_of(last)},
           {"issuer", issuer},
           {"_why",
            "it has the name of its issuer, and no authorityKeyIdentifier that says that this is another, so it is "
            "taken for a root that is not trusted (self signed certificate)"},
           {"_fix",
            std::string(
                "reissue it with authorityKeyIdentifier (openssl: authorityKeyIdentifier = keyid), or with a "
                "name of its own")}});
    if (std::ranges::none_of(path_.faults, differs)) return;
    sink_.report(kNoIssuerForEnvoy, subject(on_path),
                 {{"subject", title_of(last)},
                  {"issuer", issuer},
                  {"_why", "it takes no " + issuer +
                               " whose identifiers are others than it names (unable to get local issuer "
                               "certificate); chain.key-id-mismatch says which"}});
  }

  /// Twins have one name: with the key, or the end where that is the same.
  [[nodiscard]] static std::string named(const Certificate& certificate) {
    return title_of(certificate) + " (serial number " + base::to_hex(certificate.serial) + ", until " +
           to_rfc3339(certificate.not_after) + ")";
  }

  [[nodiscard]] static auto first_fault(const path::Path& first) {
    return std::ranges::find_if(first.faults, [](const Fault& one) { return !path::is_note(one.kind); });
  }

  [[nodiscard]] static bool fails_for_crl(const path::Path& first) {
    const auto fault = first_fault(first);
    return fault != first.faults.end() &&
           (is_without_crl(fault->kind) || fault->kind == FaultKind::crl_expired ||
            (fault->kind == FaultKind::crl_bad_signature && fault->by == 0));
  }

  [[nodiscard]] static std::string fault_of(const path::Path& first) {
    const auto fault = first_fault(first);
    if (fault != first.faults.end())
      return path::describe(*fault, title_of(*first.certificates[fault->certificate]));
    return "it leads to " + name_of(first.certificates.back()->issuer) + ", which is not trusted";
  }

  /// The best path itself, on which a CA may not sign the CRL that another certificate of its key signs.
  [[nodiscard]] bool report_lone_signer(const path::Path& first, bool sure) const {
    const auto fault = first_fault(first);
    if (fault == first.faults.end() || fault->by == 0) return false;
    const Certificate& signer = *first.certificates[fault->by];
    sink_.report(kCrlBadSignature, subject(fault->certificate),
                 {{"issuer", name_of(signer.subject)},
                  {"_number", std::string()},
                  {"_what", "is verified with " + named(signer) +
                                ", whose keyUsage lacks cRLSign (key usage does not include CRL signing); "
                                "another certificate of its name and key has it"},
                  {"_who", std::string("Envoy looks at the one on its path alone") +
                               (sure ? "" : ", which may be this one (of trusted namesakes it takes any),") +
                               " and refuses the chains of that CA then; others take the CRL"},
                  {"_fix", "put the certificate with cRLSign in the place of " + named(signer)}});
    return true;
  }

  [[nodiscard]] Subject subject(std::size_t on_path) const {
    return subject_at(chain_, found_, on_path, leaf_);
  }

  const Artifact& chain_;
  const ChainPath& found_;
  const path::Path& path_;
  std::size_t leaf_;
  FindingSink& sink_;
};

}  // namespace

void report_first_path(const Artifact& chain, const ChainPath& path, std::size_t leaf,
                       ChainVerifier& verifier, FindingSink& sink) {
  const FirstPathReport report(chain, path, leaf, sink);
  const path::Path nearest = verifier.first_path(chain, leaf, path, path::Namesake::nearest);
  const path::Path farthest = verifier.first_path(chain, leaf, path, path::Namesake::farthest);
  if (nearest.holds()) report.check_end(nearest);
  report.check(nearest.holds() ? farthest : nearest, !nearest.holds() && !farthest.holds());
}

}  // namespace meshcert::checks
