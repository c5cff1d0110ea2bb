#pragma once

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "meshcert/result.hpp"
#include "meshcert/suggest.hpp"

namespace meshcert::cli {

/// Word is one spelling that an option takes, and what it means.
template <class T>
struct Word {
  std::string_view spelling;
  T value;
};

/// parse_word makes a parser of a table of words, for `store`.
template <class T, std::size_t N>
auto parse_word(const std::array<Word<T>, N>& words) {
  return [&words](const std::string& text) -> Result<T, std::string> {
    std::vector<std::string_view> known;
    for (const auto& word : words) {
      if (word.spelling == text) return word.value;
      known.push_back(word.spelling);
    }
    return fail("not one of " + listed(known));
  };
}

}  // namespace meshcert::cli
