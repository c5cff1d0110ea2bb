#pragma once

#include <cstdint>

namespace meshcert::input {

/// BlockMasks marks, one bit an octet, the characters of a 64-octet block that
/// decide where a JSON value ends.
struct BlockMasks {
  std::uint64_t quotes = 0;
  std::uint64_t backslashes = 0;
  std::uint64_t brackets = 0;  ///< { } [ ]
};

/// mask_block looks at 64 octets.
[[nodiscard]] BlockMasks mask_block(const std::uint8_t* block);

/// prefix_xor turns a mask of quotes into the mask of octets from an opening
/// quote up to, not including, its closing one.
[[nodiscard]] constexpr std::uint64_t prefix_xor(std::uint64_t mask) {
  for (unsigned shift = 1; shift < 64; shift *= 2) mask ^= mask << shift;
  return mask;
}

}  // namespace meshcert::input
