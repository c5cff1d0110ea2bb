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
/// append_hex is to_hex at the end of a text.
void append_hex(std::string& text, ByteView octets);

/// parse_hex reads pairs of hex digits of either case, without separators.
[[nodiscard]] Result<std::vector<std::uint8_t>, Reason> parse_hex(std::string_view text);

/// decimal_to_hex turns a number of decimal digits into hex without leading
/// zeros. The cost grows with the square of its length: for serial numbers.
[[nodiscard]] std::string decimal_to_hex(std::string_view digits);

}  // namespace meshcert::base
