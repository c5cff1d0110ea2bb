#include "report/json_line.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <bit>
#include <charconv>

#include "base/escape.hpp"
#include "base/hex.hpp"
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

void append_unit(std::string& out, unsigned unit) {
  fmt::format_to(std::back_inserter(out), "\\u{:04x}", unit);
}

// Characters beyond the first plane are a pair of surrogates (RFC 8259 7).
void append_code_point(std::string& out, char32_t value) {
  if (value < 0x10000) return append_unit(out, static_cast<unsigned>(value));
  const auto rest = static_cast<unsigned>(value) - 0x10000U;
  append_unit(out, 0xD800U + (rest >> 10));
  append_unit(out, 0xDC00U + (rest & 0x3FFU));
}

// The two-character escapes that JSON has.
char short_escape(char c) {
  constexpr std::string_view kRaw = "\"\\\b\f\n\r\t";
  constexpr std::string_view kLetters = "\"\\bfnrt";
  const std::size_t at = kRaw.find(c);
  return at == std::string_view::npos ? '\0' : kLetters[at];
}

void append_escaped(std::string& out, std::string_view text) {
  while (!text.empty()) {
    const std::size_t simple = simple_length(text);
    out += text.substr(0, simple);
    text.remove_prefix(simple);
    if (text.empty()) return;
    const base::CodePoint next = base::decode_utf8(text);
    if (const char letter = short_escape(text.front()); letter != '\0')
      (out += '\\') += letter;
    else
      append_code_point(out, next.valid ? next.value : U'\uFFFD');
    text.remove_prefix(next.length);
  }
}

template <class T>
void append_number(std::string& out, T value) {
  std::array<char, 24> digits{};
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr;
  out.append(digits.data(), end);
}

}  // namespace

void JsonLine::put_comma() {
  if (!first_ && !after_key_) out_ += ',';
  first_ = after_key_ = false;
}

// In one piece where it fits: a row has some forty keys, and each append asks for room.
JsonLine& JsonLine::key(std::string_view name) {
  std::array<char, 64> piece;
  constexpr std::size_t kMarks = 4;
  put_comma();
  after_key_ = true;
  if (name.size() + kMarks > piece.size()) {
    ((out_ += '"') += name) += "\":";
    return *this;
  }
  piece[0] = '"';
  name.copy(piece.data() + 1, name.size());
  piece[name.size() + 1] = '"';
  piece[name.size() + 2] = ':';
  out_.append(piece.data(), name.size() + 3);
  return *this;
}

void JsonLine::text(std::string_view value) {
  put_comma();
  out_ += '"';
  append_escaped(out_, value);
  out_ += '"';
}

void JsonLine::plain(std::string_view value) {
  put_comma();
  ((out_ += '"') += value) += '"';
}

void JsonLine::number(std::int64_t value) {
  put_comma();
  append_number(out_, value);
}

void JsonLine::number(std::uint64_t value) {
  put_comma();
  append_number(out_, value);
}

void JsonLine::instant(Instant value) {
  plain(to_rfc3339(value));
}

void JsonLine::exact(std::string_view name, std::string_view value) {
  if (simple_length(value) == value.size()) return key(name).plain(value);
  key(name).text(value);
  if (base::is_valid_utf8(value)) return;
  key(std::string(name) + "_hex").plain(base::to_hex(as_bytes(value)));
}

void JsonLine::exact_or_null(std::string_view name, std::string_view value) {
  if (value.empty())
    key(name).null();
  else
    exact(name, value);
}

}  // namespace meshcert::report
