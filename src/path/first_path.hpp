#pragma once

#include <cstdint>
#include <span>

#include "path/settings.hpp"
#include "path/store.hpp"
#include "path/verify.hpp"
#include "x509/crypto.hpp"

namespace meshcert::path {

class RevocationChecker;

/// Which of several trusted namesakes that fit is taken: BoringSSL sorts what it trusts by name alone
/// (crypto/x509/x509_lu.cc), so that it may be any of them, by version and by order.
enum class Namesake : std::uint8_t {
  nearest,   ///< the first that is valid and signed, where there is one
  farthest,  ///< the last that is not, where there is one
};

/// first_path is the one path that BoringSSL's X509_verify_cert makes of what was sent, and all that it
/// finds wrong with it (boringssl crypto/x509/x509_vfy.cc): of each certificate it takes the first issuer
/// that fits by name, identifiers and keyUsage, a trusted one before those that were sent, and never goes
/// back, whatever dates, signatures, constraints or CRLs say of it later. `sent` is in the order of the
/// handshake; `revocation` may be null.
[[nodiscard]] Path first_path(const Certificate& leaf, std::span<const Certificate* const> sent,
                              const Store& trusted, const Settings& settings, Namesake namesake,
                              x509::SignatureVerifier& signatures, RevocationChecker* revocation);

/// seems_self_signed: BoringSSL looks for no issuer of it (EXFLAG_SS, which no signature decides).
[[nodiscard]] bool seems_self_signed(const Certificate& certificate);

}  // namespace meshcert::path
