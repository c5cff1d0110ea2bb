#pragma once

#include <functional>
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

/// select_codes narrows a verb's scope by --select: what both want.
[[nodiscard]] Selection select_codes(const Scope& scope, const Options& options);

/// AddMore adds to the inputs what an option names.
using AddMore = void(const Options& options, Env& env, Inventory& inventory);

/// judge_inputs is the common way of the judging verbs: gather the inputs, with what
/// `add_more` adds, judge them, render, deliver. Returns the exit status.
int judge_inputs(const Scope& scope, Options& options, Env& env, AddMore* add_more = nullptr);

/// judge_gathered is the same with inputs of another kind: `gather_all` gets them,
/// once it is known that the options fit together.
int judge_gathered(const Scope& scope, Options& options, Env& env,
                   const std::function<Inventory()>& gather_all);

}  // namespace meshcert::cli
