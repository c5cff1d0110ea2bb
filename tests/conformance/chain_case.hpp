#pragma once

#include <memory>
#include <vector>

#include "path/revocation.hpp"
#include "path/verify.hpp"
#include "tests/conformance/pem_case.hpp"

namespace meshcert::conformance {

/// ChainCase is one case of suite `chain`, decoded.
struct ChainCase {
  path::Settings settings;
  std::vector<PemCertificate> peer;  ///< leaf first; empty where it cannot be read
  std::vector<PemCertificate> others;
  std::vector<bool> is_trusted;  ///< of each of the others
  std::vector<std::unique_ptr<const std::vector<std::uint8_t>>> crl_octets;
  std::vector<Crl> crls;
  path::RevocationScope scope = path::RevocationScope::chain;
  bool asks_revocation = false;

  /// verify answers by our own verifier; the peer must have been read. Of several usages one has to hold for
  /// the whole path (Go x509.VerifyOptions.KeyUsages).
  [[nodiscard]] path::Verdict verify() const;

 private:
  [[nodiscard]] path::Verdict verify_with(const path::Settings& settings_of_one) const;
};

/// read_chain_case fails with a sentence where the row is no case.
[[nodiscard]] Result<ChainCase, std::string> read_chain_case(const Json& row);

}  // namespace meshcert::conformance
