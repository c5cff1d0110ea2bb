#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "meshcert/bytes.hpp"

/// Whether one name lies in one subtree of a name constraint, for each type of
/// name (RFC 5280 4.2.1.10). Names and bases of hosts are in lower case.
namespace meshcert::path {

/// Match is whether a name lies in a subtree; a name that is none of its type
/// lies in no permitted subtree and in every excluded one.
enum class Match : std::uint8_t { no, yes, unreadable };
enum class Side : std::uint8_t { permitted, excluded };

/// match_dns takes a host, which an excluded subtree holds where it is none; an empty name is in no subtree
/// but that of all names, as Go and OpenSSL have it.
[[nodiscard]] Match match_dns(std::string_view host, std::string_view constraint, Side side);

/// match_email takes a mailbox, and a mailbox or host as base. The local part of an SmtpUTF8Mailbox, and a
/// host of it that is not ASCII, compare with no mailbox of ASCII (RFC 9598 6): that is unreadable. A local
/// part that is none lies in no permitted subtree; what is excluded goes by the host.
[[nodiscard]] Match match_email(std::string_view name, std::string_view base, bool utf8, Side side);

/// host_of a URI's authority (RFC 3986 3.2), in lower case; "" where there is none
/// that is a name.
[[nodiscard]] std::string host_of(std::string_view uri);

/// match_uri takes the host. A constraint without one is none that RFC 5280 allows:
/// nothing is within it when it permits, everything when it excludes.
[[nodiscard]] Match match_uri(std::string_view host, std::string_view constraint);

/// match_ip takes 4 or 16 octets, and as many of an address and of its mask.
[[nodiscard]] Match match_ip(ByteView address, ByteView base, Side side);

}  // namespace meshcert::path
