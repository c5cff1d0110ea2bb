#pragma once

#include <string>

#include "meshcert/artifact.hpp"
#include "meshcert/report.hpp"
#include "report/json_text.hpp"

namespace meshcert::report {

/// tokens_block shows what tokens say of themselves: never their signature, nor the token.
/// "" where there are none.
[[nodiscard]] std::string tokens_block(const Report& report, const RenderOptions& options);

/// token_lines is one of them, as both the table and the text show it.
[[nodiscard]] std::string token_lines(const Jwt& jwt, const Report& report, const RenderOptions& options);

/// jwt_json is header and claims, and what became of the signature.
[[nodiscard]] Json jwt_json(const Jwt& jwt, const Report& report);

}  // namespace meshcert::report
