#pragma once

#include "path/settings.hpp"
#include "tests/conformance/suite.hpp"

namespace meshcert::conformance {

/// read_settings reads what a case of suite `chain` decides about verification.
[[nodiscard]] Result<path::Settings, std::string> read_settings(const Json& row);

}  // namespace meshcert::conformance
