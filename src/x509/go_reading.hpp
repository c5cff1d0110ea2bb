#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "meshcert/certificate.hpp"

namespace meshcert::x509 {

/// GoRefusal is what keeps Go's crypto/x509 (istiod, the API server, SPIRE) from parsing
/// a certificate, what the other verifiers of a mesh make of the same, and how the
/// certificate is to be reissued.
struct GoRefusal {
  std::string reason;  ///< "" when Go parses it
  std::string_view others, fix;
};

/// find_go_refusal looks at what is no matter of encoding: strings in names, URIs, name
/// constraints, policies, critical flags, object identifiers, parameters and points of keys. What is no DER
/// is told by its defects, serial numbers and curves by their own rules. Implements parseName,
/// parseSANExtension, parseNameConstraintsExtension, processExtensions and parsePublicKey of go
/// src/crypto/x509/parser.go.
[[nodiscard]] GoRefusal find_go_refusal(const Certificate& certificate);

/// find_go_uri_fault says why Go refuses a URI in subjectAltName: net/url cannot parse
/// it, or its host is no domain name (domainNameValid); "" when it takes it.
[[nodiscard]] std::string_view find_go_uri_fault(std::string_view uri);

/// find_go_constraint_fault says why Go refuses name constraints, with the first of them
/// that it refuses; "" when it takes them all.
[[nodiscard]] std::string find_go_constraint_fault(const NameConstraints& constraints);

/// kShortestWideOid is how many octets an arc of 2^31 has at least.
inline constexpr std::size_t kShortestWideOid = 5;

/// go_reads_oid: its arcs fit into 31 bits, the first two as they are encoded, in one number. Those of
/// policies Go keeps as they are.
[[nodiscard]] inline bool go_reads_oid(ByteView contents) {
  constexpr std::uint64_t kMost = 0x7fffffff;
  if (contents.size() < kShortestWideOid) return true;
  std::uint64_t arc = 0;
  for (const std::uint8_t octet : contents) {
    arc = arc << 7U | (octet & 0x7fU);
    if (arc > kMost) return false;
    if (octet < 0x80) arc = 0;
  }
  return true;
}

/// go_reads_info_access: Go takes the value of an authorityInfoAccess, though it may not
/// be as RFC 5280 4.2.2.1 wants it.
[[nodiscard]] bool go_reads_info_access(const Extensions& extensions);

}  // namespace meshcert::x509
