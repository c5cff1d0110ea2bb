#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace meshcert::testing {

/// schema_faults checks a document against a JSON Schema and lists what is wrong,
/// each with its place. It knows the words that docs/report.schema.json uses, and
/// reports any other as a fault: nothing passes because a word was ignored.
[[nodiscard]] std::vector<std::string> schema_faults(const nlohmann::json& schema,
                                                     const nlohmann::json& document);

}  // namespace meshcert::testing
