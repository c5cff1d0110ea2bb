#pragma once

#include <optional>
#include <string>

#include "input/certificates.hpp"
#include "meshcert/artifact.hpp"
#include "meshcert/bytes.hpp"
#include "meshcert/limits.hpp"

namespace meshcert::input {

/// append_pkcs7 decodes the certificates of a PKCS#7 SignedData (RFC 5652 3 and
/// 5.1, as `openssl crl2pkcs7 -nocrl` makes it) in the order they stand. Signatures
/// are not looked at. The artifact must own the octets. A member that is no
/// certificate is a defect; where there is no SignedData the answer says why, and
/// nothing was added.
///
/// Deviation: BER is taken, because Windows and Java write it.
[[nodiscard]] std::optional<std::string> append_pkcs7(ByteView octets, const CertificatePlace& place,
                                                      const Limits& limits, Artifact& artifact);

/// order_leaf_first puts certificates that stand in no meaningful order (a SET, which DER
/// sorts by content; the bags of PKCS#12) into that of a chain: from index `from` on, the
/// leaf first, then each issuer in turn, by their names, then the rest.
void order_leaf_first(std::vector<Certificate>& certificates, std::size_t from);

}  // namespace meshcert::input
