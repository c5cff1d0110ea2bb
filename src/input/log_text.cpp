#include "input/log_text.hpp"

#include <algorithm>

namespace meshcert::input {

std::size_t find_words(std::string_view text, std::string_view words) {
  const auto found = std::search(text.begin(), text.end(), words.begin(), words.end(), same_octet);
  if (found == text.end() && !words.empty()) return std::string_view::npos;
  return static_cast<std::size_t>(found - text.begin());
}

}  // namespace meshcert::input
