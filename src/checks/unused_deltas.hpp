#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "checks/check.hpp"
#include "meshcert/artifact.hpp"
#include "meshcert/crl.hpp"

namespace meshcert::checks {

/// UnusedDeltas tells of delta CRLs that bring no complete CRL here up to date (chain.delta-crl-unused), and
/// whether they list a certificate of the inputs. It borrows the CRLs of the run and its artifacts.
class UnusedDeltas {
 public:
  UnusedDeltas(const std::vector<Crl>& crls, const std::vector<Artifact>& artifacts)
      : crls_(crls), artifacts_(artifacts) {}

  /// check takes the CRL at `index` of what holds it. Silent of complete ones.
  void check(const Artifact& holder, std::size_t index, FindingSink& sink);

 private:
  [[nodiscard]] bool is_of_use(const Crl& delta) const;
  [[nodiscard]] std::string complete_crls_of(const Crl& delta) const;
  [[nodiscard]] std::string listed_in(const Crl& delta);

  const std::vector<Crl>& crls_;
  const std::vector<Artifact>& artifacts_;
  std::size_t lookups_ = 0;
};

}  // namespace meshcert::checks
