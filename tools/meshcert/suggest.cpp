#include "meshcert/suggest.hpp"

#include <algorithm>
#include <cstddef>
#include <numeric>
#include <vector>

namespace meshcert::cli {
namespace {

// Levenshtein's distance, one row at a time. Words are what people type: short.
std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 0; i < a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i + 1;
    for (std::size_t j = 0; j < b.size(); ++j) {
      const std::size_t replaced = diagonal + (a[i] == b[j] ? 0 : 1);
      diagonal = row[j + 1];
      row[j + 1] = std::min({replaced, row[j] + 1, diagonal + 1});
    }
  }
  return row.back();
}

}  // namespace

std::string_view nearest(std::string_view word, std::span<const std::string_view> known) {
  constexpr std::size_t kLongest = 64;
  if (word.size() > kLongest) return {};
  std::string_view best;
  std::size_t least = std::max<std::size_t>(1, word.size() / 3) + 1;
  for (const std::string_view candidate : known) {
    // A beginning is how people abbreviate: --crit, insp.
    const std::size_t cost = word.size() > 2 && candidate.starts_with(word) ? 1 : distance(word, candidate);
    if (cost >= least) continue;
    least = cost;
    best = candidate;
  }
  return best;
}

std::string listed(std::span<const std::string_view> words) {
  std::string text;
  for (const std::string_view word : words) text.append(text.empty() ? "" : ", ").append(word);
  return text;
}

std::string no_such_word(std::string_view word, std::string_view what,
                         std::span<const std::string_view> known, Listing listing) {
  const std::string start = "'" + std::string(word) + "' is no " + std::string(what);
  if (listing == Listing::nearest)
    return known.empty() ? start + "; 'meshcert findings' lists them"
                         : start + "; did you mean " + listed(known) + "?";
  const std::string_view meant = nearest(word, known);
  return meant.empty() ? start + "; known are " + listed(known)
                       : start + "; did you mean '" + std::string(meant) + "'?";
}

}  // namespace meshcert::cli
