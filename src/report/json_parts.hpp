#pragma once

#include "meshcert/finding.hpp"
#include "meshcert/result.hpp"
#include "report/json_text.hpp"

namespace meshcert::report {

/// Parts of the JSON report that other documents share (docs/report.schema.json).
[[nodiscard]] Json source_json(const SourceRef& where);
[[nodiscard]] Json finding_json(const Finding& finding);
[[nodiscard]] Json error_json(const Error& error);

}  // namespace meshcert::report
