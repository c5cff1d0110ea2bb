#pragma once

#include <string>
#include <vector>

#include "meshcert/env.hpp"

namespace meshcert::cli {

/// inputs_to_read is what a verb reads for the INPUTs that it was given: stdin where there is none. Each that
/// is a pattern, and no file of that name, is replaced by the files that match it, sorted: '*' and '?' within
/// a name,
/// "**" for directories of any depth. Names that begin with a dot are matched by such patterns only. What
/// matches nothing stays, to be reported as absent. What a pattern stands for is left out where `exclude`
/// speaks of its name or path; what is written out is not. Throws UsageError where stdin is a terminal, or is
/// to be read twice.
[[nodiscard]] std::vector<std::string> inputs_to_read(const std::vector<std::string>& inputs, Env& env,
                                                      const std::vector<std::string>& exclude = {});

}  // namespace meshcert::cli
