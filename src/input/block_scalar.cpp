#include "input/block_scalar.hpp"

#include <algorithm>

namespace meshcert::input {
namespace {

constexpr std::string_view kBlanks = " \t\r";

std::string_view trimmed_back(std::string_view text) {
  return text.substr(0, text.find_last_not_of(kBlanks) + 1);
}

bool is_comment(std::string_view text) {
  const std::size_t first = text.find_first_not_of(kBlanks);
  return first == std::string_view::npos || (first > 0 && text[first] == '#');
}

// "key: |", "- |" or "--- |", with or without indicators, a tag, an anchor and a comment (YAML 1.2.2 8.1).
bool opens_block_scalar(std::string_view line) {
  const std::size_t bar = line.rfind(" |");
  if (bar == std::string_view::npos) return false;
  const std::string_view behind = line.substr(bar + 2);
  if (!is_comment(behind.substr(std::min(behind.find_first_not_of("+-123456789"), behind.size()))))
    return false;
  line = trimmed_back(line.substr(0, bar));
  for (std::size_t word = line.rfind(' ') + 1; word < line.size() && (line[word] == '!' || line[word] == '&');
       word = line.rfind(' ') + 1)
    line = trimmed_back(line.substr(0, word));
  return line.ends_with(':') || line == "-" || line.ends_with(" -") || line == "---";
}

}  // namespace

bool is_in_block_scalar(std::string_view above, std::size_t indentation, bool otherwise) {
  while (!above.empty()) {
    above.remove_suffix(1);  // the line break
    const std::size_t begin = above.rfind('\n') + 1;
    const std::string_view line = above.substr(begin);
    above = above.substr(0, begin);
    const bool blank = line.find_first_not_of(kBlanks) == std::string_view::npos;
    if (!blank && line.find_first_not_of(' ') < indentation) return opens_block_scalar(line);
  }
  return otherwise;
}

}  // namespace meshcert::input
