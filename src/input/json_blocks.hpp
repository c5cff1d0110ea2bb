#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string_view>

#include "base/cpu.hpp"

#ifdef MESHCERT_AVX2
#  include <immintrin.h>
#elif defined(__SSE2__)
#  include <emmintrin.h>
#endif

/// What must be found in a JSON text faster than octet by octet: what ends a
/// value, and keys. SSE2 is part of every x86-64, AVX2 is asked for at run time;
/// elsewhere a plain loop.
namespace meshcert::input {

constexpr std::size_t kJsonBlock = 64;

/// prefix_xor turns a mask of quotes into the mask of octets from an opening
/// quote up to, not including, its closing one.
[[nodiscard]] constexpr std::uint64_t prefix_xor(std::uint64_t mask) {
  // Written out: no compiler unrolls it at -O2.
  mask ^= mask << 1U;
  mask ^= mask << 2U;
  mask ^= mask << 4U;
  mask ^= mask << 8U;
  mask ^= mask << 16U;
  return mask ^ (mask << 32U);
}

/// BlockMasks marks, one bit an octet, the characters of a block that decide
/// where a JSON value ends.
struct BlockMasks {
  std::uint64_t strings = 0;   ///< prefix_xor of the quotes: where none is open before the block
  std::uint64_t brackets = 0;  ///< { } [ ]
  std::uint64_t odd = 0;       ///< what does not stand for itself in a string: backslash, control, not ASCII
};

#if defined(__SSE2__)

namespace sse2 {

inline __m128i load(const void* at) {
  return _mm_loadu_si128(static_cast<const __m128i*>(at));
}
inline __m128i equal(__m128i octets, char character) {
  return _mm_cmpeq_epi8(octets, _mm_set1_epi8(character));
}
inline std::uint32_t mask(__m128i octets) {
  return static_cast<std::uint32_t>(_mm_movemask_epi8(octets));
}

}  // namespace sse2

/// mask_block looks at kJsonBlock octets.
[[nodiscard]] inline BlockMasks mask_block(const std::uint8_t* block) {
  BlockMasks masks;
  for (unsigned i = 0; i < kJsonBlock; i += 16) {
    const __m128i octets = sse2::load(block + i);
    // Setting bit 5 maps [ to { and ] to }, and nothing else onto them.
    const __m128i folded = _mm_or_si128(octets, _mm_set1_epi8(0x20));
    const __m128i brackets = _mm_or_si128(sse2::equal(folded, '{'), sse2::equal(folded, '}'));
    masks.strings |= std::uint64_t{sse2::mask(sse2::equal(octets, '"'))} << i;
    masks.brackets |= std::uint64_t{sse2::mask(brackets)} << i;
    // As signed numbers, those above ASCII are less than a space, too.
    const __m128i low = _mm_cmplt_epi8(octets, _mm_set1_epi8(' '));
    masks.odd |= std::uint64_t{sse2::mask(_mm_or_si128(low, sse2::equal(octets, '\\')))} << i;
  }
  masks.strings = prefix_xor(masks.strings);
  return masks;
}

#else

[[nodiscard]] inline BlockMasks mask_block(const std::uint8_t* block) {
  BlockMasks masks;
  for (unsigned i = 0; i < kJsonBlock; ++i) {
    const std::uint64_t bit = std::uint64_t{1} << i;
    const std::uint8_t folded = block[i] | 0x20U;
    if (block[i] == '"') masks.strings |= bit;
    if (folded == '{' || folded == '}') masks.brackets |= bit;
    if (block[i] < 0x20 || block[i] >= 0x80 || block[i] == '\\') masks.odd |= bit;
  }
  masks.strings = prefix_xor(masks.strings);
  return masks;
}

#endif

#ifdef MESHCERT_AVX2

namespace avx2 {

__attribute__((target("avx2"))) inline __m256i load(const void* at) {
  return _mm256_loadu_si256(static_cast<const __m256i*>(at));
}
__attribute__((target("avx2"))) inline __m256i equal(__m256i octets, char character) {
  return _mm256_cmpeq_epi8(octets, _mm256_set1_epi8(character));
}
__attribute__((target("avx2"))) inline std::uint32_t mask(__m256i octets) {
  return static_cast<std::uint32_t>(_mm256_movemask_epi8(octets));
}

/// join is one mask of two halves of a block.
__attribute__((target("avx2"))) inline std::uint64_t join(__m256i low, __m256i high) {
  return mask(low) | std::uint64_t{mask(high)} << 32U;
}
__attribute__((target("avx2"))) inline __m256i brackets(__m256i octets) {
  const __m256i folded = _mm256_or_si256(octets, _mm256_set1_epi8(0x20));
  return _mm256_or_si256(equal(folded, '{'), equal(folded, '}'));
}
__attribute__((target("avx2"))) inline __m256i odd(__m256i octets) {
  return _mm256_or_si256(_mm256_cmpgt_epi8(_mm256_set1_epi8(' '), octets), equal(octets, '\\'));
}

/// prefix_xor is the one without AVX2: a product without carries.
__attribute__((target("avx2,pclmul"))) inline std::uint64_t prefix_xor(std::uint64_t mask) {
  const __m128i factor = _mm_cvtsi64_si128(static_cast<long long>(mask));
  return static_cast<std::uint64_t>(
      _mm_cvtsi128_si64(_mm_clmulepi64_si128(factor, _mm_set1_epi8(static_cast<char>(0xff)), 0)));
}

/// mask_blocks looks at as many blocks as there are masks.
__attribute__((target("avx2,pclmul"))) inline void mask_blocks(const std::uint8_t* block,
                                                               std::span<BlockMasks> masks) {
  for (BlockMasks& found : masks) {
    const __m256i low = load(block), high = load(block + 32);
    found = {prefix_xor(join(equal(low, '"'), equal(high, '"'))), join(brackets(low), brackets(high)),
             join(odd(low), odd(high))};
    block += kJsonBlock;
  }
}

/// skip_plain goes on, 32 octets at a time, to the first that hold what is not plain.
__attribute__((target("avx2"))) inline std::size_t skip_plain(std::string_view text) {
  std::size_t at = 0;
  for (; at + 32 <= text.size(); at += 32) {
    const __m256i octets = load(text.data() + at);
    const __m256i marks = _mm256_or_si256(equal(octets, '"'), equal(octets, '\\'));
    const __m256i low = _mm256_cmpgt_epi8(_mm256_set1_epi8(' '), octets);
    if (const std::uint32_t found = mask(_mm256_or_si256(marks, low)); found != 0)
      return at + static_cast<std::size_t>(std::countr_zero(found));
  }
  return at;
}

/// quoted marks, one bit an octet, the quotes of 32 octets that `a` or `b` follows.
__attribute__((target("avx2"))) inline std::uint32_t quoted(const char* at, char a, char b) {
  const __m256i next = load(at + 1);
  return mask(_mm256_and_si256(equal(load(at), '"'), _mm256_or_si256(equal(next, a), equal(next, b))));
}

/// skip_unquoted goes on, 32 octets at a time, to the first that hold such a quote.
__attribute__((target("avx2"))) inline std::size_t skip_unquoted(std::string_view json, char a, char b) {
  std::size_t at = 0;
  while (at + 33 <= json.size() && quoted(json.data() + at, a, b) == 0) at += 32;
  return at;
}

}  // namespace avx2

#endif

/// mask_blocks looks at as many blocks as there are masks.
inline void mask_blocks(const std::uint8_t* block, std::span<BlockMasks> masks) {
#ifdef MESHCERT_AVX2
  if (base::has_avx2()) return avx2::mask_blocks(block, masks);
#endif
  for (BlockMasks& found : masks) {
    found = mask_block(block);
    block += kJsonBlock;
  }
}

/// plain_length is how many octets, from the first on, are ASCII and stand for themselves
/// within a JSON string: none is a quote, a backslash or a control character below the space.
[[nodiscard]] inline std::size_t plain_length(std::string_view text) {
  const auto is_plain = [](char c) {
    return static_cast<unsigned char>(c) < 0x80 && c >= ' ' && c != '"' && c != '\\';
  };
  std::size_t at = 0;
#ifdef MESHCERT_AVX2
  if (base::has_avx2()) at = avx2::skip_plain(text);
#endif
  while (at < text.size() && is_plain(text[at])) ++at;
  return at;
}

/// has_quoted answers whether a quote is followed by any of the words, whose
/// first letters are `a` or `b`.
[[nodiscard]] inline bool has_quoted(std::string_view json, char a, char b,
                                     std::span<const std::string_view> words) {
  const auto matches = [json, words](std::size_t quote) {
    return std::ranges::any_of(
        words, [rest = json.substr(quote + 1)](std::string_view word) { return rest.starts_with(word); });
  };
  std::size_t at = 0;
#ifdef MESHCERT_AVX2
  if (base::has_avx2()) {
    for (;;) {
      at += avx2::skip_unquoted(json.substr(at), a, b);
      if (at + 33 > json.size()) break;
      for (std::uint32_t found = avx2::quoted(json.data() + at, a, b); found != 0; found &= found - 1)
        if (matches(at + static_cast<std::size_t>(std::countr_zero(found)))) return true;
      at += 32;
    }
  }
#endif
#if defined(__SSE2__)
  for (; at + 17 <= json.size(); at += 16) {
    const __m128i next = sse2::load(json.data() + at + 1);
    const __m128i letters = _mm_or_si128(sse2::equal(next, a), sse2::equal(next, b));
    std::uint32_t found = sse2::mask(_mm_and_si128(sse2::equal(sse2::load(json.data() + at), '"'), letters));
    for (; found != 0; found &= found - 1) {
      if (matches(at + static_cast<std::size_t>(std::countr_zero(found)))) return true;
    }
  }
#endif
  for (; at + 1 < json.size(); ++at) {
    if (json[at] == '"' && (json[at + 1] == a || json[at + 1] == b) && matches(at)) return true;
  }
  return false;
}

}  // namespace meshcert::input
