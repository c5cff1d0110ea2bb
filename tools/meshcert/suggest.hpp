#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace meshcert::cli {

/// nearest finds the known word that a misspelt one most likely meant; "" when
/// none is near (more than a third of it would have to change).
[[nodiscard]] std::string_view nearest(std::string_view word, std::span<const std::string_view> known);

/// Whether a list of words is everything there is, or already the nearest.
enum class Listing : std::uint8_t { complete, nearest };

/// no_such_word says that a word is no `what`, and what may have been meant:
/// "'jsn' is no output format; did you mean 'json'?".
[[nodiscard]] std::string no_such_word(std::string_view word, std::string_view what,
                                       std::span<const std::string_view> known,
                                       Listing listing = Listing::complete);

}  // namespace meshcert::cli
