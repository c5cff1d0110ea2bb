#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "meshcert/input.hpp"

namespace meshcert::input {

/// Preceded is what would be read, were it not for other text before it.
struct Preceded {
  Format format;
  std::uint32_t line;     ///< where it begins, counted from 1
  bool of_spire = false;  ///< `spire-server bundle list`: a heading before the bundle of each trust domain
};

/// find_preceded looks for a dump below a few lines of other text, as logs on the
/// same stream, warnings and prompts are, and for a certificate whose BEGIN line is
/// nearly right. For text of no known format.
[[nodiscard]] std::optional<Preceded> find_preceded(std::string_view text);

/// describe and advise say so of a file, and what to type.
[[nodiscard]] std::string describe(const Preceded& preceded);
[[nodiscard]] std::string advise(const Preceded& preceded);

}  // namespace meshcert::input
