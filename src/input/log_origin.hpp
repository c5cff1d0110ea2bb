#pragma once

#include <string>
#include <string_view>

namespace meshcert::input {

/// log_origin is the pod that a line of a log of several names before its text, as kubectl's
/// --prefix, stern and stores of logs do; "" where it names none. What a client wrote is none: it
/// stands behind the time.
[[nodiscard]] std::string log_origin(std::string_view line);

/// behind_pod is the line behind stern's "POD CONTAINER "; the line itself where it has none.
[[nodiscard]] std::string_view behind_pod(std::string_view line);

}  // namespace meshcert::input
