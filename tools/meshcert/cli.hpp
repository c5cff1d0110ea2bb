#pragma once

#include <span>
#include <string>

#include "meshcert/env.hpp"

namespace meshcert::cli {

/// run is the whole program but for the real world: it does what the arguments
/// say (without the program's name) and returns the exit status.
[[nodiscard]] int run(std::span<const std::string> args, Env& env);

}  // namespace meshcert::cli
