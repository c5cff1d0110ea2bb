#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "meshcert/bytes.hpp"
#include "meshcert/result.hpp"

namespace meshcert::base {

/// Base64Error says why text is not standard base64 (RFC 4648 4), and where.
struct Base64Error {
  enum class Reason : std::uint8_t {
    not_in_alphabet,        ///< a character that no alphabet of base64 has
    url_alphabet,           ///< "-" or "_": base64url (RFC 4648 5)
    misplaced_padding,      ///< "=" where none may stand
    missing_padding,        ///< whole, but for the "=" at its end
    incomplete,             ///< one character of a group of four: octets were cut off
    nonzero_trailing_bits,  ///< the last character has bits that no octet uses: not canonical
    data_after_padding,     ///< anything but white space after the "="
  };
  std::size_t offset;  ///< of the character, or of the end of the text
  Reason reason;
};

/// describe names a reason in words: "padding (\"=\") is missing".
[[nodiscard]] std::string_view describe(Base64Error::Reason reason);

/// decode_base64 decodes standard, padded, canonical base64. ASCII white space
/// between characters is allowed anywhere. Empty text is no octets.
[[nodiscard]] Result<std::vector<std::uint8_t>, Base64Error> decode_base64(std::string_view text);

/// append_base64 decodes like decode_base64 and appends to `out` in one pass.
/// Returns the error, if any; `out` is then as it was.
[[nodiscard]] std::optional<Base64Error> append_base64(std::string_view text, std::vector<std::uint8_t>& out);

/// decode_base64url decodes base64url without padding (RFC 7515 2), canonical and
/// without white space: the form of JOSE.
[[nodiscard]] Result<std::vector<std::uint8_t>, Base64Error> decode_base64url(std::string_view text);

/// encode_base64 renders standard, padded base64 on one line; encode_base64url the
/// form of JOSE.
[[nodiscard]] std::string encode_base64(ByteView octets);
[[nodiscard]] std::string encode_base64url(ByteView octets);

}  // namespace meshcert::base
