#pragma once

#include <string>
#include <vector>

#include "meshcert/inspect.hpp"

/// What the suites about X509-SVIDs share.
namespace meshcert::conformance {

/// SvidChain is a chain of a case, read as a workload's.
struct SvidChain {
  Inventory inventory;
  Artifact* chain = nullptr;  ///< in the inventory; null when it holds no certificate
  bool whole = false;         ///< every octet of it is a certificate
};

/// read_svid_chain reads PEM. A block may hold a whole chain, DER after DER, as
/// the Workload API hands it out (X509SVID.x509_svid).
[[nodiscard]] SvidChain read_svid_chain(const std::string& pem);

/// judge_svid_octets returns the findings that no certificate carries.
[[nodiscard]] std::vector<Finding> judge_svid_octets(const SvidChain& svid);

/// judge_svid_certificate appends X509-SVID 2 to 5 on one certificate in its role.
void judge_svid_certificate(const Artifact& artifact, std::size_t index, Role role, Profile profile,
                            std::vector<Finding>& findings);

[[nodiscard]] bool has_error(const std::vector<Finding>& findings);

}  // namespace meshcert::conformance
