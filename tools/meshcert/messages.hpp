#pragma once

#include <string_view>

#include "meshcert/env.hpp"

namespace meshcert::cli {

/// The lines of stderr: `meshcert: error: ...` and `meshcert: note: ...`. What comes
/// from an input is escaped here.
void write_error(Env& env, std::string_view text);
void write_note(Env& env, std::string_view text);

/// deliver_stdout writes a text that is the whole answer of a run; false when
/// it could not be written for another reason than a closed pipe (then it has
/// said so).
[[nodiscard]] bool deliver_stdout(Env& env, std::string_view text);

}  // namespace meshcert::cli
