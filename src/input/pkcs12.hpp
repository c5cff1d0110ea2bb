#pragma once

#include <optional>
#include <string>

#include "input/certificates.hpp"
#include "input/key_opener.hpp"
#include "meshcert/artifact.hpp"

namespace meshcert::input {

/// is_pkcs12: a PFX (RFC 7292 4): version 3, then a SEQUENCE.
[[nodiscard]] bool is_pkcs12(ByteView octets);

/// append_pkcs12 decodes the certificates, CRLs and private keys of a PKCS#12 into the
/// artifact: the leaf of the first key first. A key is noted in artifact.key. Where no
/// password was given, the empty one is tried. What it cannot open is a
/// defect, as is what is derived from the password more often than docs/limits.md allows.
void append_pkcs12(ByteView octets, KeyOpener& keys, Artifact& artifact);

}  // namespace meshcert::input
