#pragma once

#include <string>

#include "meshcert/result.hpp"

namespace meshcert::cli {

/// parse_fingerprint reads a SHA-256 fingerprint, 64 hexadecimal digits of either
/// case, with or without colons; lower case and no colons come out.
[[nodiscard]] Result<std::string, std::string> parse_fingerprint(const std::string& text);

}  // namespace meshcert::cli
