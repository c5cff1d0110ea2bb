#pragma once

#include <optional>

#include "meshcert/bytes.hpp"
#include "meshcert/ocsp.hpp"

namespace meshcert::x509 {

/// read_ocsp decodes an OCSPResponse in DER. nullopt where it cannot be read, is not
/// successful or answers nothing.
[[nodiscard]] std::optional<OcspAnswer> read_ocsp(ByteView octets);

}  // namespace meshcert::x509
