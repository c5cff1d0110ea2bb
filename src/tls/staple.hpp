#pragma once

#include "meshcert/bytes.hpp"
#include "meshcert/probe.hpp"

namespace meshcert::tls {

/// read_staple decodes an OCSP response (RFC 6960 4.2) of the first certificate it
/// speaks of. Its signature is not verified.
[[nodiscard]] Staple read_staple(ByteView octets);

}  // namespace meshcert::tls
