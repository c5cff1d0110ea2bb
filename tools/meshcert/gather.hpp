#pragma once

#include "meshcert/env.hpp"
#include "meshcert/inventory.hpp"
#include "meshcert/options.hpp"

namespace meshcert::cli {

/// gather reads the INPUT arguments into an inventory. What cannot be had
/// becomes an Error in it; everything else is still read. With --verbose it
/// says on stderr what a directory walk passed over.
[[nodiscard]] Inventory gather(const Options& options, Env& env);

}  // namespace meshcert::cli
