#include "input/json_blocks.hpp"

#if defined(__SSE2__)
#  include <emmintrin.h>
#endif

namespace meshcert::input {

#if defined(__SSE2__)

namespace {

std::uint64_t equal_mask(__m128i chunk, char character) {
  return static_cast<std::uint32_t>(_mm_movemask_epi8(_mm_cmpeq_epi8(chunk, _mm_set1_epi8(character))));
}

}  // namespace

BlockMasks mask_block(const std::uint8_t* block) {
  BlockMasks masks;
  for (unsigned i = 0; i < 64; i += 16) {
    const __m128i chunk = _mm_loadu_si128(reinterpret_cast<const __m128i*>(block + i));
    // Setting bit 5 maps [ to { and ] to }, and nothing else onto them.
    const __m128i folded = _mm_or_si128(chunk, _mm_set1_epi8(0x20));
    masks.quotes |= equal_mask(chunk, '"') << i;
    masks.backslashes |= equal_mask(chunk, '\\') << i;
    masks.brackets |= (equal_mask(folded, '{') | equal_mask(folded, '}')) << i;
  }
  return masks;
}

#else

BlockMasks mask_block(const std::uint8_t* block) {
  BlockMasks masks;
  for (unsigned i = 0; i < 64; ++i) {
    const std::uint64_t bit = std::uint64_t{1} << i;
    const std::uint8_t folded = block[i] | 0x20U;
    if (block[i] == '"') masks.quotes |= bit;
    if (block[i] == '\\') masks.backslashes |= bit;
    if (folded == '{' || folded == '}') masks.brackets |= bit;
  }
  return masks;
}

#endif

}  // namespace meshcert::input
