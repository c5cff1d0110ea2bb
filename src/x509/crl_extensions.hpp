#pragma once

#include "der/reader.hpp"
#include "meshcert/crl.hpp"

/// Extensions of CRLs (RFC 5280 5.2) and of their entries (5.3).
namespace meshcert::x509 {

/// read_crl_extensions takes the SEQUENCE inside the [0] of a CRL.
[[nodiscard]] bool read_crl_extensions(der::Reader& reader, CrlExtensions& extensions);

/// read_entry_extensions takes the SEQUENCE at the end of an entry.
[[nodiscard]] bool read_entry_extensions(der::Reader& reader, CrlEntry& entry);

[[nodiscard]] bool has_malformed_extension(const CrlEntry& entry);

}  // namespace meshcert::x509
