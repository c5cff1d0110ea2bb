#pragma once

#include <string_view>

namespace meshcert::base {

/// matches_glob: '*' is any characters, '?' is one; nothing else is special. Linear in
/// the text for each star.
[[nodiscard]] bool matches_glob(std::string_view glob, std::string_view text);

}  // namespace meshcert::base
