#pragma once

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

#include "meshcert/bytes.hpp"

namespace meshcert {

/// DistinguishedName is a decoded Name (RFC 5280 4.1.2.4): a checked view of
/// the RDNSequence inside a certificate, which must outlive it. Every attribute
/// and string type is kept as it stands; text is made only when asked for.
struct DistinguishedName {
  ByteView rdns;  ///< contents octets of the RDNSequence; empty for an empty name
  /// Every value is a PrintableString, a UTF8String or an IA5String of characters that it may hold.
  bool is_common = false;

  [[nodiscard]] bool empty() const { return rdns.empty(); }
  /// Octet equality. RFC 5280 7.1 comparison (case folding, string types) is
  /// path validation's business.
  friend bool operator==(const DistinguishedName& a, const DistinguishedName& b) {
    return std::ranges::equal(a.rdns, b.rdns);
  }
};

/// The attribute types that checks ask about.
enum class AttributeType : std::uint8_t { common_name, organization };

/// attribute_values lists the values of one attribute type in the order they
/// stand, converted to UTF-8. A value that its string type cannot hold keeps
/// its octets as they are.
[[nodiscard]] std::vector<std::string> attribute_values(const DistinguishedName& name, AttributeType type);

/// to_rfc4514 renders "CN=Root CA,O=Istio": last RDN first, multi-valued RDNs
/// joined by "+", special characters escaped, unknown types as dotted OIDs with
/// "#hex" values. Octets that are no valid text are shown as \xx pairs.
[[nodiscard]] std::string to_rfc4514(const DistinguishedName& name);
/// append_rfc4514 is to_rfc4514 at the end of a text.
void append_rfc4514(std::string& text, const DistinguishedName& name);

/// name_of is to_rfc4514 for people: "(an empty name)" of one that has no RDN.
[[nodiscard]] std::string name_of(const DistinguishedName& name);

}  // namespace meshcert
