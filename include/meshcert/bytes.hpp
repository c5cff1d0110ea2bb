#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace meshcert {

/// ByteView borrows octets. Never a C string: a NUL is an octet like any other.
using ByteView = std::span<const std::uint8_t>;

/// as_text looks at the octets as characters, without judging them.
[[nodiscard]] inline std::string_view as_text(ByteView bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

[[nodiscard]] inline ByteView as_bytes(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

}  // namespace meshcert
