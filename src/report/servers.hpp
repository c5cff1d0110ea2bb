#pragma once

#include <string>

#include "meshcert/report.hpp"
#include "report/json_text.hpp"

namespace meshcert::report {

/// servers_block lists the servers of gateways: a line for each where there is room, else
/// two. "" where the verb asks for none.
[[nodiscard]] std::string servers_block(const Report& report, const RenderOptions& options);

/// servers_json is the list `servers` of the report.
[[nodiscard]] Json servers_json(const Report& report);

}  // namespace meshcert::report
