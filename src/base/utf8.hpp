#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace meshcert::base {

/// CodePoint is what the first octets of a text are in UTF-8.
struct CodePoint {
  char32_t value;      ///< meaningless unless valid
  std::size_t length;  ///< octets taken, at least 1; of ill-formed text its maximal subpart
  bool valid;
};

/// decode_utf8 reads one code point (RFC 3629: no surrogates, no overlong
/// forms, nothing above U+10FFFF). The text must not be empty.
[[nodiscard]] CodePoint decode_utf8(std::string_view text);

/// cut is the beginning of a text, of at most so many octets, which ends with a whole character.
[[nodiscard]] std::string_view cut(std::string_view text, std::size_t most);

/// append_utf8 writes a code point, which must be one (see CodePoint::valid).
void append_utf8(std::string& out, char32_t code_point);

/// kByteOrderMark opens what some editors write; it is no part of the text.
inline constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

/// without_mark is the text behind its byte order mark, if it has one.
[[nodiscard]] constexpr std::string_view without_mark(std::string_view text) {
  if (text.starts_with(kByteOrderMark)) text.remove_prefix(kByteOrderMark.size());
  return text;
}

}  // namespace meshcert::base
