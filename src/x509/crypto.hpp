#pragma once

#include "meshcert/certificate.hpp"

namespace meshcert::x509 {

/// decide_self_signed verifies the signature of a self-issued certificate with
/// its own key and sets `self_signed`. It stays nullopt where issuer and subject
/// differ, and where OpenSSL does not know the algorithm or cannot use the key.
/// MD5 and SHA-1 are verified: whether they are any good is not the question.
///
/// OpenSSL is initialised here, the first time it is needed, without its
/// configuration file. Leaves OpenSSL's error queue empty.
void decide_self_signed(Certificate& certificate);

}  // namespace meshcert::x509
