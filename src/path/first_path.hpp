#pragma once

#include <span>

#include "path/settings.hpp"
#include "path/store.hpp"
#include "path/verify.hpp"
#include "x509/crypto.hpp"

namespace meshcert::path {

/// first_path is the one path that BoringSSL's X509_verify_cert makes of what was sent, and all that it
/// finds wrong with it (boringssl crypto/x509/x509_vfy.cc): of each certificate it takes the first issuer
/// that fits by name, identifiers and keyUsage, a trusted one before those that were sent, and never goes
/// back, whatever dates, signatures or constraints say of it later. Of several trusted ones it may take
/// any; here the nearest to a path that holds is taken. `sent` is in the order of the handshake.
[[nodiscard]] Path first_path(const Certificate& leaf, std::span<const Certificate* const> sent,
                              const Store& trusted, const Settings& settings,
                              x509::SignatureVerifier& signatures);

}  // namespace meshcert::path
