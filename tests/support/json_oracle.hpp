#pragma once

#include <string>
#include <string_view>

namespace meshcert::testing {

/// disagreement says how our reader of JSON and simdjson's differ about a text, which must not begin with a
/// byte order mark; "" where they take, refuse and understand it alike. Rules that only one of the two has
/// are left out: duplicate keys and limits are ours, bounds of numbers are simdjson's.
[[nodiscard]] std::string disagreement(std::string_view text);

}  // namespace meshcert::testing
