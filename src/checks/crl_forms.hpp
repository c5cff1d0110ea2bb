#pragma once

#include <string_view>

#include "checks/check.hpp"

/// CRLs that some peers cannot read, whatever stands in them: part of the family chain.
namespace meshcert::checks {

extern const FindingSpec kCrlNotRead;

/// GoCrlFault is why Go parses no such CRL (crypto/x509 ParseRevocationList); both "" where it does.
struct GoCrlFault {
  std::string_view found;  ///< "is not of version 2"
  std::string_view error;  ///< in Go's words
};
[[nodiscard]] GoCrlFault go_fault_of(const Crl& crl);

/// check_crl_forms reports those of an artifact by itself.
void check_crl_forms(const Artifact& artifact, FindingSink& sink);

}  // namespace meshcert::checks
