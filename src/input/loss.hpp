#pragma once

#include <string>

#include "meshcert/artifact.hpp"

namespace meshcert::input {

/// loss makes a defect of a sentence that says why the rest of a text was not read: a limit
/// that an option raises ("..., the limit; raise it with --max-depth") is limit_reached, with
/// the option as its fix; one that nothing raises ("--max-depth goes no deeper") is too, and
/// anything else is malformed, with the fix given.
[[nodiscard]] Defect loss(SourceRef where, std::string why, std::string fix = {});

}  // namespace meshcert::input
