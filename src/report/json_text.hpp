#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>

namespace meshcert::report {

/// Keys stand in the order in which they are put.
using Json = nlohmann::ordered_json;

/// put_text sets a member to text of any origin. What is not UTF-8 is shown with
/// replacements, and a sibling `<key>_hex` carries the exact octets.
void put_text(Json& object, const std::string& key, std::string_view text);

/// put_text_or_null sets null for an empty text.
void put_text_or_null(Json& object, const std::string& key, std::string_view text);

/// or_null is null for what is not there.
template <class T>
Json or_null(const std::optional<T>& value) {
  return value ? Json(*value) : Json(nullptr);
}

/// dumped renders the document: ASCII only, two spaces of indentation, a newline
/// at the end.
[[nodiscard]] std::string dumped(const Json& document);

}  // namespace meshcert::report
