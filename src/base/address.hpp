#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

namespace meshcert::base {

/// parse_address reads an IPv4 or IPv6 address: 4 or 16 octets, else none.
[[nodiscard]] std::vector<std::uint8_t> parse_address(std::string_view text);

}  // namespace meshcert::base
