#pragma once

#include <span>
#include <string_view>

#include "meshcert/options.hpp"

namespace meshcert::cli {

/// Verb is one row of the table of verbs. One file each: add_... registers its
/// options, run_... does its work and returns the exit status.
struct Verb {
  std::string_view name;
  std::string_view arguments;  ///< of the usage line: "[INPUT...]"
  std::string_view summary;    ///< what it answers, one line
  std::string_view example;    ///< to paste
  void (*add_options)(OptionSet&, Options&);
  int (*run)(Options&, Env&);
};

/// all_verbs is the table, in the order of the general help.
[[nodiscard]] std::span<const Verb> all_verbs();
[[nodiscard]] const Verb* find_verb(std::string_view name);

void add_inspect(OptionSet& set, Options& options);
void add_chain(OptionSet& set, Options& options);
void add_identity(OptionSet& set, Options& options);
void add_expiry(OptionSet& set, Options& options);
void add_usage(OptionSet& set, Options& options);
void add_root(OptionSet& set, Options& options);
void add_webhook(OptionSet& set, Options& options);
void add_gateway(OptionSet& set, Options& options);
void add_jwt(OptionSet& set, Options& options);
void add_xfcc(OptionSet& set, Options& options);
void add_probe(OptionSet& set, Options& options);
void add_logs(OptionSet& set, Options& options);
void add_bundle(OptionSet& set, Options& options);
void add_sweep(OptionSet& set, Options& options);
void add_explain(OptionSet& set, Options& options);
void add_findings(OptionSet& set, Options& options);

int run_inspect(Options& options, Env& env);
int run_chain(Options& options, Env& env);
int run_identity(Options& options, Env& env);
int run_expiry(Options& options, Env& env);
int run_usage(Options& options, Env& env);
int run_root(Options& options, Env& env);
int run_webhook(Options& options, Env& env);
int run_gateway(Options& options, Env& env);
int run_jwt(Options& options, Env& env);
int run_xfcc(Options& options, Env& env);
int run_probe(Options& options, Env& env);
int run_logs(Options& options, Env& env);
int run_bundle(Options& options, Env& env);
int run_sweep(Options& options, Env& env);
int run_explain(Options& options, Env& env);
int run_findings(Options& options, Env& env);

}  // namespace meshcert::cli
