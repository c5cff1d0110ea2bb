#pragma once

#include <string>

#include "meshcert/verbs.hpp"

namespace meshcert::cli {

/// general_help teaches: what it is, examples to paste, the verbs, where more is.
[[nodiscard]] std::string general_help();

/// verb_help lists a verb's options by group.
[[nodiscard]] std::string verb_help(const Verb& verb);

}  // namespace meshcert::cli
