#pragma once

#include "meshcert/row.hpp"

namespace meshcert::report {

[[nodiscard]] const RowWriter& ndjson_writer();
[[nodiscard]] const RowWriter& csv_writer();

}  // namespace meshcert::report
