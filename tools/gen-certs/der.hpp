#pragma once

#include <chrono>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>

namespace gencerts {

/// Octets owns octets. A string, because strings concatenate: DER is written
/// here as `sequence(a + b + c)`.
using Octets = std::string;
using Instant = std::chrono::sys_seconds;

/// The universal tags that samples need (X.680 8.4).
namespace tag {
inline constexpr std::uint8_t kBoolean = 0x01, kInteger = 0x02, kBitString = 0x03, kOctetString = 0x04,
                              kNull = 0x05, kOid = 0x06, kUtf8String = 0x0c, kPrintableString = 0x13,
                              kT61String = 0x14, kIa5String = 0x16, kUtcTime = 0x17, kGeneralizedTime = 0x18,
                              kUniversalString = 0x1c, kBmpString = 0x1e, kSequence = 0x30, kSet = 0x31;
/// context is [n]; constructed_context the same holding other elements.
constexpr std::uint8_t context(unsigned n) {
  return static_cast<std::uint8_t>(0x80U | n);
}
constexpr std::uint8_t constructed_context(unsigned n) {
  return static_cast<std::uint8_t>(0xa0U | n);
}
}  // namespace tag

/// octet is one octet.
[[nodiscard]] Octets octet(unsigned value);

/// length encodes a length, in `padding` octets more than it needs.
[[nodiscard]] Octets length(std::size_t size, unsigned padding = 0);

/// Each of these encodes one element. Values are taken as they are: a sample
/// may want what a validating encoder refuses.
[[nodiscard]] Octets tlv(std::uint8_t tag, std::string_view contents);
[[nodiscard]] Octets sequence(std::string_view contents);
[[nodiscard]] Octets boolean(bool value);
[[nodiscard]] Octets integer(std::uint64_t value);
[[nodiscard]] Octets integer_of(std::string_view contents);
[[nodiscard]] Octets octet_string(std::string_view contents);
[[nodiscard]] Octets bit_string(std::string_view contents);
/// named_bits encodes a named bit list, trailing zero bits left out.
[[nodiscard]] Octets named_bits(std::initializer_list<unsigned> bits);
/// oid encodes a dotted OBJECT IDENTIFIER.
[[nodiscard]] Octets oid(std::string_view dotted);
/// time encodes as RFC 5280 4.1.2.5 says: UTCTime through 2049, else GeneralizedTime.
[[nodiscard]] Octets time(Instant instant);
/// generalized_time encodes as GeneralizedTime whatever the year.
[[nodiscard]] Octets generalized_time(Instant instant);

/// to_rfc3339 renders "2024-01-01T06:00:00Z".
[[nodiscard]] std::string to_rfc3339(Instant instant);

}  // namespace gencerts
