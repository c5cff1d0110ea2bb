#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace meshcert::input {

/// string_length is where the quote stands that ends a JSON string whose inside begins the
/// text; nullopt where none does, or a control character stands before it.
[[nodiscard]] std::optional<std::size_t> string_length(std::string_view text);

/// unescape gives what the inside of a JSON string stands for (RFC 8259 7), in UTF-8 where
/// the text is; nullopt where an escape is none, or half of a surrogate pair.
[[nodiscard]] std::optional<std::string> unescape(std::string_view text);

}  // namespace meshcert::input
