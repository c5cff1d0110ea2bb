#pragma once

#include <string>
#include <vector>

#include "meshcert/artifact.hpp"

namespace meshcert::cli {

/// keep_anchors leaves of a file given to --trust what it trusts. Of a dump, a Secret or another document
/// these are its bundles: ROOTCA and the entries of a SPIFFE validator, ca.crt and root-cert.pem, and the
/// self-signed certificate of a CA with its key. The chain of a workload or of a server in it proves who it
/// is, and is trusted by nobody for that. Of an Envoy with bundles of the mesh, those of gateways and of
/// the system are left out, as its workloads' peers are not held against them. A file of certificates alone
/// (PEM, DER, PKCS#7, PKCS#12) is trusted whole. CRLs stay.
void keep_anchors(std::vector<Artifact>& artifacts);

/// repeated_domain is a trust domain to which one SPIFFE validator or bundle map gives two bundles; ""
/// without.
[[nodiscard]] std::string repeated_domain(const std::vector<Artifact>& artifacts);

}  // namespace meshcert::cli
