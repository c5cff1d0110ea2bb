#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "checks/check.hpp"
#include "meshcert/crl.hpp"
#include "x509/crypto.hpp"

/// Envoy's rule of all or nothing: once a bundle has one CRL, every CA of it needs one. Part of the family
/// chain.
namespace meshcert::checks {

/// CrlCompleteness finds the CRLs that belong to a bundle: those in it, of the same Secret, or of a file
/// beside it. It borrows the artifacts.
class CrlCompleteness {
 public:
  /// note takes every artifact of the run, before the first is checked.
  void note(const Artifact& artifact);
  /// check reports the CAs of a bundle without a CRL by their own key, and anchors without their issuer
  /// (chain.crl-missing). Silent where the bundle has no CRL.
  void check(const Artifact& bundle, x509::SignatureVerifier& signatures, FindingSink& sink) const;

 private:
  [[nodiscard]] const std::vector<Crl>& crls_of(const Artifact& bundle) const;

  std::map<std::pair<const KubernetesObject*, std::string>, const std::vector<Crl>*> beside_;
};

}  // namespace meshcert::checks
