#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "meshcert/env.hpp"
#include "meshcert/input.hpp"
#include "meshcert/inspect.hpp"
#include "meshcert/option_set.hpp"
#include "meshcert/policy.hpp"
#include "meshcert/probe_options.hpp"
#include "meshcert/report.hpp"
#include "meshcert/sweep_options.hpp"

namespace meshcert::cli {

/// When is what --progress says.
enum class When : std::uint8_t { automatic, always, never };

enum class Color : std::uint8_t { automatic, always, never };

/// BundleForm is what `bundle --to` writes.
enum class BundleForm : std::uint8_t { none, pem, jwks };

/// Options is what the arguments of any verb say. A verb reads the members that
/// its add_options fills; the others keep their defaults.
struct Options {
  std::vector<std::string> inputs;  ///< what stands on the line besides options
  std::string output = "table";
  std::optional<std::string> output_file;
  std::optional<std::string> config_file;
  std::optional<std::string> password_file;                          ///< --password-file
  std::vector<std::string> expect_files;                             ///< --expect
  std::optional<std::string> against_file;                           ///< --against
  std::vector<std::string> trust_files, untrusted_files, crl_files;  ///< --trust, --untrusted, --crl
  std::shared_ptr<Verification> verification;                        ///< of a verb that verifies chains
  std::string jwks_file;                                             ///< --jwks
  std::vector<std::string> rule_files;                               ///< --rules
  std::optional<std::string> header;                                 ///< --header
  std::optional<Instant> at;                                         ///< --at with a time
  bool at_dump = false;                                              ///< --at dump
  bool profile_given = false;                                        ///< --profile, whichever
  FailOn fail_on = FailOn::error;
  std::vector<std::string> select, ignore;
  Color color = Color::automatic;
  When progress = When::automatic;
  SweepOptions sweep;
  bool quiet = false;
  bool verbose = false;
  bool help = false;
  BundleForm to = BundleForm::none;  ///< --to of `bundle`
  ReadOptions read;
  ProbeOptions probe;
  Policy policy;  ///< but for `at`, which needs the clock or the input
};

/// UsageError ends a run with status 2: nothing was judged.
struct UsageError {
  std::string message;
};

/// parse_when reads auto, always or never.
[[nodiscard]] Result<When, std::string> parse_when(const std::string& word);

/// The formats of a verb that keeps what it reads, in words.
inline constexpr const char* kFormats =
    "table (default), text, json, ndjson, csv, sarif, junit, markdown, nagios, openmetrics, html or pem";
/// The options that every judging verb has, and those of the listing verbs.
void add_common_options(OptionSet& set, Options& options, const char* formats = kFormats);
void add_listing_options(OptionSet& set, Options& options);

/// load_password reads the first line of --password-file into the options of reading.
void load_password(Options& options, Env& env);

}  // namespace meshcert::cli
