#pragma once

#include <string_view>

#include "meshcert/bytes.hpp"

namespace meshcert::input {

/// What octets look like, from their content. None of these validates.
[[nodiscard]] bool looks_like_json(std::string_view text);
[[nodiscard]] bool looks_like_pem(std::string_view text);
[[nodiscard]] bool looks_like_der(ByteView octets);

}  // namespace meshcert::input
