#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "meshcert/result.hpp"

namespace meshcert::base {

/// percent_decode decodes %XX (RFC 3986 2.1) and leaves everything else alone, '+' too.
/// Fails with the offset of a '%' that two hex digits do not follow.
[[nodiscard]] Result<std::string, std::size_t> percent_decode(std::string_view text);

}  // namespace meshcert::base
