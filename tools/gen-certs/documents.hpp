#pragma once

#include <map>
#include <string>

#include "recipe.hpp"

namespace gencerts {

/// Files are everything under certs/ but the keys: path to contents.
using Files = std::map<std::string, std::string>;

/// make_files runs every recipe and writes the prose, both README.md and the
/// manifest around what they make.
[[nodiscard]] Files make_files(Workshop& workshop);

}  // namespace gencerts
