#pragma once

#include <span>
#include <string>

#include "meshcert/options.hpp"
#include "meshcert/verbs.hpp"

namespace meshcert::cli {

/// parse reads a verb's arguments, and the --config file that they may name.
/// Throws UsageError.
[[nodiscard]] Options parse(const Verb& verb, std::span<const std::string> args, Env& env);

/// config_arguments turns a TOML file into arguments to put before those of the
/// command line: options by their long names, at the top for every verb, in a
/// [verb] section for one. Throws UsageError.
[[nodiscard]] std::vector<std::string> config_arguments(const Verb& verb, const std::string& path, Env& env);

}  // namespace meshcert::cli
