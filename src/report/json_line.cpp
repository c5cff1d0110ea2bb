#include "report/json_line.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

#include "base/escape.hpp"
#include "base/hex.hpp"
#include "base/utf8.hpp"
#include "meshcert/bytes.hpp"

namespace meshcert::report {
namespace {

constexpr bool is_simple(char c) {
  return c >= 0x20 && c < 0x7f && c != '"' && c != '\\';
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
    const auto simple = static_cast<std::size_t>(std::ranges::find_if_not(text, is_simple) - text.begin());
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

JsonLine& JsonLine::key(std::string_view name) {
  put_comma();
  ((out_ += '"') += name) += "\":";
  after_key_ = true;
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
