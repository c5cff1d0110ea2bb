#include "base/escape.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <string>
#include <utility>
#include <vector>

#include "base/unicode.hpp"
#include "base/utf8.hpp"

using namespace meshcert::base;

namespace {

std::string utf8(char32_t c) {
  const auto octet = [](char32_t bits) { return static_cast<char>(bits); };
  if (c < 0x80) return {octet(c)};
  if (c < 0x800) return {octet(0xC0 | c >> 6), octet(0x80 | (c & 63))};
  if (c < 0x10000) return {octet(0xE0 | c >> 12), octet(0x80 | (c >> 6 & 63)), octet(0x80 | (c & 63))};
  return {octet(0xF0 | c >> 18), octet(0x80 | (c >> 12 & 63)), octet(0x80 | (c >> 6 & 63)),
          octet(0x80 | (c & 63))};
}

}  // namespace

TEST_CASE("what is printable stays as it is") {
  for (const std::string text : {"", "spiffe://cluster.local/ns/default/sa/sleep", "C:\\dir",
                                 "O=Stra\xC3\x9F"
                                 "e \xE6\x97\xA5\xE6\x9C\xAC",
                                 "\xF0\x9F\x98\x80", "e\xCC\x81", "\xEF\xBF\xBD"})
    CHECK(escape_for_terminal(text) == text);
  for (char c = 0x20; c < 0x7f; ++c) CHECK(escape_for_terminal({&c, 1}) == std::string(1, c));
}

TEST_CASE("a text that reads like what is spelt out does not pass for it") {
  CHECK(escape_for_terminal("\x1b") == "\\x1b");
  CHECK(escape_for_terminal("\\x1b") == "\\\\x1b");
  CHECK(escape_for_terminal("\\\\x1b") == "\\\\\\\\x1b");
  CHECK(escape_for_terminal("\\\x1b") == "\\\\\\x1b");
  CHECK(escape_for_terminal("\\u{202e}") == "\\\\u{202e}");
  // What cannot be taken for it stays: RFC 4514 has backslashes of its own.
  for (const std::string text : {"CN=a\\,b", "\\x1", "\\xg0", "\\X1b", "\\u202e", "a\\", "\\\\"})
    CHECK(escape_for_terminal(text) == text);
}

TEST_CASE("every control octet is spelt out") {
  for (int i = 0; i < 256; ++i) {
    if (i >= 0x20 && i < 0x7f) continue;
    const char c = static_cast<char>(i);
    const std::string digits = "0123456789abcdef";
    CHECK(escape_for_terminal({&c, 1}) == std::string("\\x") + digits[static_cast<std::size_t>(i >> 4)] +
                                              digits[static_cast<std::size_t>(i & 15)]);
  }
}

TEST_CASE("what hides, reorders or is not what it seems is spelt out") {
  const std::vector<std::pair<std::string, std::string>> rows = {
      {"a\x1b[31mb", "a\\x1b[31mb"},
      {"a\r\nb\tc", "a\\x0d\\x0ab\\x09c"},
      {std::string("a\0b", 3), "a\\x00b"},
      {"\xC2\x85\xC2\x9B", "\\u{85}\\u{9b}"},
      {"evil\xE2\x80\xAEtxt", "evil\\u{202e}txt"},
      {"\xEF\xBB\xBFx", "\\u{feff}x"},
      {"a\xE2\x80\x8B"
       "b",
       "a\\u{200b}b"},
      {"\xF3\xA0\x81\x81", "\\u{e0041}"},
      {"\xC2\xA0", "\\u{a0}"},
      {"\xED\xA0\x80", "\\xed\\xa0\\x80"},           // a surrogate is not UTF-8
      {"\xC0\xAF", "\\xc0\\xaf"},                    // overlong
      {"\xF4\x90\x80\x80", "\\xf4\\x90\\x80\\x80"},  // above U+10FFFF
      {"\xE2\x82", "\\xe2\\x82"},                    // cut short
      {"\xE2\x82z", "\\xe2\\x82z"},
      {"\xFF\xFE\x41",
       "\\xff\\xfe"
       "A"},
  };
  for (const auto& [text, expected] : rows) {
    CHECK(escape_for_terminal(text) == expected);
    CHECK(is_valid_utf8(escape_for_terminal(text)));
  }
}

TEST_CASE("no code point of the classes that hide is printable; their neighbours are") {
  const std::vector<std::pair<char32_t, char32_t>> hidden = {
      {0x00, 0x1F},     {0x7F, 0xA0},     {0xAD, 0xAD},       {0x34F, 0x34F},     {0x61C, 0x61C},
      {0x115F, 0x1160}, {0x1680, 0x1680}, {0x17B4, 0x17B5},   {0x180B, 0x180F},   {0x2000, 0x200F},
      {0x2028, 0x202F}, {0x205F, 0x206F}, {0x2800, 0x2800},   {0x3000, 0x3000},   {0x3164, 0x3164},
      {0xD800, 0xF8FF}, {0xFDD0, 0xFDEF}, {0xFE00, 0xFE0F},   {0xFEFF, 0xFEFF},   {0xFFA0, 0xFFA0},
      {0xFFF0, 0xFFFB}, {0xFFFE, 0xFFFF}, {0x1D173, 0x1D17A}, {0x1FFFE, 0x1FFFF}, {0xE0000, 0x10FFFF}};
  for (const auto& [first, last] : hidden)
    for (char32_t c = first; c <= last; ++c)
      if (is_printable(c))
        FAIL_CHECK("U+" << fmt::format("{:04x}", static_cast<std::uint32_t>(c)) << " is printable");
  for (const char32_t c : std::initializer_list<char32_t>{
           0x20,   0x7E,   0xA1,   0xAC,   0xAE,   0x34E,  0x350,  0x61B,  0x115E, 0x2010, 0x2027,  0x2030,
           0x205E, 0x2070, 0x2801, 0x3001, 0x4E00, 0xD7A3, 0xFE10, 0xFEFC, 0xFFFC, 0xFFFD, 0x1F600, 0x20000})
    if (!is_printable(c))
      FAIL_CHECK("U+" << fmt::format("{:04x}", static_cast<std::uint32_t>(c)) << " is not printable");
}

TEST_CASE("every code point decodes to itself; surrogates and what is beyond do not") {
  for (char32_t c = 0; c < 0x120000; ++c) {
    const std::string text = utf8(c);
    const CodePoint decoded = decode_utf8(text);
    const bool scalar = c < 0x110000 && (c < 0xD800 || c > 0xDFFF);
    if (decoded.valid != scalar || (scalar && (decoded.value != c || decoded.length != text.size())))
      FAIL_CHECK("U+" << fmt::format("{:04x}", static_cast<std::uint32_t>(c)));
  }
}

TEST_CASE("ill-formed UTF-8 is found, and each maximal part replaced once") {
  const std::string r = "\xEF\xBF\xBD";
  const std::vector<std::pair<std::string, std::string>> rows = {
      {"abc", "abc"},
      {"\xC3\xA9", "\xC3\xA9"},
      {"\x80", r},
      {"\xC1\x81", r + r},
      {"\xE0\x9F\x80", r + r + r},
      {"\xED\xA0\x80", r + r + r},
      {"\xF0\x9F\x98", r},
      {"\xF0\x9F\x98"
       "a",
       r + "a"},
      {"\xF5\x80", r + r},
      {"\xE1\x80\xE2\xF0\x91\x92\xF1\xBF"
       "A",
       r + r + r + r + "A"},  // Unicode 3.9, table 3-11
  };
  for (const auto& [text, expected] : rows) {
    CHECK(to_valid_utf8(text) == expected);
    CHECK(is_valid_utf8(text) == (text == expected));
  }
}

TEST_CASE("columns are counted as terminals do") {
  const std::vector<std::pair<std::string, std::size_t>> rows = {{"", 0},
                                                                 {"abc", 3},
                                                                 {"\xC3\xA9", 1},
                                                                 {"e\xCC\x81", 1},
                                                                 {"\xE6\x97\xA5\xE6\x9C\xAC", 4},
                                                                 {"\xF0\x9F\x98\x80", 2},
                                                                 {"\xEF\xBC\xA1", 2},
                                                                 {"\xE1\x84\x80\xE1\x85\xA1", 2},
                                                                 {"\xCE\xB1\xD0\x96", 2}};
  for (const auto& [text, expected] : rows) CHECK(display_width(text) == expected);
}

TEST_CASE("text is shortened to whole characters and marked") {
  struct Row {
    std::string text;
    std::size_t columns;
    std::string end, middle;
  };
  const std::vector<Row> rows = {
      {"abcdefghij", 10, "abcdefghij", "abcdefghij"},
      {"abcdefghij", 8, "abcde...", "ab...hij"},
      {"abcdefghij", 3, "...", "..."},
      {"abcdefghij", 2, "..", ".."},
      {"abcdefghij", 0, "", ""},
      {"", 0, "", ""},
      {"\xE6\x97\xA5\xE6\x9C\xAC\xE6\x97\xA5\xE6\x9C\xAC", 6, "\xE6\x97\xA5...", "...\xE6\x9C\xAC"},
      {"e\xCC\x81"
       "abcdee\xCC\x81",
       6,
       "e\xCC\x81"
       "ab...",
       "e\xCC\x81...ee\xCC\x81"},
  };
  for (const auto& row : rows) {
    CAPTURE(row.text);
    CHECK(elide_end(row.text, row.columns) == row.end);
    CHECK(elide_middle(row.text, row.columns) == row.middle);
  }
}
