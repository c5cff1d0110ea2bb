#pragma once

#include <string_view>

#include "input/files.hpp"
#include "input/pem_text.hpp"

namespace meshcert::input {

/// append_pem_contents is append_pem for what a person keeps in a file: a private
/// key beside certificates is a defect.
Contents append_pem_contents(std::string_view text, const PemOrigin& origin, const Limits& limits,
                             Artifact& artifact);

}  // namespace meshcert::input
