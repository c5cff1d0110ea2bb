#pragma once

#include <string>
#include <utility>
#include <vector>

#include "meshcert/probe.hpp"
#include "report/json_text.hpp"

namespace meshcert::report {

/// probe_fields is what was learnt of a server, a label and a value each, exact.
[[nodiscard]] std::vector<std::pair<std::string_view, std::string>> probe_fields(const Probe& probe);

/// probe_json is the payload `probe` of an artifact.
[[nodiscard]] Json probe_json(const Probe& probe);

}  // namespace meshcert::report
