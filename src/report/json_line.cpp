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

// How many octets from the first on need no escape.
std::size_t simple_length(std::string_view text) {
  std::size_t at = 0;
#if defined(__SSE2__)
  for (; at + 16 <= text.size(); at += 16) {
    const __m128i octets = _mm_loadu_si128(reinterpret_cast<const __m128i*>(text.data() + at));
    const auto is = [octets](char c) { return _mm_cmpeq_epi8(octets, _mm_set1_epi8(c)); };
    // As signed numbers, those from 0x80 on are less than a space, too.
    const __m128i low = _mm_cmplt_epi8(octets, _mm_set1_epi8(0x20));
    const __m128i odd = _mm_or_si128(_mm_or_si128(low, is(0x7f)), _mm_or_si128(is('"'), is('\\')));
    if (const int found = _mm_movemask_epi8(odd); found != 0)
      return at + static_cast<std::size_t>(std::countr_zero(static_cast<unsigned>(found)));
  }
#endif
  while (at < text.size() && is_simple(text[at])) ++at;
  return at;
}

// The two-character escapes that JSON has.
char short_escape(char c) {
  constexpr std::string_view kRaw = "\"\\\b\f\n\r\t";
  constexpr std::string_view kLetters = "\"\\bfnrt";
  const std::size_t at = kRaw.find(c);
  return at == std::string_view::npos ? '\0' : kLetters[at];
}

}  // namespace

void JsonLine::put_long(std::string_view text) {
  if (piece_.size() - used_ < text.size()) flush();
  if (text.size() > piece_.size()) {
    out_ += text;
    return;
  }
  std::memcpy(piece_.data() + used_, text.data(), text.size());
  took(text.size());
}

void JsonLine::put_unit(unsigned unit) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  char* at = room();
  *at++ = '\\';
  *at++ = 'u';
  for (unsigned shift = 16; shift != 0;) *at++ = kDigits[unit >> (shift -= 4) & 15U];
  took(6);
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

JsonLine& JsonLine::key(std::string_view name) {
  put_comma();
  after_key_ = true;
  put('"'), put(name), put("\":");
  return *this;
}

void JsonLine::text(std::string_view value) {
  put_comma();
  put('"'), put_escaped(value), put('"');
}

void JsonLine::plain(std::string_view value) {
  put_comma();
  put('"'), put(value), put('"');
}

void JsonLine::number(std::int64_t value) {
  put_comma();
  char* at = room();
  took(static_cast<std::size_t>(std::to_chars(at, at + kShort, value).ptr - at));
}

void JsonLine::number(std::uint64_t value) {
  put_comma();
  char* at = room();
  took(static_cast<std::size_t>(std::to_chars(at, at + kShort, value).ptr - at));
}

void JsonLine::instant(Instant value) {
  const auto text = base::rfc3339_text(value);
  plain({text.data(), text.size()});
}

void JsonLine::put_exact(std::string_view name, std::string_view value) {
  if (simple_length(value) == value.size()) return plain(value);
  text(value);
  if (base::is_valid_utf8(value)) return;
  key(std::string(name) + "_hex").plain(base::to_hex(as_bytes(value)));
}

}  // namespace meshcert::report
