// `meshcert sweep`: the expiry state of everything under here, at scale.

#include <algorithm>
#include <memory>
#include <set>
#include <span>

#include "base/escape.hpp"
#include "base/words.hpp"
#include "meshcert/crew.hpp"
#include "meshcert/deliver.hpp"
#include "meshcert/feeder.hpp"
#include "meshcert/glob.hpp"
#include "meshcert/judge_inputs.hpp"
#include "meshcert/kubectl_words.hpp"
#include "meshcert/merge.hpp"
#include "meshcert/messages.hpp"
#include "meshcert/option_groups.hpp"
#include "meshcert/option_set.hpp"
#include "meshcert/spare_inputs.hpp"
#include "meshcert/state.hpp"
#include "meshcert/sweep_total.hpp"
#include "meshcert/verbs.hpp"

namespace meshcert::cli {
namespace {

constexpr const char* kInputs = "Inputs";
constexpr const char* kSweep = "Sweep";

std::string take_number(std::size_t& target, const std::string& text, std::size_t most) {
  const auto number = base::whole_number(text);
  if (!number || *number > most) return "'" + text + "': not a whole number up to " + std::to_string(most);
  target = static_cast<std::size_t>(*number);
  return {};
}

auto append(std::vector<std::string>& list) {
  return [&list](const std::string& word) {
    list.push_back(word);
    return std::string();
  };
}

std::vector<std::string_view> known_kinds() {
  std::vector<std::string_view> names;
  for (std::uint8_t kind = 0; !to_string(ArtifactKind{kind}).empty(); ++kind)
    names.push_back(to_string(ArtifactKind{kind}));
  return names;
}

auto append_kind(std::vector<std::string>& list) {
  return [&list](const std::string& word) {
    list.push_back(word);
    const auto known = known_kinds();
    return std::ranges::find(known, word) != known.end()
               ? ""
               : "'" + word + "': not a kind of what is swept: " + base::join(known);
  };
}

// "I/N"; "auto/N" takes I from the Indexed Job that the run is a part of.
std::string take_shard(std::string& target, const std::string& text) {
  const std::size_t slash = text.find('/');
  if (slash == std::string::npos) return "'" + text + "': write I/N, from 0/N to N-1/N, or auto/N";
  target = text;
  return {};
}

void set_shard(SweepOptions& sweep, Env& env) {
  if (sweep.shard_text.empty()) return;
  const std::size_t slash = sweep.shard_text.find('/');
  std::string index = sweep.shard_text.substr(0, slash);
  if (index == "auto") {
    index = env.variable("JOB_COMPLETION_INDEX").value_or("");
    if (index.empty())
      throw UsageError{"--shard " + sweep.shard_text +
                       ": JOB_COMPLETION_INDEX is not set; this is no Indexed Job"};
  }
  constexpr std::size_t kMost = 100'000;
  const std::string count = take_number(sweep.shards, sweep.shard_text.substr(slash + 1), kMost);
  const std::string which = take_number(sweep.shard, index, kMost);
  if (!count.empty() || !which.empty() || sweep.shards == 0 || sweep.shard >= sweep.shards)
    throw UsageError{"--shard " + sweep.shard_text + ": I/N with 0 <= I < N is wanted"};
}

void add_input_options(OptionSet& set, Options& options) {
  SweepOptions& sweep = options.sweep;
  set.add_values({"--files-from", "FILE", "also the files that FILE names, one a line ('-': stdin)", kInputs},
                 append(sweep.files_from));
  set.add_flag({"-0,--null", "", "names of --files-from end in NUL (find -print0)", kInputs}, sweep.nul);
  set.add_values({"--kubectl", "WORDS", "also what kubectl prints: \"get secrets,configmaps -A\"", kInputs},
                 append(sweep.kubectl));
  set.add_value({"--cluster", "NAME",
                 "what --kubectl and stdin give is of this cluster, in a merge of several", kInputs},
                [&sweep](const std::string& name) {
                  sweep.cluster = name;
                  return name.empty() ? std::string("it is empty") : std::string();
                });
  set.add_values(
      {"--exclude", "GLOB", "pass over files and directories of this name or path, in archives too", kInputs},
      append(options.read.exclude));
  set.add_values({"--kind", "KIND", "only these kinds: tls-secret, workload-chain ...", kInputs},
                 append_kind(sweep.kinds));
  set.add_values({"--namespace", "NS", "only objects of these Kubernetes namespaces", kInputs},
                 append(sweep.namespaces));
  set.add_flag({"--merge", "", "INPUT is what sweep -o ndjson printed, of shards or clusters", kInputs},
               sweep.merge);
  set.add_value({"--shard", "I/N", "only the I-th of N parts; auto/N in an Indexed Job", kInputs},
                [&sweep](const std::string& text) { return take_shard(sweep.shard_text, text); });
}

void add_sweep_options(OptionSet& set, Options& options) {
  SweepOptions& sweep = options.sweep;
  constexpr std::size_t kMostListed = 10'000;
  set.add_value({"--top", "N", "how many of those that end soonest (default 10)", kSweep},
                [&sweep](const std::string& text) { return take_number(sweep.top, text, kMostListed); });
  set.add_value({"--state", "FILE", "remember this run in FILE, and say what changed since the last", kSweep},
                [&sweep](const std::string& path) {
                  sweep.state_file = path;
                  return std::string();
                });
}

bool has_other_inputs(const SweepOptions& sweep) {
  return !sweep.files_from.empty() || !sweep.kubectl.empty();
}

void check_merge(const Options& options, Env& env) {
  if (has_other_inputs(options.sweep))
    throw UsageError{"--merge reads INPUT alone; without it, --files-from and --kubectl read certificates"};
  // What a profile changes goes by more than a line tells: words and what a rule is about, too.
  if (options.profile_given)
    throw UsageError{
        "--merge takes findings as they were judged: give --profile to the sweeps that it merges"};
  std::set<std::string> known;
  for (const std::string& input : options.inputs)
    if (const auto facts = env.look_at(input); input != "-" && facts && !known.insert(facts->identity).second)
      throw UsageError{"--merge " + input + ": it is given twice, and would count twice"};
}

void check_options(Options& options, Env& env) {
  if (find_row_writer(options.output) == nullptr && find_sweep_format(options.output) == nullptr)
    throw UsageError{"-o " + options.output + ": a sweep keeps no certificates; use inspect"};
  if (options.at_dump) throw UsageError{"--at dump: a sweep does not hold its inputs; give a time"};
  set_shard(options.sweep, env);
  for (const std::string& words : options.sweep.kubectl) static_cast<void>(kubectl_words(words));
  if (!options.inputs.empty() || !has_other_inputs(options.sweep))
    options.inputs = inputs_to_read(options.inputs, env, options.read.exclude);
  if (options.sweep.merge) check_merge(options, env);
  if (!options.sweep.cluster.empty() && options.sweep.kubectl.empty() &&
      std::ranges::find(options.inputs, "-") == options.inputs.end())
    throw UsageError{"--cluster " + options.sweep.cluster +
                     ": files have places of their own; it is for what --kubectl and stdin give"};
}

/// open_lists opens what --files-from names, before anything is read. Throws UsageError.
std::vector<std::unique_ptr<ByteSource>> open_lists(const SweepOptions& sweep, Env& env) {
  std::vector<std::unique_ptr<ByteSource>> lists;
  for (const std::string& name : sweep.files_from) {
    auto list = name == "-" ? Result<std::unique_ptr<ByteSource>, std::string>(env.open_stdin())
                            : env.open_file(name);
    if (!list) throw UsageError{"--files-from " + name + ": " + list.error()};
    lists.push_back(std::move(*list));
  }
  return lists;
}

void feed(const Options& options, std::span<const std::unique_ptr<ByteSource>> lists, Env& env,
          const Judging& judging, Crew& crew, Progress& progress) {
  Feeder feeder(options, env, judging, crew, progress);
  for (const std::string& input : options.inputs) {
    if (env.interrupted()) break;
    if (input == "-")
      feeder.stdin_stream();
    else
      feeder.named(input);
  }
  for (std::size_t i = 0; i < lists.size(); ++i)
    if (!env.interrupted()) feeder.names_from(options.sweep.files_from[i], *lists[i]);
  for (const std::string& words : options.sweep.kubectl)
    if (!env.interrupted()) feeder.kubectl(words);
  feeder.finish();
}

void tell_of_errors(const SweepReport& report, const Options& options, Env& env) {
  if (report.interrupted) write_error(env, "interrupted: what was done until then is reported");
  if (shows_errors(options, env)) return;
  for (const Error& error : report.report.inventory.errors)
    write_error(env, to_string(error.where) + ": " + error.message);
}

bool remember(const Memory& memory, const Options& options, Instant at, Env& env) {
  if (!options.sweep.state_file) return true;
  const auto saved = memory.save(*options.sweep.state_file, at, env);
  if (!saved) write_error(env, "cannot write " + *options.sweep.state_file + ": " + saved.error().message);
  return saved.has_value();
}

/// first_of the inputs, whatever kind it is of.
std::string first_of(const Options& options) {
  if (!options.inputs.empty()) return options.inputs.front();
  if (!options.sweep.files_from.empty()) return "--files-from " + options.sweep.files_from.front();
  return options.sweep.kubectl.empty() ? "-" : "kubectl " + options.sweep.kubectl.front();
}

/// asked_of says what of the inputs is asked for; "" is everything.
std::string asked_of(const SweepOptions& sweep) {
  std::vector<std::string> words;
  for (const std::string& name : sweep.namespaces) words.push_back("--namespace " + name);
  for (const std::string& kind : sweep.kinds) words.push_back("--kind " + kind);
  std::ranges::sort(words);
  const auto repeats = std::ranges::unique(words);
  words.erase(repeats.begin(), repeats.end());
  if (sweep.shards > 1)
    words.push_back("--shard " + std::to_string(sweep.shard) + '/' + std::to_string(sweep.shards));
  return base::to_valid_utf8(base::join(words));
}

void prepare(Judging& judging, Options& options, Env& env) {
  options.policy.at = options.at ? *options.at : env.now();
  options.read.in_windows = true;
  options.read.limits.private_keys = 0;
  judging.policy = options.policy;
  judging.selection = select_codes({"sweep", {}}, options);
  judging.selection.most = SIZE_MAX;  // of one artifact
  judging.fail_on = options.fail_on;
  judging.options = &options.sweep;
  judging.writer = find_row_writer(options.output);
  const SweepFormat* format = find_sweep_format(options.output);
  judging.certificates =
      format != nullptr && format->certificates != 0 ? format->certificates : options.sweep.top;
  constexpr std::size_t kListedPlaces = 1000;
  const bool all_places = options.verbose && format != nullptr && format->certificates == 0;
  judging.places = all_places ? kListedPlaces : format == nullptr ? 1 : format->places;
  judging.names_resources = format != nullptr && format->resources;
  judging.tells_unplaced = judging.writer != nullptr && judging.writer->leaves_findings_out();
  judging.verbose = options.verbose;
  judging.remembers = options.sweep.state_file.has_value();
}

}  // namespace

void add_sweep(OptionSet& set, Options& options) {
  add_sweep_options(set, options);
  add_input_options(set, options);
  add_threshold_options(set, options);
  add_common_options(
      set, options,
      "table (default), json, ndjson, csv, sarif, junit, markdown, nagios, openmetrics or html");
}

int run_sweep(Options& options, Env& env) {
  check_options(options, env);
  spare_inputs(options, env);
  const auto lists = open_lists(options.sweep, env);
  Judging judging;
  prepare(judging, options, env);
  Memory memory(asked_of(options.sweep));
  if (judging.remembers) memory.load(*options.sweep.state_file, env);
  env.watch_interrupts();
  Progress progress(env, options.progress);
  SweepTotal total(options, env, judging, progress, judging.remembers ? &memory : nullptr);
  {
    Crew crew(options.sweep.threads == 0 ? env.processors() : options.sweep.threads,
              [&total](Batch&& batch) { total.take(std::move(batch)); });
    if (options.sweep.merge)
      merge_inputs(options, env, judging, crew, progress);
    else
      feed(options, lists, env, judging, crew, progress);
    crew.finish();
  }
  progress.finish();
  total.settle_files();
  if (total.is_empty()) total.error(first_of(options), "nothing to inspect: no file of a known format");
  if (total.is_all_left_out() && options.sweep.shards <= 1)
    total.error(first_of(options),
                "nothing to inspect: none of what was read is of the --kind and --namespace asked for");
  if (!options.sweep.merge) total.tell_of_nothing();
  const SweepReport report = total.report(env.interrupted());
  tell_of_errors(report, options, env);
  tell_of_changes(report, options, env);
  const bool delivered = total.deliver(report);
  // What changed, and nobody was told, the next run tells.
  if (!delivered || !remember(memory, options, options.policy.at, env))
    return static_cast<int>(ExitStatus::incomplete);
  const SweepFormat* format = find_sweep_format(options.output);
  return format == nullptr ? status_number(report) : format->status(report);
}

}  // namespace meshcert::cli
