#include "checks/chain_judge.hpp"

#include <algorithm>
#include <string>
#include <vector>

#include "base/hex.hpp"
#include "base/words.hpp"
#include "checks/chain_crls.hpp"
#include "checks/chain_end.hpp"
#include "checks/chain_path.hpp"
#include "checks/chain_peers.hpp"
#include "checks/chain_walk.hpp"
#include "checks/signing_ca.hpp"
#include "checks/validity.hpp"
#include "meshcert/verification.hpp"
#include "path/validate.hpp"
#include "path/verifiers.hpp"

namespace meshcert::checks {
namespace {

using path::Fault;
using path::FaultKind;

/// Row says which faults of a path are told as they are. The others belong to other
/// families (dates, keys, encodings), or to the end of the path.
struct Row {
  FaultKind kind;
  const FindingSpec& spec;
};
constexpr Row kTold[] = {{FaultKind::unsupported_algorithm, kUnsupportedAlgorithm},
                         {FaultKind::issuer_not_ca, kIssuerNotCa},
                         {FaultKind::cannot_sign, kIssuerNotCa},
                         {FaultKind::path_length_exceeded, kPathLengthExceeded},
                         {FaultKind::name_constraint_violated, kNameConstraintViolated},
                         {FaultKind::unsupported_name_constraint, kNameConstraintViolated},
                         {FaultKind::name_mismatch, kNameMismatch},
                         {FaultKind::not_a_ca, kWrongPurpose},
                         {FaultKind::wrong_key_usage, kWrongPurpose},
                         {FaultKind::wrong_extended_key_usage, kWrongPurpose},
                         {FaultKind::policy_violated, kPolicyViolated},
                         {FaultKind::unknown_critical_extension, kUnknownCriticalExtension}};

/// Certificates of one chain that are told to be of no use (docs/limits.md).
constexpr std::size_t kMostUnrelated = 16;

// ChainJudge applies the rules to one chain.
class ChainJudge {
 public:
  ChainJudge(const Artifact& chain, const Policy& policy, ToldCrls& told_crls, ChainVerifier& verifier,
             FindingSink& sink)
      : chain_(chain),
        policy_(policy),
        told_crls_(told_crls),
        sink_(sink),
        walk_(walk_chain(chain, verifier.signatures())),
        path_(verifier.verify(chain, walk_.path.front())),
        verifier_(verifier) {}

  void judge() {
    const path::Path& best = path_.best();
    check_order();
    check_extras();
    for (const Fault& fault : best.faults) tell(fault);
    if (!best.anchored) report_end(chain_, path_, walk_.path.front(), policy_, verifier_, sink_);
    if (!best.anchored && verifier_.is_for_others(chain_)) report_not_verified();
    if (best.anchored) check_untold(best);
    check_anchor_dates(best);
    report_revoked_anchor(chain_, path_, walk_.path.front(), sink_);
    report_unused_crls(chain_, path_, walk_.path.front(), sink_);
    report_disagreements(chain_, path_, walk_.path.front(), verifier_, sink_);
    check_silence(best);
    report_second_opinion(chain_, path_, walk_.path.front(), policy_, verifier_, sink_);
  }

 private:
  [[nodiscard]] const Certificate& at(std::size_t index) const { return chain_.certificates[index]; }
  [[nodiscard]] Subject subject(std::size_t index) const { return Subject::of(chain_, index); }
  [[nodiscard]] Subject on_path(std::size_t place) const {
    return subject_at(chain_, path_, place, walk_.path.front());
  }
  // A file whose leaf has no issuer in it; of more than two certificates, or of roots, it is
  // a collection and meant as no chain.
  [[nodiscard]] bool is_loose_file() const {
    return chain_.state == SecretState::none && walk_.path.size() == 1;
  }
  [[nodiscard]] bool is_collection() const {
    const bool of_roots = walk_.ends_in_root && at(walk_.path.front()).is_ca();
    return is_loose_file() && chain_.kind == ArtifactKind::certificate_chain &&
           (chain_.certificates.size() > 2 || of_roots);
  }

  void check_order() {
    if (is_loose_file() || (walk_.path.front() == 0 && std::ranges::is_sorted(walk_.path))) return;
    std::string path = base::join(walk_.path, "", [](std::size_t index) { return std::to_string(index); });
    const bool leaf_first = walk_.path.front() == 0;
    sink_.report(kWrongOrder, subject(walk_.path.front()),
                 {{"path", std::move(path)},
                  {"_consequence",
                   leaf_first ? "OpenSSL, BoringSSL, Go and rustls cope, stricter peers refuse the handshake"
                              : "Envoy and Go take the first for the leaf, find that the private key is "
                                "another's, and refuse to load it"}});
  }

  void check_extras() {
    const bool anchored = path_.best().anchored;
    const Reach least = anchored ? Reach::verified : Reach::by_name;
    std::vector<std::size_t> unrelated;
    for (std::size_t i = 0; i < walk_.reach.size(); ++i) {
      if (walk_.duplicate_of[i] != i)
        sink_.report(kDuplicateCertificate, subject(i),
                     {{"certificate", i}, {"first", walk_.duplicate_of[i]}});
      else if (walk_.reach[i] < least && is_whole(chain_) && !is_collection())
        unrelated.push_back(i);
    }
    for (std::size_t i = 0; i < std::min(unrelated.size(), kMostUnrelated); ++i)
      report_unrelated(unrelated[i], i + 1 == kMostUnrelated ? unrelated.size() - kMostUnrelated : 0);
    const std::size_t last = walk_.path.back();
    if ((anchored || !path_.held) && walk_.path.size() > 1 && walk_.reach[last] == Reach::verified &&
        walk_.ends_in_root)
      sink_.report(kRootIncluded, subject(last), {{"subject", title_of(at(last))}});
  }

  // `more` are of no use either, and are not told one by one.
  void report_unrelated(std::size_t index, std::size_t more) {
    const bool by_name = walk_.reach[index] == Reach::by_name;
    sink_.report(kUnrelatedCertificate, subject(index),
                 {{"certificate", index},
                  {"subject", title_of(at(index))},
                  {"_namesake", by_name ? " (it has the name of their issuer, and another key)" : ""},
                  {"_more", more == 0 ? "" : "; nor are " + std::to_string(more) + " more after it"}});
  }

  void tell(const Fault& fault) {
    const path::Path& best = path_.best();
    const auto* row = std::ranges::find(kTold, fault.kind, &Row::kind);
    if (row == std::end(kTold)) return;
    if (&row->spec == &kWrongPurpose) return tell_purpose(fault);
    // A name constraint is told at the certificate that breaks it, by the CA that states it.
    const bool constrains = &row->spec == &kNameConstraintViolated && !fault.required.empty();
    const std::size_t stated_by = constrains ? fault.by : fault.certificate;
    sink_.report(row->spec, on_path(fault.certificate),
                 {{"subject", title_of(*best.certificates[stated_by])},
                  {"found", fault.found},
                  {"required", fault.required},
                  {"_who", who_refuses(fault)}});
  }

  // rustls takes name, key and name constraints of an anchor, and nothing else; it looks at no
  // keyUsage of a CA. Extensions of what is trusted BoringSSL looks at for keyUsage and name constraints
  // alone (x509_vfy.cc check_chain_extensions), Go for all.
  [[nodiscard]] path::Verifiers refusers_of(const Fault& fault) const {
    const bool anchor = path_.best().anchored && fault.certificate + 1 == path_.best().certificates.size();
    switch (fault.kind) {
      case FaultKind::name_constraint_violated:
      case FaultKind::unsupported_name_constraint:
        return fault.refused_by;
      case FaultKind::cannot_sign:
        return path::go | path::boringssl;
      case FaultKind::issuer_not_ca:
      case FaultKind::path_length_exceeded:
      case FaultKind::unknown_critical_extension:
      case FaultKind::wrong_extended_key_usage:
        return anchor ? path::Verifiers{path::go} : path::kEveryVerifier;
      default:
        return anchor ? path::go | path::boringssl : path::kEveryVerifier;
    }
  }

  [[nodiscard]] std::string who_refuses(const Fault& fault) const {
    const path::Verifiers refused = refusers_of(fault);
    if (refused == path::kNoVerifier)
      return "; some verifiers refuse the CA or the chain for it, others do not look";
    if (refused == path::kEveryVerifier) return "; every peer refuses the chain";
    return "; " + path::who_takes(path::kEveryVerifier & ~refused);
  }

  [[nodiscard]] static bool is_of_purpose(const Fault& fault) {
    const auto* row = std::ranges::find(kTold, fault.kind, &Row::kind);
    return row != std::end(kTold) && &row->spec == &kWrongPurpose;
  }

  // All that one certificate lacks for the purpose is one finding, told with the first of it.
  void tell_purpose(const Fault& first) {
    const path::Path& best = path_.best();
    const Certificate& certificate = *best.certificates[first.certificate];
    std::string found, required, who, fix;
    for (const Fault& fault : best.faults) {
      if (fault.certificate != first.certificate || !is_of_purpose(fault)) continue;
      if (found.empty() && &fault != &first) return;
      const std::string_view separator = found.empty() ? "" : " and ";
      (found += separator) += fault.found;
      (required += separator) += fault.required;
      who += who_differs(fault, certificate);
      if (refusers_of(fault) == path::go) who += who_refuses(fault);
      if (fault.kind == FaultKind::not_a_ca)
        fix =
            "give --purpose ca the certificate of a CA (basicConstraints CA:TRUE); for a workload's or a "
            "server's ask for --purpose workload or server";
    }
    std::vector<Fact> facts{
        {"subject", title_of(certificate)},
        {"found", std::move(found)},
        {"required", std::move(required)},
        {"_who", std::move(who)},
        {"_or", first.certificate == 0 ? "" : ", or without extendedKeyUsage: such a CA restricts none"}};
    if (!fix.empty()) facts.push_back({"_fix", std::move(fix)});
    sink_.report(kWrongPurpose, on_path(first.certificate), std::move(facts));
  }

  static std::string who_differs(const Fault& fault, const Certificate& certificate) {
    const auto& usage = certificate.extensions.extended_key_usage;
    const bool any = fault.kind == FaultKind::wrong_extended_key_usage && usage && usage->any;
    const bool signs = fault.kind == FaultKind::wrong_key_usage && fault.required == "digitalSignature";
    if (any)
      return "; Go (istiod) takes anyExtendedKeyUsage for every purpose, Envoy (BoringSSL), OpenSSL and ztunnel "
             "(rustls) do not";
    if (signs)
      return "; Envoy (BoringSSL) refuses the handshake (KEY_USAGE_BIT_INCORRECT), OpenSSL takes it of a server, "
             "Go and rustls do not look at it";
    return {};
  }

  void report_not_verified() {
    sink_.report(kNotVerified, subject(walk_.path.front()), {{"subject", title_of(at(walk_.path.front()))}});
  }

  // What makes the path wrong and nothing else tells, is told here.
  void check_untold(const path::Path& best) {
    for (const Fault& fault : best.faults) {
      if (fault.kind == FaultKind::rejected)
        report_rejected(best, fault);
      else if (fault.kind == FaultKind::revoked || fault.kind == FaultKind::crl_bad_signature ||
               fault.kind == FaultKind::crl_expired)
        tell_of_crl(best, fault);
      else if (!is_told(best, fault))
        report_untold(best, fault);
    }
  }

  // On the path, what the CRLs say is told of each certificate, as it was found out there.
  void tell_of_crl(const path::Path& best, const Fault& fault) {
    const Certificate& certificate = *best.certificates[fault.certificate];
    const auto answer = path_.trust->revocation->check(best.certificates)[fault.certificate];
    if (fault.kind == FaultKind::revoked)
      report_revoked(on_path(fault.certificate), certificate, answer, sink_);
    else if (fault.kind == FaultKind::crl_expired)
      report_expired_crl(on_path(fault.certificate), *best.certificates.front(), *answer.crl, policy_.at,
                         told_crls_, sink_);
    else if (!told_crls_.without_signer.contains(as_text(answer.crl->der)))
      report_unsigned_crl(on_path(fault.certificate), certificate, answer, who_looks_at_signer(), sink_);
  }

  // BoringSSL goes up to a root, and may find the signer there.
  [[nodiscard]] std::string who_looks_at_signer() {
    const path::Path first = verifier_.first_path(chain_, walk_.path.front(), path_, path::Namesake::nearest);
    if (!first.holds()) return std::string(kRefusedForCrl);
    return "Envoy (BoringSSL) goes on to " + title_of(*first.certificates.back()) +
           ", finds the signer on that path and takes the chain; who ends it where RFC 5280 6.1 does, refuses it";
  }

  void report_untold(const path::Path& best, const Fault& fault) {
    const std::string subject = title_of(*best.certificates[fault.certificate]);
    const bool anchor = best.anchored && fault.certificate + 1 == best.certificates.size();
    const bool early = anchor && fault.kind == FaultKind::not_yet_valid;
    std::vector<Fact> facts{
        {"fault", path::describe(fault, subject) +
                      (early ? "; rustls (ztunnel) looks at no date of a root and takes it" : "")},
        {"subject", subject},
        {"_clause", path::clause_of(fault.kind)}};
    if (fault.kind == FaultKind::too_many_names)
      facts.push_back(
          {"_fix",
           "have " + subject + " issued with fewer names, or the CA above it with fewer name constraints"});
    sink_.report(kDoesNotVerify, on_path(fault.certificate), std::move(facts));
  }

  // Whatever the rules above leave out: a path that fails is no success, unless the user
  // told to ignore why.
  void check_silence(const path::Path& best) {
    const auto found = sink_.so_far();
    if (!is_held(chain_, path_) ||
        std::ranges::find(found, Severity::error, &Finding::severity) != found.end())
      return;
    for (const Fault& fault : best.faults) {
      const std::string_view code = path::code_of(fault.kind);
      if (path::is_note(fault.kind)) continue;
      if (sink_.wants(code) || sink_.is_left_out(code)) return report_untold(best, fault);
    }
  }

  // OpenSSL's trust settings, of a block TRUSTED CERTIFICATE.
  void report_rejected(const path::Path& best, const Fault& fault) {
    const Certificate& rejected = *best.certificates[fault.certificate];
    const Subject at = on_path(fault.certificate);
    sink_.report(kUntrustedRoot, at,
                 {{"certificate", at.index},
                  {"issuer", title_of(rejected)},
                  {"authority_key_id", base::to_hex(key_id_of(rejected))},
                  {"_what", rejected.is_self_issued() ? "the root" : "the CA"},
                  {"_wanted_key", key_words(key_id_of(rejected))},
                  {"_trusted",
                   "the trust settings in its block TRUSTED CERTIFICATE reject it for this use, "
                   "as OpenSSL and BoringSSL read them"},
                  {"_twin", std::string()},
                  {"_fix",
                   "write the certificate without trust settings: openssl x509 -in FILE -out "
                   "root.pem; or with those that were meant (-addtrust, -addreject)"}});
  }

  // Other families judge what stands in the inputs; of roots ahead of their time, only where no
  // other is valid. Where the verb asks for a path, those that --select leaves out tell nothing.
  [[nodiscard]] bool is_told(const path::Path& best, const Fault& fault) const {
    if (is_without_crl(fault.kind)) return true;                  // checks/chain_peers.cpp
    if (fault.kind == FaultKind::refused_signature) return true;  // likewise
    // What the family input says of these may be a warning, and here every path fails for them.
    if (fault.kind == FaultKind::not_strict_der || fault.kind == FaultKind::malformed_extension)
      return is_error_of_input(best, fault);
    const Certificate& certificate = *best.certificates[fault.certificate];
    if (path::is_note(fault.kind) || std::ranges::find(kTold, fault.kind, &Row::kind) != std::end(kTold))
      return true;
    const std::size_t last = best.certificates.size() - 1;
    const bool anchor = fault.certificate == last && last > 0;
    if (anchor && fault.kind == FaultKind::expired) return true;
    const std::string_view code = path::code_of(fault.kind);
    if (code.starts_with("chain.") || sink_.is_left_out(code)) return false;
    if (anchor && fault.kind == FaultKind::not_yet_valid) return are_dates_told();
    // Of what --untrusted holds, the family validity judges what the key ids lead to (checks/lineage.cpp).
    const bool date = fault.kind == FaultKind::expired || fault.kind == FaultKind::not_yet_valid;
    if (date && is_given(path_, certificate))
      return std::ranges::none_of(best.faults, [](const Fault& other) { return path::is_note(other.kind); });
    return place_in(chain_, certificate) || (anchor && policy_.verification == nullptr);
  }

  [[nodiscard]] bool is_error_of_input(const path::Path& best, const Fault& fault) const {
    const auto place = place_in(chain_, *best.certificates[fault.certificate]);
    if (!place) return false;
    const SourceRef where = source_of(chain_, *place);
    return std::ranges::any_of(sink_.so_far(), [&](const Finding& finding) {
      return finding.severity == Severity::error && finding.spec->family() == "input" &&
             finding.where == where;
    });
  }

  /// Of a bundle beside the chain in which nothing is valid, every member is judged.
  [[nodiscard]] bool are_dates_told() const {
    return policy_.verification == nullptr &&
           std::ranges::any_of(path_.scope.bundles, [this](const Bundle* bundle) {
             return std::ranges::none_of(bundle->certificates,
                                         [this](const Certificate* c) { return is_valid(*c, policy_); });
           });
  }

  // The dates of what stands in the inputs are the family validity's; alone in its
  // bundle, an expired root is told there.
  void check_anchor_dates(const path::Path& best) {
    const std::size_t last = best.certificates.size() - 1;
    const Certificate& root = *best.certificates[last];
    if (!best.anchored || last == 0 || !is_expired(root, policy_)) return;
    if (are_dates_told() && !sink_.is_left_out("validity.expired")) return;
    sink_.report(kExpiredRoot, on_path(last),
                 {{"root", title_of(root)},
                  {"not_after", root.not_after},
                  {"at", policy_.at},
                  {"_key", key_words(key_id_of(root))}});
  }

  const Artifact& chain_;
  const Policy& policy_;
  ToldCrls& told_crls_;
  FindingSink& sink_;
  ChainWalk walk_;
  ChainPath path_;
  ChainVerifier& verifier_;
};

}  // namespace

void judge_chains(const Inventory& inventory, const Policy& policy, ToldCrls& told, FindingSink& sink) {
  ChainVerifier verifier(inventory, policy);
  // Of a signing CA the family cacerts judges the chain, unless the verb asks for a path.
  const bool asked = policy.asks_for_path();
  for (const Artifact& artifact : inventory.artifacts)
    if (!is_bundle(artifact.kind) && !artifact.certificates.empty() && (asked || !is_signing_ca(artifact)))
      ChainJudge(artifact, policy, told, verifier, sink).judge();
}

}  // namespace meshcert::checks
