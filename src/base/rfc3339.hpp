#pragma once

#include <array>

#include "meshcert/time.hpp"

namespace meshcert::base {

/// rfc3339_text is to_rfc3339 without an allocation.
[[nodiscard]] std::array<char, 20> rfc3339_text(Instant instant);

}  // namespace meshcert::base
