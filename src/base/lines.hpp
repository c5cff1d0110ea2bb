#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/cpu.hpp"

#ifdef MESHCERT_AVX2
#  include <immintrin.h>
#elif defined(__SSE2__)
#  include <emmintrin.h>
#endif

namespace meshcert::base {

#ifdef MESHCERT_AVX2
/// count_wide counts in chunks of 32 octets, and moves `at` behind them.
__attribute__((target("avx2"))) inline std::uint32_t count_wide(const char*& at, const char* end,
                                                                char octet) {
  std::uint32_t number = 0;
  while (end - at >= 32) {
    const std::ptrdiff_t chunks = std::min<std::ptrdiff_t>((end - at) / 32, 255);
    __m256i sum = _mm256_setzero_si256();
    for (std::ptrdiff_t i = 0; i < chunks; ++i, at += 32) {
      const __m256i octets = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(at));
      sum = _mm256_sub_epi8(sum, _mm256_cmpeq_epi8(octets, _mm256_set1_epi8(octet)));
    }
    const __m256i sums = _mm256_sad_epu8(sum, _mm256_setzero_si256());
    const __m128i halves = _mm_add_epi64(_mm256_castsi256_si128(sums), _mm256_extracti128_si256(sums, 1));
    number += static_cast<std::uint32_t>(_mm_cvtsi128_si64(halves) + _mm_extract_epi64(halves, 1));
  }
  return number;
}
#endif

/// count_octets counts how often an octet occurs: where the processor has AVX2, 32 octets at once.
/// SSE2 is part of every x86-64; elsewhere a plain loop.
[[nodiscard]] inline std::uint32_t count_octets(std::string_view text, char octet) {
  std::uint32_t number = 0;
  const char* at = text.data();
  const char* const end = at + text.size();
#ifdef MESHCERT_AVX2
  if (base::has_avx2()) number = count_wide(at, end, octet);
#endif
#if defined(__SSE2__)
  while (end - at >= 16) {
    // An octet of the sum holds 255 at most.
    const std::ptrdiff_t chunks = std::min<std::ptrdiff_t>((end - at) / 16, 255);
    __m128i sum = _mm_setzero_si128();
    for (std::ptrdiff_t i = 0; i < chunks; ++i, at += 16) {
      const __m128i octets = _mm_loadu_si128(reinterpret_cast<const __m128i*>(at));
      sum = _mm_sub_epi8(sum, _mm_cmpeq_epi8(octets, _mm_set1_epi8(octet)));
    }
    const __m128i halves = _mm_sad_epu8(sum, _mm_setzero_si128());
    number += static_cast<std::uint32_t>(_mm_cvtsi128_si64(halves) +
                                         _mm_cvtsi128_si64(_mm_unpackhi_epi64(halves, halves)));
  }
#endif
  return number + static_cast<std::uint32_t>(std::count(at, end, octet));
}

/// count_lines counts line feeds.
[[nodiscard]] inline std::uint32_t count_lines(std::string_view text) {
  return count_octets(text, '\n');
}

/// take_line takes the first line off a text, without what ends it: the last may have no end.
[[nodiscard]] inline std::string_view take_line(std::string_view& rest, char end = '\n') {
  const std::size_t size = rest.find(end);
  const std::string_view line = rest.substr(0, size);
  rest.remove_prefix(size == std::string_view::npos ? rest.size() : size + 1);
  return line;
}

inline constexpr std::string_view kBlanks = " \t\r\n";

/// is_one_of is for a few characters that are known: string_view::find would call memchr for each.
[[nodiscard]] constexpr bool is_one_of(char c, std::string_view characters) {
  return std::find(characters.begin(), characters.end(), c) != characters.end();
}

/// trimmed_front is a text without the blanks that it begins with.
[[nodiscard]] constexpr std::string_view trimmed_front(std::string_view text,
                                                       std::string_view blanks = kBlanks) {
  while (!text.empty() && is_one_of(text.front(), blanks)) text.remove_prefix(1);
  return text;
}

/// trimmed is a text without the blanks that it begins and ends with.
[[nodiscard]] constexpr std::string_view trimmed(std::string_view text, std::string_view blanks = kBlanks) {
  text = trimmed_front(text, blanks);
  while (!text.empty() && is_one_of(text.back(), blanks)) text.remove_suffix(1);
  return text;
}

/// is_blank: nothing but blanks, tabs and line ends.
[[nodiscard]] constexpr bool is_blank(std::string_view text) {
  return trimmed_front(text).empty();
}

}  // namespace meshcert::base
