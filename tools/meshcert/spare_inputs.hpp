#pragma once

#include "meshcert/env.hpp"
#include "meshcert/options.hpp"

namespace meshcert::cli {

/// spare_inputs refuses (UsageError) to write the report, or a state, over what they are about, or over each
/// other. What lies in a directory that is walked may be the last report, which is no input: it is looked
/// into.
void spare_inputs(const Options& options, Env& env);

}  // namespace meshcert::cli
