#pragma once

#include <string_view>

#include "meshcert/certificate.hpp"

namespace meshcert::x509 {

/// Refusers says which verifiers of a mesh refuse a certificate with a defect.
struct Refusers {
  std::string_view who;          ///< who refuses and who reads it; "" where each of them reads it
  bool openssl_refuses = false;  ///< even the most lenient does
  bool go_refuses = false;       ///< istiod and the API server do
  /// A path with it does not verify: BoringSSL (Envoy) refuses it, in parsing or in verification; or
  /// RFC 5280 forbids it and somebody refuses it, and what BoringSSL does was not measured.
  bool path_refuses = false;
};

/// refusers_of says which verifiers of a mesh refuse a certificate with the defect that it
/// has, in parsing or in verification. It tells what Go 1.26, OpenSSL 3.0, BoringSSL and
/// rustls-webpki 0.103 did with certificates that have it, each in several places; who
/// differs by place is left out where the place is not looked at.
[[nodiscard]] Refusers refusers_of(const Certificate& certificate, DerDefect defect);

/// place_of names what holds the first of a defect that a certificate has: "subject",
/// "extendedKeyUsage", "an extension"; "" where it is none of these.
[[nodiscard]] std::string_view place_of(const Certificate& certificate, DerDefect defect);

}  // namespace meshcert::x509
