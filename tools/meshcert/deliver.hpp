#pragma once

#include <string_view>

#include "meshcert/env.hpp"
#include "meshcert/options.hpp"
#include "meshcert/sweep.hpp"

namespace meshcert::cli {

/// render_options: where the text goes decides on its width and colour. A file
/// or a pipe is unlimited and plain, unless --color says otherwise.
[[nodiscard]] RenderOptions render_options(const Options& options, Env& env);

/// shows_errors: somebody looks at the report, and it says what could not be read.
/// Some formats are about certificates alone.
[[nodiscard]] bool shows_errors(const Options& options, Env& env);

/// deliver writes the report to stdout or --output-file. False when it could
/// not, having said so; a reader that went away is no failure.
[[nodiscard]] bool deliver(std::string_view text, const Options& options, Env& env);

/// tell_of_changes says on stderr what changed since the state of an earlier run, where the format has no
/// place for it: the next run no longer knows.
void tell_of_changes(const SweepReport& report, const Options& options, Env& env);

}  // namespace meshcert::cli
