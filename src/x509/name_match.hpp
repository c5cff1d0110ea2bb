#pragma once

#include <string>
#include <utility>

#include "meshcert/certificate.hpp"
#include "meshcert/name.hpp"

/// Comparison of distinguished names by RFC 5280 7.1: text in the string types
/// of X.520 compares without regard to its type, to the case of ASCII letters
/// and to white space at its ends and doubled inside. Everything else compares by
/// octets. Attributes of one RDN are a set.
///
/// Deviation: letters outside ASCII keep their case, as in BoringSSL and OpenSSL.
namespace meshcert::x509 {

/// same_name compares two names; equal octets cost no more than comparing them.
[[nodiscard]] bool same_name(const DistinguishedName& a, const DistinguishedName& b);

/// is_self_issued: subject and issuer are the same name (RFC 5280 6.1); names of more than 4096 octets
/// compare by these alone. Says nothing about who signed.
[[nodiscard]] bool is_self_issued(const Certificate& certificate);

/// first_difference shows the first attribute that two names of one meaning write with other
/// octets: {"O as UTF8String \"a\"", "O as PrintableString \"a\""}.
[[nodiscard]] std::pair<std::string, std::string> first_difference(const DistinguishedName& a,
                                                                   const DistinguishedName& b);

/// canonical_name renders a name so that equal names give equal octets. The canonical form of a name
/// with one more RDN is that of the name followed by that of the RDN. Not for people.
[[nodiscard]] std::string canonical_name(const DistinguishedName& name);

/// canonical_rdn does so for the contents octets of one RDN (a SET OF).
[[nodiscard]] std::string canonical_rdn(ByteView rdn);

}  // namespace meshcert::x509
