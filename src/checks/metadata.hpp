#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "meshcert/artifact.hpp"

namespace meshcert::checks {

/// Disagreement is one thing that an input states of a certificate and that the
/// certificate says otherwise.
struct Disagreement {
  std::string_view field;
  std::string stated, found;
};

/// disagreements compares field by field what is stated. Serial numbers are
/// numbers, in hex or decimal; times count in whole seconds.
[[nodiscard]] std::vector<Disagreement> disagreements(const Listed& listed, const Certificate& certificate);

}  // namespace meshcert::checks
