#pragma once

#include <string>

#include "meshcert/report.hpp"
#include "report/json_text.hpp"

namespace meshcert::report {

/// paths_block sets the paths of every chain for reading: the one that holds, or comes
/// nearest, then the others with why they fail. "" when none were asked for.
[[nodiscard]] std::string paths_block(const Report& report, const RenderOptions& options);

/// paths_json is the member `paths` of the artifact at this index; null when none
/// were asked for.
[[nodiscard]] Json paths_json(const Report& report, std::size_t artifact);

}  // namespace meshcert::report
