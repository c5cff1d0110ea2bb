#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "meshcert/certificate.hpp"

/// The one place where a name that is wanted is compared with the names that a
/// certificate has. Counted octets throughout: a NUL is a character like any
/// other, and no DNS name has one.
namespace meshcert::path {

/// PeerName is a name that the leaf should have.
struct PeerName {
  enum class Kind : std::uint8_t { dns, ip, email, uri };
  Kind kind = Kind::dns;
  std::string value;  ///< text; an address in RFC 4291 or dotted form

  friend bool operator==(const PeerName&, const PeerName&) = default;
};

/// matches_dns compares a dNSName as a certificate presents it with the name that
/// a client wants (RFC 6125 6.4, RFC 9525 6.3). A wildcard is a whole leftmost
/// label, stands for one label that is not empty, and has at least two labels
/// behind it; letters compare without case. The reference may be absolute
/// ("example.com."), the presented name may not. Neither may be an address.
[[nodiscard]] bool matches_dns(std::string_view presented, std::string_view reference);

/// is_dns_name: letters, digits, "-" and "_" in labels of 1 to 63 octets, 253 in
/// all, a last label that is not all digits.
[[nodiscard]] bool is_dns_name(std::string_view text);

/// why_unmatchable says why no client ever finds what it looks for in a dNSName that a
/// certificate presents ("it is an IP address, ..."); "" where one may.
[[nodiscard]] std::string_view why_unmatchable(std::string_view presented);

/// matches_email compares mailboxes: the local part by octets, the host without
/// case (RFC 5280 7.5).
[[nodiscard]] bool matches_email(std::string_view presented, std::string_view reference);

/// has_name answers whether a certificate's subjectAltName has the name. The
/// common name does not count (RFC 9525 2); a URI compares by octets, as
/// X509-SVID and Envoy's exact matchers have it. SmtpUTF8Mailbox names count as
/// email (RFC 9598).
[[nodiscard]] bool has_name(const Certificate& certificate, const PeerName& name);

/// smtp_utf8_mailbox takes the text out of an otherName of that type; "" when it is none.
[[nodiscard]] std::string_view smtp_utf8_mailbox(const GeneralName& name);

/// to_string: "DNS a.example.com".
[[nodiscard]] std::string to_string(const PeerName& name);

}  // namespace meshcert::path
