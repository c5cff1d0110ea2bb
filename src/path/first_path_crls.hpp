#pragma once

#include <span>
#include <vector>

#include "meshcert/certificate.hpp"
#include "path/crl_record.hpp"
#include "path/fault.hpp"
#include "path/revocation.hpp"
#include "path/settings.hpp"
#include "x509/crypto.hpp"

namespace meshcert::path {

/// first_path_crl_faults is what BoringSSL finds in CRLs about a path (crypto/x509/x509_vfy.cc,
/// check_revocation): of the leaf alone, or of every certificate, also of the one that ends it. Of the CRLs
/// by the name of a certificate's issuer it takes one alone, and looks for who signed it on the path alone,
/// from that issuer upwards, by name and authorityKeyIdentifier. The records are looked at as need be.
[[nodiscard]] std::vector<Fault> first_path_crl_faults(std::span<const Certificate* const> path,
                                                       std::span<CrlRecord> records, RevocationScope scope,
                                                       const Settings& settings,
                                                       x509::SignatureVerifier& signatures);

}  // namespace meshcert::path
