#pragma once

#include <optional>
#include <string>

#include "der/reader.hpp"

namespace meshcert::der {

/// is_string_type: one of the string types whose values are text.
[[nodiscard]] bool is_string_type(Tag tag);

/// fits_alphabet answers whether a value keeps to the alphabet of its string
/// type; true for types that are no strings.
///
/// Deviations: PrintableString may hold "*" (X.680 41.4 forbids it, CAs write
/// "*.example.com" so, and BoringSSL takes it); TeletexString may hold anything.
[[nodiscard]] bool fits_alphabet(Tag type, ByteView value);

/// to_utf8 converts the value of a string type; nullopt when the octets are no
/// text of that type. TeletexString is read as Latin-1, as everybody does.
[[nodiscard]] std::optional<std::string> to_utf8(Tag type, ByteView value);

}  // namespace meshcert::der
