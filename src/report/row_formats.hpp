#pragma once

#include "meshcert/row.hpp"

namespace meshcert::report {

[[nodiscard]] const RowWriter& ndjson_writer();
[[nodiscard]] const RowWriter& csv_writer();
[[nodiscard]] const RowWriter& openmetrics_writer();

/// summary_text is the summary as the last line of NDJSON and `sweep -o json` hold it.
[[nodiscard]] std::string summary_text(Instant at, const RowSummary& summary);

}  // namespace meshcert::report
