#pragma once

#include <span>

#include "meshcert/log.hpp"

/// The rows of the table of known lines (log_table.cpp), by who writes them: data. Each stands in
/// a file of its own, in which what is special comes first.
namespace meshcert::input {

[[nodiscard]] std::span<const LogPattern> api_server_rows();
[[nodiscard]] std::span<const LogPattern> istiod_rows();
[[nodiscard]] std::span<const LogPattern> agent_rows();
[[nodiscard]] std::span<const LogPattern> envoy_rows();
[[nodiscard]] std::span<const LogPattern> ztunnel_rows();

}  // namespace meshcert::input
