#pragma once

#include <vector>

#include "meshcert/artifact.hpp"
#include "meshcert/crl.hpp"
#include "x509/crypto.hpp"

namespace meshcert::checks {

/// is_handed_out: the CRL stands in ca-crl.pem of a plugged-in CA (the Secret cacerts, or a directory of its
/// files), and that CA or one above it signed it: istiod gives it to every workload, whose Envoy refuses
/// every chain of the mesh with it (istio security/pkg/pki/util/keycertbundle.go). `holders` are all
/// artifacts of the run.
[[nodiscard]] bool is_handed_out(const Artifact& crls, const Crl& crl,
                                 const std::vector<const Artifact*>& holders,
                                 x509::SignatureVerifier& signatures);

}  // namespace meshcert::checks
