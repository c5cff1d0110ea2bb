#pragma once

#include <cstddef>
#include <string_view>

namespace meshcert::input {

/// What is looked for in a log is written with spaces; each also stands for an underscore, for
/// Envoy's access log has those instead (envoy source/common/formatter/stream_info_formatter.cc),
/// while its other lines, and older versions, have spaces.
[[nodiscard]] constexpr bool same_octet(char found, char wanted) {
  return found == wanted || (wanted == ' ' && found == '_');
}

/// begins_with: the text begins with these words. Inline: the scan asks it millions of times.
[[nodiscard]] inline bool begins_with(std::string_view text, std::string_view words) {
  if (text.size() < words.size()) return false;
  for (std::size_t i = 0; i < words.size(); ++i)
    if (!same_octet(text[i], words[i])) return false;
  return true;
}

/// find_words is where the words begin in the text; npos where it has them not.
[[nodiscard]] std::size_t find_words(std::string_view text, std::string_view words);

/// has_words: the text has them somewhere.
[[nodiscard]] inline bool has_words(std::string_view text, std::string_view words) {
  return find_words(text, words) != std::string_view::npos;
}

}  // namespace meshcert::input
