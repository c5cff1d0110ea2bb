#include "meshcert/suggest.hpp"

#include <algorithm>
#include <cstddef>

#include "base/words.hpp"

namespace meshcert::cli {

std::string_view nearest(std::string_view word, std::span<const std::string_view> known) {
  constexpr std::size_t kLongest = 64;
  if (word.size() > kLongest) return {};
  std::string_view best;
  std::size_t least = std::max<std::size_t>(1, word.size() / 3) + 1;
  for (const std::string_view candidate : known) {
    // A beginning is how people abbreviate: --crit, insp.
    const std::size_t cost =
        word.size() > 2 && candidate.starts_with(word) ? 1 : base::edit_distance(word, candidate);
    if (cost >= least) continue;
    least = cost;
    best = candidate;
  }
  return best;
}

std::string no_such_word(std::string_view word, std::string_view what,
                         std::span<const std::string_view> known, Listing listing) {
  const std::string start = "'" + std::string(word) + "' is no " + std::string(what);
  if (listing == Listing::nearest)
    return known.empty() ? start + "; 'meshcert findings' lists them"
                         : start + "; did you mean " + base::join(known) + "?";
  const std::string_view meant = nearest(word, known);
  return meant.empty() ? start + "; known are " + base::join(known)
                       : start + "; did you mean '" + std::string(meant) + "'?";
}

}  // namespace meshcert::cli
