#pragma once

#include <cstddef>
#include <string_view>

namespace meshcert::input {

/// is_in_block_scalar: a line of that indentation below `above` (whole lines) is text of a literal block
/// scalar, so that its indentation is no part of it (YAML 1.2.2 8.1.2): the nearest line with less opens one.
/// Where none has less, it is as it was above these: `otherwise`.
[[nodiscard]] bool is_in_block_scalar(std::string_view above, std::size_t indentation, bool otherwise);

}  // namespace meshcert::input
