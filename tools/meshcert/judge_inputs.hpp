#pragma once

#include <string_view>
#include <vector>

#include "meshcert/env.hpp"
#include "meshcert/options.hpp"

namespace meshcert::cli {

/// Scope is what a verb looks at: codes and families; empty is everything.
struct Scope {
  std::string_view verb;
  std::vector<std::string_view> only;
};

/// judge_inputs is the common way of the judging verbs: gather the inputs,
/// judge them, render, deliver. Returns the exit status.
int judge_inputs(const Scope& scope, Options& options, Env& env);

}  // namespace meshcert::cli
