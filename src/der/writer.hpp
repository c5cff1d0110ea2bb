#pragma once

#include <cstdint>
#include <initializer_list>
#include <vector>

#include "der/reader.hpp"

namespace meshcert::der {

/// Octets is what was encoded.
using Octets = std::vector<std::uint8_t>;

/// element encodes one element in DER, its contents being the parts one after the
/// other. Tag numbers up to 30.
[[nodiscard]] Octets element(Tag tag, std::initializer_list<ByteView> parts);

/// unsigned_integer encodes the INTEGER of a magnitude, most significant octet
/// first, with or without leading zeros; none is zero.
[[nodiscard]] Octets unsigned_integer(ByteView magnitude);

/// bit_string encodes whole octets as a BIT STRING.
[[nodiscard]] Octets bit_string(ByteView octets);

}  // namespace meshcert::der
