#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "meshcert/bytes.hpp"

namespace meshcert::base {

/// Utf16 is the order of the octets in a unit of UTF-16.
enum class Utf16 : std::uint8_t { little, big };

/// utf16_of tells UTF-16 from its byte order mark, or without one from two
/// printable characters of ASCII in it. No UTF-8 text and no DER begins like that.
[[nodiscard]] std::optional<Utf16> utf16_of(ByteView octets);

/// Utf8Text is UTF-16 in UTF-8, up to the first fault.
struct Utf8Text {
  std::string text;                     ///< without a byte order mark
  std::optional<std::size_t> bad = {};  ///< octet of a lone surrogate or a unit cut short
};

/// to_utf8 decodes UTF-16 (RFC 2781).
[[nodiscard]] Utf8Text to_utf8(ByteView octets, Utf16 order);

}  // namespace meshcert::base
