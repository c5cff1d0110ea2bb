#pragma once

#include <string>
#include <string_view>

#include "meshcert/certificate.hpp"

namespace meshcert::x509 {

/// GoRefusal is what keeps Go's crypto/x509 (istiod, the API server, SPIRE) from parsing
/// a certificate, and what the other verifiers of a mesh make of the same.
struct GoRefusal {
  std::string reason;
  std::string_view others;
};

/// find_go_refusal looks at what is no matter of encoding: strings in names, URIs,
/// critical flags, RSA parameters; the reason is "" when Go parses it. What is no DER is
/// told by its defects, serial numbers and curves by their own rules. Implements
/// parseName, parseSANExtension, processExtensions and parsePublicKey of go
/// src/crypto/x509/parser.go.
[[nodiscard]] GoRefusal find_go_refusal(const Certificate& certificate);

/// find_go_uri_fault says why Go refuses a URI in subjectAltName: net/url cannot parse
/// it, or its host is no domain name (domainNameValid); "" when it takes it.
[[nodiscard]] std::string_view find_go_uri_fault(std::string_view uri);

}  // namespace meshcert::x509
