#pragma once

#include <string>
#include <vector>

#include "input/node.hpp"
#include "meshcert/env.hpp"
#include "meshcert/inventory.hpp"
#include "meshcert/options.hpp"

namespace meshcert::cli {

/// read_expectations makes expectations of a document: our own form (`workloads`
/// and `roots`), or the pods that `kubectl get pods -A -o json` prints. Fails, with
/// the line and the key, on whatever it does not know: a misspelt key would make a
/// check vanish.
[[nodiscard]] Result<Expectations> read_expectations(const std::string& file, const input::Node& document);

/// load_expectations reads the files of --expect, if there are any, into the policy, once.
/// Throws UsageError.
void load_expectations(Options& options, Env& env);

/// note_unmatched says on stderr which entries of --expect met nothing.
void note_unmatched(const Options& options, const Inventory& inventory, Env& env);

/// add_expect_option adds --expect to a verb that compares identities.
void add_expect_option(OptionSet& set, Options& options);

}  // namespace meshcert::cli
