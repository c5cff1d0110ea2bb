#pragma once

#include "path/settings.hpp"
#include "path/store.hpp"
#include "x509/crypto.hpp"

namespace meshcert::checks {

/// signer_of is the certificate of the store whose key made the signature of another, or null.
[[nodiscard]] inline const Certificate* signer_of(const Certificate& certificate, const path::Store& store,
                                                  x509::SignatureVerifier& verifier) {
  for (const auto* entry : store.issuers_of(certificate, path::Budget{}.namesakes))
    if (verifier.verify(certificate, entry->certificate->key) == true) return entry->certificate;
  return nullptr;
}

}  // namespace meshcert::checks
