#include "report/json_line.hpp"

#include <algorithm>
#include <bit>
#include <charconv>

#include "base/escape.hpp"
#include "base/hex.hpp"
#include "base/rfc3339.hpp"
#include "base/utf8.hpp"
#include "meshcert/bytes.hpp"

#if defined(__SSE2__)
#  include <emmintrin.h>
#endif

namespace meshcert::report {
namespace {

constexpr bool is_simple(char c) {
  return c >= 0x20 && c < 0x7f && c != '"' && c != '\\';
}

#if defined(__SSE2__)
// A bit for each octet that needs an escape.
unsigned odd_ones(__m128i octets) {
  const auto is = [octets](char c) { return _mm_cmpeq_epi8(octets, _mm_set1_epi8(c)); };
  // One more of 0x7f is negative; and as signed numbers, those from 0x80 on are less than a space, too.
  const __m128i beyond = _mm_cmplt_epi8(_mm_add_epi8(octets, _mm_set1_epi8(1)), _mm_set1_epi8(0x21));
  const __m128i odd = _mm_or_si128(beyond, _mm_or_si128(is('"'), is('\\')));
  return static_cast<unsigned>(_mm_movemask_epi8(odd));
}

__m128i load_16(const char* from) {
  return _mm_loadu_si128(reinterpret_cast<const __m128i*>(from));
}

// Moves 16 octets and says whether none of them needs an escape.
bool copy_16(char* to, const char* from) {
  const __m128i octets = load_16(from);
  _mm_storeu_si128(reinterpret_cast<__m128i*>(to), octets);
  return odd_ones(octets) == 0;
}

// Moves less than 16: from either end, a half that may overlap the other.
template <class Half>
bool copy_halves(char* to, const char* from, std::size_t size) {
  Half first, last;
  const std::size_t rest = size - sizeof(Half);
  std::memcpy(&first, from, sizeof(Half)), std::memcpy(&last, from + rest, sizeof(Half));
  std::memcpy(to, &first, sizeof(Half)), std::memcpy(to + rest, &last, sizeof(Half));
  const __m128i both = _mm_set_epi64x(static_cast<std::int64_t>(std::uint64_t{last}),
                                      static_cast<std::int64_t>(std::uint64_t{first}));
  constexpr unsigned kHalf = (1U << sizeof(Half)) - 1;
  return (odd_ones(both) & (kHalf | kHalf << 8U)) == 0;
}
#endif

// How many octets from the first on need no escape.
std::size_t simple_length(std::string_view text) {
  std::size_t at = 0;
#if defined(__SSE2__)
  for (; at + 16 <= text.size(); at += 16)
    if (const unsigned found = odd_ones(load_16(text.data() + at)); found != 0)
      return at + static_cast<std::size_t>(std::countr_zero(found));
#endif
  while (at < text.size() && is_simple(text[at])) ++at;
  return at;
}

// copy_simple moves a text none of whose octets needs an escape; if one does, it says so, and what it
// wrote is of no use.
bool copy_simple(char* to, std::string_view text) {
  std::size_t at = 0;
#if defined(__SSE2__)
  for (; at + 16 <= text.size(); at += 16)
    if (!copy_16(to + at, text.data() + at)) return false;
  if (at == text.size()) return true;
  if (text.size() > 16) return copy_16(to + text.size() - 16, text.data() + text.size() - 16);
  if (text.size() >= 8) return copy_halves<std::uint64_t>(to, text.data(), text.size());
  if (text.size() >= 4) return copy_halves<std::uint32_t>(to, text.data(), text.size());
#endif
  for (; at < text.size() && is_simple(text[at]); ++at) to[at] = text[at];
  return at == text.size();
}

// The two-character escapes that JSON has.
char short_escape(char c) {
  constexpr std::string_view kRaw = "\"\\\b\f\n\r\t";
  constexpr std::string_view kLetters = "\"\\bfnrt";
  const std::size_t at = kRaw.find(c);
  return at == std::string_view::npos ? '\0' : kLetters[at];
}

}  // namespace

void JsonLine::flush() {
  out_.append(piece_.data(), static_cast<std::size_t>(at_ - piece_.data()));
  at_ = piece_.data();
}

void JsonLine::put(std::string_view text) {
  if (text.size() >= kShort) {
    flush();
    out_ += text;
    return;
  }
  char* const at = room();
  std::memcpy(at, text.data(), text.size());
  at_ = at + text.size();
}

void JsonLine::put_unit(unsigned unit) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  char* at = room();
  *at++ = '\\';
  *at++ = 'u';
  for (unsigned shift = 16; shift != 0;) *at++ = kDigits[unit >> (shift -= 4) & 15U];
  at_ = at;
}

// Characters beyond the first plane are a pair of surrogates (RFC 8259 7).
void JsonLine::put_code_point(char32_t value) {
  if (value < 0x10000) return put_unit(static_cast<unsigned>(value));
  const auto rest = static_cast<unsigned>(value) - 0x10000U;
  put_unit(0xD800U + (rest >> 10));
  put_unit(0xDC00U + (rest & 0x3FFU));
}

void JsonLine::put_escaped(std::string_view text) {
  while (!text.empty()) {
    const std::size_t simple = simple_length(text);
    put(text.substr(0, simple));
    text.remove_prefix(simple);
    if (text.empty()) return;
    const base::CodePoint next = base::decode_utf8(text);
    if (const char letter = short_escape(text.front()); letter != '\0')
      put('\\'), put(letter);
    else
      put_code_point(next.valid ? next.value : U'\uFFFD');
    text.remove_prefix(next.length);
  }
}

bool JsonLine::put_simple(std::string_view text) {
  if (text.size() > kShort - 3) return false;
  char* const at = begin_value();
  if (!copy_simple(at + 1, text)) return false;
  at[0] = '"';
  at[text.size() + 1] = '"';
  wrote(at + text.size() + 2, Next::after_comma);
  return true;
}

JsonLine& JsonLine::key(std::string_view name) {
  plain(name);
  put(':');
  next_ = Next::first;
  return *this;
}

void JsonLine::text(std::string_view value) {
  if (put_simple(value)) return;
  at_ = begin_value();
  put('"'), put_escaped(value), put('"');
  next_ = Next::after_comma;
}

void JsonLine::plain(std::string_view value) {
  if (put_simple(value)) return;
  at_ = begin_value();
  put('"'), put(value), put('"');
  next_ = Next::after_comma;
}

void JsonLine::number(std::int64_t value) {
  char* const at = begin_value();
  wrote(std::to_chars(at, at + kShort - 1, value).ptr, Next::after_comma);
}

void JsonLine::number(std::uint64_t value) {
  char* const at = begin_value();
  wrote(std::to_chars(at, at + kShort - 1, value).ptr, Next::after_comma);
}

void JsonLine::instant(Instant value) {
  const auto text = base::rfc3339_text(value);
  plain({text.data(), text.size()});
}

void JsonLine::put_exact(std::string_view name, std::string_view value) {
  if (put_simple(value)) return;
  text(value);
  if (simple_length(value) == value.size() || base::is_valid_utf8(value)) return;
  key(std::string(name) + "_hex").plain(base::to_hex(as_bytes(value)));
}

}  // namespace meshcert::report
