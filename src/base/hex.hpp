#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "meshcert/bytes.hpp"
#include "meshcert/result.hpp"

namespace meshcert::base {

/// to_hex renders octets as lower-case hex digits without separators.
[[nodiscard]] std::string to_hex(ByteView octets);

/// parse_hex reads pairs of hex digits of either case, without separators.
[[nodiscard]] Result<std::vector<std::uint8_t>, Reason> parse_hex(std::string_view text);

}  // namespace meshcert::base
