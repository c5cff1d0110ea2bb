#pragma once

#include <cstddef>
#include <cstdint>

#include "base/cpu.hpp"

#ifdef MESHCERT_AVX2
#  include <immintrin.h>
#endif

/// Base64, 32 characters at once where the processor can (AVX2; asked at run time).
namespace meshcert::base {

inline constexpr std::size_t kBase64Block = 32;
/// A block is written with 8 octets too many, for which the characters behind it make room.
inline constexpr std::size_t kBase64Room = 12;

[[nodiscard]] inline bool has_base64_blocks() {
  return has_avx2();
}

#ifdef MESHCERT_AVX2

namespace avx2 {

/// both is the same 16 octets in both halves.
__attribute__((target("avx2"))) inline __m256i both(__m128i octets) {
  return _mm256_broadcastsi128_si256(octets);
}

}  // namespace avx2

/// decode_base64_blocks decodes blocks that hold nothing but characters of the alphabet, and passes over line
/// feeds before them, as long as `last` is kBase64Room behind a block. It moves `in` and `out` on, and may
/// write 8 octets behind `out`. How characters are told apart: Mula and Lemire 2018 (arXiv:1704.00605).
__attribute__((target("avx2"))) inline void decode_base64_blocks(const char*& in, const char* last,
                                                                 std::uint8_t*& out) {
  // A character is of the alphabet where what its two halves allow has no bit in common.
  const __m256i by_low = avx2::both(_mm_setr_epi8(0x15, 0x11, 0x11, 0x11, 0x11, 0x11, 0x11, 0x11, 0x11, 0x11,
                                                  0x13, 0x1a, 0x1b, 0x1b, 0x1b, 0x1a));
  const __m256i by_high = avx2::both(_mm_setr_epi8(0x10, 0x10, 0x01, 0x02, 0x04, 0x08, 0x04, 0x08, 0x10, 0x10,
                                                   0x10, 0x10, 0x10, 0x10, 0x10, 0x10));
  // What is added to a character to get its six bits, by its upper half; the first is that of a slash.
  const __m256i shifts = avx2::both(
      _mm_setr_epi8(0, 63 - '/', 62 - '+', 52 - '0', -'A', -'A', 26 - 'a', 26 - 'a', 0, 0, 0, 0, 0, 0, 0, 0));
  // In each group of four octets the 24 bits are big-endian; the last octet is left out.
  const __m256i order = avx2::both(_mm_setr_epi8(2, 1, 0, 6, 5, 4, 10, 9, 8, 14, 13, 12, -1, -1, -1, -1));
  const __m256i together = _mm256_setr_epi32(0, 1, 2, 4, 5, 6, 7, 7);
  const __m256i half = _mm256_set1_epi8(0x0f), slash = _mm256_set1_epi8('/');
  constexpr auto kNeeded = static_cast<std::ptrdiff_t>(kBase64Block + kBase64Room);
  for (; last - in >= kNeeded; in += kBase64Block, out += kBase64Block / 4 * 3) {
    if (*in == '\n') ++in;
    if (last - in < kNeeded) return;
    const __m256i c = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(in));
    const __m256i high = _mm256_and_si256(_mm256_srli_epi32(c, 4), half);
    const __m256i allowed = _mm256_shuffle_epi8(by_low, _mm256_and_si256(c, half));
    if (_mm256_testz_si256(allowed, _mm256_shuffle_epi8(by_high, high)) == 0) return;
    const __m256i is_slash = _mm256_cmpeq_epi8(c, slash);  // -1 where it is
    const __m256i sextets = _mm256_add_epi8(c, _mm256_shuffle_epi8(shifts, _mm256_add_epi8(high, is_slash)));
    // a, b, c, d: first a << 6 | b and c << 6 | d, then both in 24 bits.
    const __m256i pairs = _mm256_maddubs_epi16(sextets, _mm256_set1_epi32(0x0140'0140));
    const __m256i groups = _mm256_madd_epi16(pairs, _mm256_set1_epi32(0x0001'1000));
    const __m256i octets = _mm256_permutevar8x32_epi32(_mm256_shuffle_epi8(groups, order), together);
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(out), octets);
  }
}

#else

inline void decode_base64_blocks(const char*&, const char*, std::uint8_t*&) {}

#endif

}  // namespace meshcert::base
