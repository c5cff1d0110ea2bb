#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "checks/trusted_roots.hpp"
#include "meshcert/policy.hpp"
#include "path/revocation.hpp"
#include "path/verify.hpp"
#include "x509/second_opinion.hpp"

namespace meshcert::checks {

/// Trust is what chains of one scope are held against, made ready once.
struct Trust {
  std::vector<const Certificate*> trusted;
  std::vector<ByteView> settings;  ///< of each of them
  path::Store store;               ///< of those, and of --untrusted
  std::vector<Crl> crls;           ///< of the bundles, and of --crl
  bool leaf_crl_only = false;
  bool of_spiffe_validator = false;                     ///< all of it: a path ends at a root
  std::unique_ptr<path::RevocationChecker> revocation;  ///< null without CRLs
  std::unique_ptr<x509::SecondOpinion> openssl;         ///< null before it is asked
  std::string fingerprint;                              ///< of all its octets; "" before OpenSSL is asked
};

/// Trusts are those of one run. It borrows the inventory, the policy, the settings and the verifier.
class Trusts {
 public:
  Trusts(const Inventory& inventory, const Policy& policy, const path::Settings& settings,
         x509::SignatureVerifier& signatures);
  /// of is what a chain is held against: the bundles of its scope, or what --trust names, of which those
  /// that state a trust domain are for chains of that one alone.
  [[nodiscard]] Trust& of(const Artifact& chain, const Scope& scope);

 private:
  [[nodiscard]] std::string_view told_domain_of(const Artifact& chain) const;
  void gather(const Scope& scope, std::string_view domain, Trust& trust) const;
  void gather_crls(const Scope& scope, Trust& trust) const;

  const Policy& policy_;
  const path::Settings& settings_;
  x509::SignatureVerifier& signatures_;
  std::vector<Crl> loose_crls_;  ///< where a path is asked for: those that stand in the inputs
  /// By bundles; none: what --trust names, for a trust domain where it states such.
  std::map<std::pair<std::vector<const Bundle*>, std::string_view>, Trust> all_;
};

/// add_untrusted adds what --untrusted gives, for every chain of a run.
void add_untrusted(const Policy& policy, std::vector<const Certificate*>& sent);

/// states_domain: an artifact of --trust says which trust domain its certificates are for.
[[nodiscard]] bool states_domain(const Artifact& artifact);
/// told_domains lists those that --trust has bundles of.
[[nodiscard]] std::string told_domains(const Verification& told);

}  // namespace meshcert::checks
