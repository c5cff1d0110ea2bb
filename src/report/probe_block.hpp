#pragma once

#include <string>
#include <utility>
#include <vector>

#include "meshcert/probe.hpp"
#include "meshcert/report.hpp"
#include "report/json_text.hpp"

namespace meshcert::report {

/// probes_block shows what was agreed on with servers and what they ask for, or what became
/// of a plain request. "" where there are none, or nothing was learnt.
[[nodiscard]] std::string probes_block(const Report& report, const RenderOptions& options);

/// probe_fields is what was learnt of a server, a label and a value each, exact.
[[nodiscard]] std::vector<std::pair<std::string_view, std::string>> probe_fields(const Probe& probe);

/// probe_json is the payload `probe` of an artifact.
[[nodiscard]] Json probe_json(const Probe& probe);

}  // namespace meshcert::report
