#pragma once

#include <algorithm>
#include <array>
#include <string>
#include <string_view>

#include "base/words.hpp"
#include "meshcert/result.hpp"

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
    const auto word = std::ranges::find(words, text, &Word<T>::spelling);
    if (word == words.end()) return fail("not one of " + base::join(words, "", &Word<T>::spelling));
    return word->value;
  };
}

}  // namespace meshcert::cli
