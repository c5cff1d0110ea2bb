#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "meshcert/artifact.hpp"
#include "meshcert/crl.hpp"
#include "meshcert/policy.hpp"
#include "meshcert/time.hpp"
#include "path/verify.hpp"
#include "x509/crypto.hpp"

namespace meshcert::checks {

/// CrlsByIssuer knows the CRLs of a run by their issuers, and whose keys signed them. It borrows the
/// artifacts, and the store, which has the certificates by the time that it is asked. How many signers and
/// CRLs of one name are tried is bounded (docs/limits.md).
class CrlsByIssuer {
 public:
  CrlsByIssuer(const path::Store& store, x509::SignatureVerifier& signatures, const Policy& policy)
      : store_(store), signatures_(signatures), policy_(policy) {}

  void add(const Artifact& holder);

  [[nodiscard]] bool is_current(const Crl& crl) const;

  /// SignerSearch is how many certificates of the issuer's name were tried, and whether the key of one signed
  /// the CRL, or could not be told from one that did.
  struct SignerSearch {
    std::size_t tried = 0;
    bool is_signed = false;
  };
  [[nodiscard]] SignerSearch find_signer(const Crl& crl);

  /// Beside says whether another CRL of its issuer and scope is signed, and BoringSSL takes that: it leaves
  /// out one that names the key of nobody here, and of several takes one that is current, then the newest
  /// (crypto/x509/x509_vfy.cc, get_crl_score).
  enum class Beside : std::uint8_t { none, there, preferred };
  [[nodiscard]] Beside signed_beside(const Crl& crl);

  /// has_successor: one of the same issuer, key and scope is current, and goes with it.
  [[nodiscard]] bool has_successor(const Artifact& holder, const Crl& crl);

 private:
  /// A CRL, and what holds it.
  struct HeldCrl {
    const Crl* crl;
    const Artifact* holder;
  };

  [[nodiscard]] std::pair<bool, Instant> rank_of(const Crl& crl) const;
  [[nodiscard]] const std::vector<const Crl*>& signed_of(const DistinguishedName& issuer);
  [[nodiscard]] bool names_no_key(const Crl& crl) const;
  [[nodiscard]] const Certificate* signer_of(const Crl& crl);

  const path::Store& store_;
  x509::SignatureVerifier& signatures_;
  const Policy& policy_;
  // By canonical_name of the issuer.
  std::unordered_map<std::string, std::vector<const Crl*>> all_;
  std::unordered_map<std::string, std::vector<HeldCrl>> current_;
  std::unordered_map<std::string, std::vector<const Crl*>> signed_;  // of signed_of
};

}  // namespace meshcert::checks
