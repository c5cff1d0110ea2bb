#pragma once

#include "meshcert/crew.hpp"
#include "meshcert/env.hpp"
#include "meshcert/options.hpp"
#include "meshcert/progress.hpp"

namespace meshcert::cli {

/// merge_inputs reads what `sweep -o ndjson` printed, of shards or of clusters, as if this
/// run had met their certificates itself. A file without a summary at its end was cut off,
/// and makes the run incomplete; what it holds still counts.
void merge_inputs(const Options& options, Env& env, const Judging& judging, Crew& crew, Progress& progress);

}  // namespace meshcert::cli
