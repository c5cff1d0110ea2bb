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

[[nodiscard]] inline bool has_base64_blocks() {
  return has_avx2();
}

#ifdef MESHCERT_AVX2

namespace avx2 {

__attribute__((target("avx2"))) inline __m256i between(__m256i octets, char first, char last) {
  return _mm256_and_si256(_mm256_cmpgt_epi8(octets, _mm256_set1_epi8(static_cast<char>(first - 1))),
                          _mm256_cmpgt_epi8(_mm256_set1_epi8(static_cast<char>(last + 1)), octets));
}
__attribute__((target("avx2"))) inline __m256i equal(__m256i octets, char character) {
  return _mm256_cmpeq_epi8(octets, _mm256_set1_epi8(character));
}
/// where gives the octet there, and nothing elsewhere.
__attribute__((target("avx2"))) inline __m256i where(__m256i mask, int octet) {
  return _mm256_and_si256(mask, _mm256_set1_epi8(static_cast<char>(octet)));
}

}  // namespace avx2

/// decode_base64_blocks decodes blocks as long as they hold nothing but characters of
/// the alphabet, and returns how many. It may read kBase64Block octets at a time up to
/// `count` blocks, and write 32 for each of them, of which 24 count.
__attribute__((target("avx2"))) inline std::size_t decode_base64_blocks(const char* in, std::size_t count,
                                                                        std::uint8_t* out) {
  // In each group of four octets the 24 bits are big-endian; the last octet is left out.
  const __m256i order = _mm256_setr_epi8(2, 1, 0, 6, 5, 4, 10, 9, 8, 14, 13, 12, -1, -1, -1, -1,  //
                                         2, 1, 0, 6, 5, 4, 10, 9, 8, 14, 13, 12, -1, -1, -1, -1);
  const __m256i together = _mm256_setr_epi32(0, 1, 2, 4, 5, 6, 7, 7);
  for (std::size_t done = 0; done < count; ++done, in += kBase64Block, out += kBase64Block / 4 * 3) {
    const __m256i c = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(in));
    const __m256i upper = avx2::between(c, 'A', 'Z');
    const __m256i lower = avx2::between(c, 'a', 'z');
    const __m256i digit = avx2::between(c, '0', '9');
    const __m256i plus = avx2::equal(c, '+');
    const __m256i slash = avx2::equal(c, '/');
    const __m256i known =
        _mm256_or_si256(_mm256_or_si256(upper, lower), _mm256_or_si256(digit, _mm256_or_si256(plus, slash)));
    if (_mm256_movemask_epi8(known) != -1) return done;
    // What is added to a character to get its six bits.
    __m256i shift = avx2::where(upper, -'A');
    shift = _mm256_or_si256(shift, avx2::where(lower, 26 - 'a'));
    shift = _mm256_or_si256(shift, avx2::where(digit, 52 - '0'));
    shift = _mm256_or_si256(shift, avx2::where(plus, 62 - '+'));
    shift = _mm256_or_si256(shift, avx2::where(slash, 63 - '/'));
    const __m256i sextets = _mm256_add_epi8(c, shift);
    // a, b, c, d: first a << 6 | b and c << 6 | d, then both in 24 bits.
    const __m256i pairs = _mm256_maddubs_epi16(sextets, _mm256_set1_epi32(0x0140'0140));
    const __m256i groups = _mm256_madd_epi16(pairs, _mm256_set1_epi32(0x0001'1000));
    const __m256i octets = _mm256_permutevar8x32_epi32(_mm256_shuffle_epi8(groups, order), together);
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(out), octets);
  }
  return count;
}

#else

inline std::size_t decode_base64_blocks(const char*, std::size_t, std::uint8_t*) {
  return 0;
}

#endif

}  // namespace meshcert::base
