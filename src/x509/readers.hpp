#pragma once

#include <string_view>

#include "meshcert/der_defects.hpp"

namespace meshcert::x509 {

/// who_refuses says which verifiers of a mesh refuse a certificate with a defect, in
/// parsing or in verification, and which read it; "" where each of them reads it. It
/// tells what Go 1.26, OpenSSL 3.0, BoringSSL and rustls-webpki 0.103 did with
/// certificates that have it, each in several places; who differs by place is left out.
[[nodiscard]] std::string_view who_refuses(DerDefect defect);

}  // namespace meshcert::x509
