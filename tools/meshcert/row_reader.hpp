#pragma once

#include <nlohmann/json.hpp>

#include "meshcert/row.hpp"

namespace meshcert::cli {

/// read_row fills a row from a line of `sweep -o ndjson`, whose members are those of
/// docs/sweep-line.schema.json. False where it is no such line. Its dates are judged anew, by
/// the policy; codes that this version does not know are left out. The row looks into the
/// line, which must outlive it.
[[nodiscard]] bool read_row(const nlohmann::json& line, const Policy& policy, CertificateRow& row);

/// read_error reads an error of such a line; its message is empty where there is none.
[[nodiscard]] Error read_error(const nlohmann::json& line);

/// read_summary reads the counts of a summary that rows do not tell. False where it is none.
[[nodiscard]] bool read_summary(const nlohmann::json& line, RowSummary& summary);

}  // namespace meshcert::cli
