// What BoringSSL (Envoy) makes of a chain that holds: one path, on which it does not go back.
#include <algorithm>

#include "base/hex.hpp"
#include "checks/chain_judge.hpp"
#include "checks/chain_peers.hpp"
#include "checks/crl_reports.hpp"
#include "checks/revocation.hpp"
#include "path/crl_scope.hpp"
#include "x509/titles.hpp"

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
    if (turn == first.certificates.size() && report_crls(first, sure)) return;
    if (turn == first.certificates.size())
      return ends_at_trusted(first) ? report_no_root(turn - 1) : report_no_issuer(turn - 1);
    const Certificate& taken = *first.certificates[turn];
    const auto* entry = found_.trust->store.find(taken);
    const bool sent = entry == nullptr || !entry->trusted;
    const std::string other = turn < best.size() ? title_of(*best[turn]) : "";
    const Subject at = subject(turn - 1);
    sink_.report(
        kNoBacktracking, at,
        {{"subject", title_of(*best[turn - 1])},
         {"taken", named(taken)},
         {"_takes", sure ? "takes" : "may take"},
         {"_which", sure ? "" : " (of trusted namesakes it takes any)"},
         {"_others", best.size() == 1 ? "Go (istiod) goes back, and can "
                                      : "Go (istiod) and rustls (ztunnel) go back, and can "},
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
            "reissue it with authorityKeyIdentifier (openssl: authorityKeyIdentifier = keyid), or with a "
            "name of its own"}});
    if (std::ranges::none_of(path_.faults, differs)) return;
    sink_.report(kNoIssuerForEnvoy, subject(on_path),
                 {{"subject", title_of(last)},
                  {"issuer", issuer},
                  {"_why", "it takes no " + issuer +
                               " whose identifiers are others than it names (unable to get local issuer "
                               "certificate); chain.key-id-mismatch says which"}});
  }

  /// Above what is trusted BoringSSL looks at what is trusted alone; without PARTIAL_CHAIN it wants a root
  /// there.
  [[nodiscard]] bool ends_at_trusted(const path::Path& first) const {
    const auto* entry = found_.trust->store.find(*first.certificates.back());
    return found_.trust->of_spiffe_validator && !first.anchored && entry != nullptr && entry->trusted;
  }

  void report_no_root(std::size_t on_path) const {
    const Certificate& last = *path_.certificates[on_path];
    const std::string issuer = name_of(last.issuer), subject_of = title_of(last);
    const bool own =
        last.is_self_issued();  // and keyUsage, or an identifier, says that it did not sign itself
    sink_.report(
        kNoIssuerForEnvoy, subject(on_path),
        {{"subject", subject_of},
         {"issuer", issuer},
         {"_why",
          (own ? std::string(
                     "it is trusted, and its keyUsage or its identifiers say that it did not sign itself, "
                     "so Envoy's SPIFFE validator takes it for no root")
               : subject_of + " is trusted and no root, and above what is trusted Envoy's SPIFFE "
                              "validator looks at what is trusted alone") +
              " (unable to get issuer certificate)"},
         {"_fix",
          own ? std::string(
                    "put a CA that may sign certificates (keyCertSign) into the SPIFFE validator's bundle, "
                    "and let it issue the leaf")
              : "put " + issuer + " into the SPIFFE validator's bundle too, or take " + subject_of +
                    " out of it"}});
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
            (fault->kind == FaultKind::crl_bad_signature &&
             path::may_sign_crls(*first.certificates[fault->by])));
  }

  [[nodiscard]] static std::string fault_of(const path::Path& first) {
    const auto fault = first_fault(first);
    if (fault != first.faults.end())
      return path::describe(*fault, title_of(*first.certificates[fault->certificate]));
    return "it leads to " + name_of(first.certificates.back()->issuer) + ", which is not trusted";
  }

  /// The best path itself, about which BoringSSL goes by other CRLs, or by other keys of their signers.
  bool report_crls(const path::Path& first, bool sure) const {
    bool reported = false;
    for (const Fault& fault : first.faults) {
      if (!is_of_crls(fault.kind)) continue;
      // What ends the path may be its own issuer, about which the certificate below it was told.
      const bool again = reported && first.certificates[fault.certificate]->is_self_issued() &&
                         fault.certificate + 1 == first.certificates.size();
      reported = true;
      if (!again && !is_told(first, fault)) report_crl(first, fault, sure);
    }
    return reported;
  }

  [[nodiscard]] static bool is_of_crls(FaultKind kind) {
    return is_without_crl(kind) || kind == FaultKind::crl_bad_signature || kind == FaultKind::crl_expired ||
           kind == FaultKind::revoked;
  }

  [[nodiscard]] static const Certificate& issuer_on(const path::Path& first, std::size_t index) {
    return *first.certificates[std::min(index + 1, first.certificates.size() - 1)];
  }

  /// Of the CRLs of a bundle, and of those that nobody takes, it was told where they stand.
  [[nodiscard]] bool is_told(const path::Path& first, const Fault& fault) const {
    const Certificate& certificate = *first.certificates[fault.certificate];
    const Fact::Value names[] = {title_of(certificate), title_of(issuer_on(first, fault.certificate))};
    const Fact::Value issuer = name_of(certificate.issuer);
    return std::ranges::any_of(sink_.so_far(), [&](const Finding& finding) {
      if (finding.severity != Severity::error) return false;
      const bool of_crl = finding.spec == &kCrlBadSignature || finding.spec == &kCrlUnusedByPeers;
      const FindingSpec* const specs[] = {&kCrlMissing, &kRevoked};
      if (!of_crl && std::ranges::find(specs, finding.spec) == std::end(specs)) return false;
      return std::ranges::any_of(finding.facts, [&](const Fact& fact) {
        return (fact.name == "subject" && std::ranges::find(names, fact.value) != std::end(names)) ||
               (of_crl && fact.name == "issuer" && fact.value == issuer);
      });
    });
  }

  void report_crl(const path::Path& first, const Fault& fault, bool sure) const {
    const Certificate& certificate = *first.certificates[fault.certificate];
    const Certificate& issuer = issuer_on(first, fault.certificate);
    const Subject at = subject(fault.certificate);
    if (&issuer == &certificate && !certificate.is_self_issued())
      return sink_.report(kCrlMissing, at, facts_of_lone_anchor(certificate));
    if (fault.kind == FaultKind::crl_bad_signature) return report_signer(first, fault, sure);
    const bool missing = fault.kind == FaultKind::crl_missing;
    sink_.report(
        kCrlMissing, at,
        {{"subject", title_of(certificate)},
         {"issuer", name_of(certificate.issuer)},
         {"_what", missing ? "none of the CRLs here is about " + title_of(certificate) +
                                 " and by the key of " + named(issuer) + key_words(key_id_of(issuer)) +
                                 ": Envoy looks for who signed a CRL on the path alone, by name and "
                                 "authorityKeyIdentifier (unable to get certificate CRL)"
                           : "Envoy goes by one CRL alone for each certificate, and by it " +
                                 path::describe(fault, title_of(certificate))},
         {"_fix",
          "put the CRL that the key of " + named(issuer) +
              " signed beside the others, for as long as anything under that key is in use; or leave all "
              "CRLs out; or let Envoy look at leaves alone (only_verify_leaf_cert_crl)"}});
  }

  void report_signer(const path::Path& first, const Fault& fault, bool sure) const {
    const Certificate& signer = *first.certificates[fault.by];
    const bool may = path::may_sign_crls(signer);
    sink_.report(
        kCrlBadSignature, subject(fault.certificate),
        {{"issuer", name_of(signer.subject)},
         {"_number", std::string()},
         {"_what", "is verified with " + named(signer) +
                       (may ? ", whose key did not sign it (CRL signature failure); another of that name did"
                            : ", whose keyUsage lacks cRLSign (key usage does not include CRL signing); "
                              "another certificate of its name and key has it")},
         {"_who", std::string("Envoy looks at the one on its path alone") +
                      (sure ? "" : ", which may be this one (of trusted namesakes it takes any),") +
                      " and refuses the chains of that CA then; others take the CRL"},
         {"_fix", may ? "put the CRL that the key of " + named(signer) + " signed beside the others"
                      : "put the certificate with cRLSign in the place of " + named(signer)}});
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
  report.check(nearest.holds() ? farthest : nearest, !nearest.holds() && !farthest.holds());
}

}  // namespace meshcert::checks
