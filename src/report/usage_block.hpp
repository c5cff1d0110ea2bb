#pragma once

#include <string>

#include "meshcert/report.hpp"

namespace meshcert::report {

/// usage_block is the table of the verb `usage`: of each certificate its key, whether it is a
/// CA, and what keyUsage and extendedKeyUsage say; "" without certificates.
[[nodiscard]] std::string usage_block(const Report& report, const RenderOptions& options);

}  // namespace meshcert::report
