#include "path/first_path.hpp"

#include <algorithm>

#include "path/crl_scope.hpp"
#include "path/revocation.hpp"
#include "path/validate.hpp"
#include "x509/name_match.hpp"
#include "x509/period.hpp"

namespace meshcert::path {
namespace {

// X509_check_issued.
bool fits(const Certificate& certificate, const Certificate& issuer) {
  const auto& usage = issuer.extensions.key_usage;
  return (!usage || usage->has(KeyUsage::key_cert_sign)) && identifiers_agree(certificate, issuer) &&
         x509::same_name(certificate.issuer, issuer.subject);
}

class FirstPath {
 public:
  FirstPath(std::span<const Certificate* const> sent, const Store& trusted, const Settings& settings,
            Namesake namesake, x509::SignatureVerifier& signatures, RevocationChecker* revocation)
      : sent_(sent.begin(), sent.end()),
        trusted_(trusted),
        settings_(settings),
        namesake_(namesake),
        signatures_(signatures),
        revocation_(revocation) {}

  Path run(const Certificate& leaf) {
    path_.certificates = {&leaf};
    std::erase(sent_, &leaf);
    while (path_.certificates.size() < settings_.budget.length && !seems_self_signed(top()) && extend()) {
    }
    // check_trust
    if (!path_.anchored && is_trusted(leaf) && (settings_.partial_chain || seems_self_signed(leaf))) {
      path_.anchored = leaf_trusted_ = true;  // what was sent above it is verified all the same
    }
    if (!settings_.partial_chain && !seems_self_signed(top())) path_.anchored = false;
    path_.faults = validate(path_.certificates, path_.anchored ? PathEnd::anchor : PathEnd::nothing,
                            settings_, signatures_);
    std::erase_if(path_.faults, [this](const Fault& fault) { return is_unseen(fault); });
    if (revocation_ != nullptr && path_.holds() && path_.certificates.size() > 1)
      revocation_->append_first_path_faults(path_.certificates, path_.faults);
    return std::move(path_);
  }

 private:
  [[nodiscard]] const Certificate& top() const { return *path_.certificates.back(); }

  [[nodiscard]] bool is_trusted(const Certificate& certificate) const {
    const Store::Entry* entry = trusted_.find(certificate);
    return entry != nullptr && entry->trusted;
  }

  bool extend() {
    if (const Certificate* issuer = trusted_issuer()) {
      path_.certificates.push_back(issuer);
      path_.anchored = true;
      return true;  // up to a root, as far as the store goes
    }
    if (path_.anchored) return false;
    const auto next = std::ranges::find_if(
        sent_, [this](const Certificate* certificate) { return fits(top(), *certificate); });
    if (next == sent_.end()) return false;
    path_.certificates.push_back(*next);
    sent_.erase(next);
    return true;
  }

  /// How far the issuer is from one on a path that holds.
  [[nodiscard]] int distance(const Certificate& issuer) {
    if (!x509::is_valid_at(issuer, settings_.at, settings_.skew)) return 2;
    if (revocation_ != nullptr && !may_sign_crls(issuer)) return 1;
    return signatures_.verify(top(), issuer.key) == true ? 0 : 1;
  }

  /// Of thousands of namesakes no more signatures are tried than a search tries.
  [[nodiscard]] const Certificate* trusted_issuer() {
    const Certificate* taken = nullptr;
    int best = 0;
    std::size_t tried = 0;
    for (const Store::Entry* entry : trusted_.issuers_of(top(), settings_.budget.signatures)) {
      const Certificate& issuer = *entry->certificate;
      if (!entry->trusted || !fits(top(), issuer)) continue;
      if (++tried > settings_.budget.namesakes) break;
      const int far = namesake_ == Namesake::nearest ? distance(issuer) : 2 - distance(issuer);
      // Of equals the first is as good as the last.
      if (taken == nullptr || far < best || (far == best && namesake_ == Namesake::farthest)) {
        taken = &issuer;
        best = far;
      }
      if (best == 0 && namesake_ == Namesake::nearest) break;
    }
    return taken;
  }

  // check_chain_extensions looks at what was sent alone: not at the CA flag, the path length, the usages
  // and the critical extensions of what is trusted.
  [[nodiscard]] bool is_unseen(const Fault& fault) const {
    using enum FaultKind;
    constexpr FaultKind kOfSent[] = {issuer_not_ca, path_length_exceeded, wrong_extended_key_usage,
                                     unknown_critical_extension};
    if (is_note(fault.kind) || fault.kind == name_mismatch) return true;
    return (leaf_trusted_ || is_trusted(*path_.certificates[fault.certificate])) &&
           std::ranges::find(kOfSent, fault.kind) != std::end(kOfSent);
  }

  std::vector<const Certificate*> sent_;
  const Store& trusted_;
  const Settings& settings_;
  Namesake namesake_;
  x509::SignatureVerifier& signatures_;
  RevocationChecker* revocation_;
  Path path_;
  bool leaf_trusted_ = false;
};

}  // namespace

bool seems_self_signed(const Certificate& certificate) {
  return x509::is_self_issued(certificate) && fits(certificate, certificate);
}

Path first_path(const Certificate& leaf, std::span<const Certificate* const> sent, const Store& trusted,
                const Settings& settings, Namesake namesake, x509::SignatureVerifier& signatures,
                RevocationChecker* revocation) {
  return FirstPath(sent, trusted, settings, namesake, signatures, revocation).run(leaf);
}

}  // namespace meshcert::path
