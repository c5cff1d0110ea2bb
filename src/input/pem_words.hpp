#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

#include "input/pem.hpp"
#include "meshcert/artifact.hpp"

namespace meshcert::input {

/// OddityRow is what is said of blocks that only some readers take.
struct OddityRow {
  PemOddity oddity;
  DefectKind kind;
  std::string_view what;
  std::string_view fix;  ///< for a file; "" leaves it to the finding
};
[[nodiscard]] std::span<const OddityRow> oddity_rows();

/// explain_fault says why the text is no block; "" where there is no fault.
[[nodiscard]] std::string explain_fault(const PemBlock& block);

/// explain_misspelt says which label was probably meant.
[[nodiscard]] std::string explain_misspelt(std::string_view label);

}  // namespace meshcert::input
