#pragma once

#include <optional>
#include <string_view>

#include "meshcert/bytes.hpp"
#include "meshcert/ocsp.hpp"

namespace meshcert::x509 {

/// read_ocsp decodes an OCSPResponse in DER. nullopt where it cannot be read, is not
/// successful or answers nothing.
[[nodiscard]] std::optional<OcspAnswer> read_ocsp(ByteView octets);

/// what_envoy_says_of is why Envoy takes octets for no staple, in its words (envoy
/// source/common/tls/ocsp/ocsp.cc); "" where it may take them.
[[nodiscard]] std::string_view what_envoy_says_of(ByteView octets);

}  // namespace meshcert::x509
