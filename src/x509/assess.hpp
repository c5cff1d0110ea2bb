#pragma once

#include <string>

#include "meshcert/bytes.hpp"

namespace meshcert::x509 {

/// Strictness is what a strict reader says of a certificate.
struct Strictness {
  bool parsed = false;      ///< Certificate::decode made a certificate of it
  bool strict_der = false;  ///< well-formed and DER throughout, extensions included
  std::string reason;       ///< why not strict; why not parsed; else empty
};

/// assess answers whether octets are one certificate that a strict reader takes:
/// DER (X.690) throughout and the syntax of RFC 5280, in every extension that
/// RFC 5280 defines, with nothing after it. It says more than decoding records,
/// at more cost, and nothing about whether the certificate is any good. No finding needs it:
/// the conformance suite `certificate` and the fuzzers ask.
///
/// Where RFC 5280 leaves a question open the answer is that of BoringSSL's
/// pki parser, the strictest in a mesh:
/// - an explicit cA FALSE and trailing zero bits in keyUsage are taken, as every
///   peer does, although they are not DER (roots of public CAs have them);
/// - path lengths and skip counts above 255 are refused;
/// - serials may be zero, negative or long, but not padded;
/// - inner and outer signature algorithm may differ: that is for verification;
/// - an empty subject with a subjectAltName that is not critical is refused;
/// - values of unknown extensions are not looked at.
/// A frame of the right shape with nothing of a certificate in it is judged as
/// DER alone.
[[nodiscard]] Strictness assess(ByteView octets);

}  // namespace meshcert::x509
