#include "checks/chain_peers.hpp"

#include <algorithm>

#include "base/hex.hpp"
#include "checks/chain_crls.hpp"
#include "checks/chain_judge.hpp"
#include "checks/crl_reports.hpp"
#include "checks/revocation.hpp"
#include "meshcert/spiffe_id.hpp"
#include "meshcert/verification.hpp"
#include "path/constraint_verifiers.hpp"
#include "path/strength.hpp"
#include "path/validate.hpp"
#include "path/verifiers.hpp"

namespace meshcert::checks {
namespace {

using path::Fault;
using path::FaultKind;

/// MD5 and before; OpenSSL 3 counts 39 bits.
constexpr unsigned kBrokenDigestBits = 39;

/// ztunnel alone, whose peers are others, states certificates in words beside their octets.
bool is_of_ztunnel(const Artifact& chain) {
  return std::ranges::any_of(chain.listed,
                             [](const Listed& listed) { return listed.certificate.has_value(); });
}

class Peers {
 public:
  Peers(const Artifact& chain, const ChainPath& path, std::size_t leaf, ChainVerifier& verifier,
        FindingSink& sink)
      : chain_(chain), found_(path), path_(path.best()), leaf_(leaf), verifier_(verifier), sink_(sink) {}

  void report() const {
    for (const Fault& fault : path_.faults) {
      if (fault.kind == FaultKind::name_encoding)
        report_link(kNamesDifferInEncoding, "found", "required", fault);
      if (fault.kind == FaultKind::key_id_mismatch) report_link(kKeyIdMismatch, "wanted", "found", fault);
      if (is_without_crl(fault.kind)) report_no_crl(fault);
    }
    for (std::size_t i = 0; i < path_.certificates.size(); ++i)
      if (is_signature_looked_at(i)) check_signature(i);
    for (std::size_t i = 0; i + 1 < path_.certificates.size(); ++i) check_verifiers(i);
    check_constraints();
    check_counted_lengths();
    check_leaf_is_ca();
    check_leaf_is_anchor();
    check_self_issued();
  }

 private:
  /// A leaf that stands in the bundle itself; of a CA only where it is meant to be presented.
  void check_leaf_is_anchor() const {
    const Certificate& leaf = *path_.certificates.front();
    if (!path_.holds() || path_.certificates.size() > 1 || (leaf.is_ca() && meant_as(leaf).empty())) return;
    sink_.report(kLeafIsAnchor, subject(0), {{"subject", title_of(leaf)}});
  }

  [[nodiscard]] Subject subject(std::size_t on_path) const {
    return subject_at(chain_, found_, on_path, leaf_);
  }
  /// A certificate and its issuer, which state one thing in two ways.
  void report_link(const FindingSpec& spec, std::string_view below, std::string_view above,
                   const Fault& fault) const {
    const Subject at = subject(fault.certificate);
    sink_.report(spec, at,
                 {{"certificate", at.index},
                  {below, fault.found},
                  {"issuer", title_of(*path_.certificates[fault.certificate + 1])},
                  {above, fault.required}});
  }

  void report_no_crl(const Fault& fault) const {
    const Certificate& certificate = *path_.certificates[fault.certificate];
    const std::string which = fault.kind == FaultKind::crl_missing
                                  ? "its issuer is " + fault.found
                                  : fault.found + " may not be used: " + fault.required;
    std::vector<Fact> facts{
        {"subject", title_of(certificate)},
        {"issuer", name_of(certificate.issuer)},
        {"_what", "no CRL here answers for " + title_of(certificate) + " (" + which + ")"}};
    if (fault.kind == FaultKind::crl_unusable)
      facts.push_back(
          {"_fix", "have the CA publish a CRL that verifiers may use, and put it in place of that one: " +
                       fault.required});
    sink_.report(kCrlMissing, subject(fault.certificate), std::move(facts));
  }

  /// Nobody verifies the signature of an anchor, nor that of a root by itself.
  [[nodiscard]] bool is_signature_looked_at(std::size_t on_path) const {
    const bool last = on_path + 1 == path_.certificates.size();
    return !last || !(path_.anchored || path_.certificates[on_path]->is_self_issued());
  }

  void check_signature(std::size_t on_path) const {
    const Certificate& certificate = *path_.certificates[on_path];
    const unsigned bits = path::security_bits(certificate.signature_algorithm);
    if (bits >= path::kLeastDigestBits) return;
    const std::string who =
        bits <= kBrokenDigestBits
            ? "no peer takes a digest that can be forged in seconds"
            : "Go (istiod) and rustls (ztunnel) refuse SHA-1, BoringSSL (Envoy) takes it, "
              "OpenSSL at security level 0 alone";
    const Subject at = subject(on_path);
    sink_.report_at(bits <= kBrokenDigestBits ? Severity::error : Severity::warning, kWeakSignature, at,
                    {{"certificate", at.index},
                     {"subject", title_of(certificate)},
                     {"found", algorithm_name(certificate.signature_algorithm)},
                     {"required", "SHA-256 or better"},
                     {"_who", who}});
  }

  /// Of a link that some verify and others do not.
  void check_verifiers(std::size_t on_path) const {
    const Certificate& certificate = *path_.certificates[on_path];
    const PublicKey& key = path_.certificates[on_path + 1]->key;
    const path::Verifiers by = path::verifiers_of_link(certificate, key);
    if (by == path::kNoVerifier || by == path::kEveryVerifier) return;  // the former is told as a fault
    const Subject at = subject(on_path);
    sink_.report(kWeakSignature, at,
                 {{"certificate", at.index},
                  {"subject", title_of(certificate)},
                  {"found", path::signature_words(certificate.signature_algorithm) + " by a key of " +
                                path::key_words(key)},
                  {"required", path::kVerifiedByAll},
                  {"_who", path::who_takes(by)},
                  {"_fix",
                   "issue the chain under a CA with a key that all of them take, P-256 or RSA of "
                   "2048 bits, and let it sign with SHA-256 (openssl: default_md = sha256)"}});
  }

  /// Where one kind of name costs one peer and another kind the others, nobody is left.
  void check_constraints() const {
    const auto all = path::find_unapplied(path_.certificates);
    path::Verifiers refused = path::kNoVerifier;
    for (const auto& one : all) refused |= one.refused_by;
    const bool nobody = refused == path::kEveryVerifier;
    for (const auto& one : all) {
      const auto breaks = [&one](const Fault& fault) {
        return fault.kind == FaultKind::name_constraint_violated && fault.by == one.by;
      };
      if (std::ranges::any_of(path_.faults, breaks)) continue;  // told with who refuses
      const auto refuses = [&one](const path::Path& path) {
        return std::ranges::any_of(path::find_unapplied(path.certificates), [&one](const auto& other) {
          return (one.refused_by & ~other.refused_by) == 0;
        });
      };
      if ((one.refused_by & path::boringssl) == 0 && has_way(refuses)) continue;
      sink_.report_at(one.refused_by == path::rustls && !nobody && !is_of_ztunnel(chain_) ? Severity::warning
                                                                                          : Severity::error,
                      kNameConstraintUnapplied, subject(one.holder),
                      {{"subject", title_of(*path_.certificates[one.by])},
                       {"_kind", one.kind},
                       {"_has", one.has},
                       {"_others", nobody ? "another kind costs the others, so no peer accepts the chain"
                                          : "the others apply them to such names, or pass over them"},
                       {"found", title_of(*path_.certificates[one.holder])},
                       {"_who", path::describe(one.refused_by) +
                                    (std::has_single_bit(one.refused_by) ? " refuses it" : " refuse it")}});
    }
  }

  /// Go and rustls go back: what one path costs them does not matter where another holds without it.
  template <class Refuses>
  [[nodiscard]] bool has_way(Refuses refuses) const {
    return path_.holds() && !std::ranges::all_of(verifier_.holding_paths(chain_, leaf_), refuses);
  }

  [[nodiscard]] static bool exceeds_counted(const path::Path& path) {
    for (std::size_t i = 1; i < path.certificates.size(); ++i) {
      const auto& basic = path.certificates[i]->extensions.basic_constraints;
      if (basic && basic->path_length && i - 1 > *basic->path_length) return true;
    }
    return false;
  }

  /// RFC 5280 6.1.4 (l) counts no certificate that names itself as its issuer. Go and webpki count each;
  /// webpki looks at no path length of an anchor.
  void check_counted_lengths() const {
    for (std::size_t i = 1; i < path_.certificates.size(); ++i) {
      const auto& basic = path_.certificates[i]->extensions.basic_constraints;
      const auto told = [i](const Fault& fault) {
        return fault.kind == FaultKind::path_length_exceeded && fault.certificate == i;
      };
      if (!basic || !basic->path_length || i - 1 <= *basic->path_length ||
          std::ranges::any_of(path_.faults, told))
        continue;
      if (has_way(exceeds_counted)) return;
      const bool anchor = path_.anchored && i + 1 == path_.certificates.size();
      sink_.report(
          kPathLengthExceeded, subject(i),
          {{"subject", title_of(*path_.certificates[i])},
           {"found", std::to_string(i - 1)},
           {"required", std::to_string(*basic->path_length)},
           {"_who",
            std::string("; RFC 5280, OpenSSL and BoringSSL (Envoy) do not count those that have the name of "
                        "their issuer, ") +
                (anchor ? "Go (istiod) does, and refuses the chain"
                        : "Go (istiod) and rustls (ztunnel) do, and refuse the chain")}});
    }
  }

  /// Why a leaf that is a CA was meant to be presented; "" where nothing says so: chains of CAs
  /// are judged, too.
  [[nodiscard]] std::string_view meant_as(const Certificate& leaf) const {
    using enum ChainPurpose;
    const Verification* told = found_.told;
    const ChainPurpose purpose = told == nullptr ? unstated : told->purpose;
    if (purpose == ca || (told != nullptr && told->issuer_files.contains(chain_.source.file))) return {};
    if (purpose != any && purpose != unstated) return "--purpose asks for no CA";
    if (told != nullptr && told->names_somebody_of(chain_.source.file)) return "a name was asked for";
    const auto has_path = [](std::string_view uri) {
      const auto id = SpiffeId::parse(uri);
      return id && !id->path().empty();
    };
    return std::ranges::any_of(uri_names(leaf), has_path) ? "its SPIFFE ID is a workload's" : "";
  }

  void check_leaf_is_ca() const {
    const Certificate& leaf = *path_.certificates.front();
    const std::string_view meant = leaf.is_ca() && path_.certificates.size() > 1 ? meant_as(leaf) : "";
    const Subject at = Subject::of(chain_, leaf_);
    const bool told = at.role == Role::leaf && at.in_workload_chain() && sink_.wants("usage.leaf-is-ca");
    if (meant.empty() || told) return;
    sink_.report(
        kLeafIsCa, at,
        {{"subject", title_of(leaf)}, {"found", "CA:TRUE"}, {"required", "CA:FALSE"}, {"_meant", meant}});
  }

  // OpenSSL takes a certificate for self-signed by its names and key identifiers.
  void check_self_issued() const {
    const Certificate& leaf = *path_.certificates.front();
    if (path_.certificates.size() < 2 || leaf.subject.empty() || !leaf.is_self_issued()) return;
    if (leaf.is_ca() || !path::identifiers_agree(leaf, leaf)) return;
    if (as_text(leaf.key.spki) == as_text(path_.certificates[1]->key.spki)) return;  // self-signed after all
    const Subject at = Subject::of(chain_, leaf_);
    sink_.report(kSelfIssuedLeaf, at, {{"issuer", name_of(leaf.issuer)}});
  }

  const Artifact& chain_;
  const ChainPath& found_;
  const path::Path& path_;
  std::size_t leaf_;
  ChainVerifier& verifier_;
  FindingSink& sink_;
};

}  // namespace

bool is_without_crl(FaultKind kind) {
  return kind == FaultKind::crl_missing || kind == FaultKind::crl_unusable;
}

void report_disagreements(const Artifact& chain, const ChainPath& path, std::size_t leaf,
                          ChainVerifier& verifier, FindingSink& sink) {
  Peers(chain, path, leaf, verifier, sink).report();
  if (path.best().holds()) report_first_path(chain, path, leaf, verifier, sink);
}

}  // namespace meshcert::checks
