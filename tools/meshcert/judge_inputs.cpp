#include "meshcert/judge_inputs.hpp"

#include <algorithm>
#include <set>
#include <string_view>
#include <utility>

#include "meshcert/deliver.hpp"
#include "meshcert/expectations.hpp"
#include "meshcert/gather.hpp"
#include "meshcert/glob.hpp"
#include "meshcert/messages.hpp"
#include "meshcert/report.hpp"
#include "meshcert/spare_inputs.hpp"

namespace meshcert::cli {
namespace {

bool covers(const std::vector<std::string>& words, const FindingSpec& spec) {
  return std::ranges::any_of(
      words, [&](const std::string& word) { return word == spec.code || word == spec.family(); });
}

/// scope_words: what the verb asks, and what could not be looked at, which no
/// question makes less important.
std::vector<std::string> scope_words(const Scope& scope) {
  if (scope.only.empty()) return {};
  std::vector<std::string> words(scope.only.begin(), scope.only.end());
  words.insert(words.end(), {"input", "secret-state"});
  return words;
}

/// tell_of_older_dumps: one report has one instant, and a dump may be older than that.
void tell_of_older_dumps(const Inventory& inventory, Instant at, Env& env) {
  const auto newest = newest_updates(inventory);
  const auto older = std::ranges::count_if(newest, [at](const auto& entry) { return entry.second < at; });
  if (older == 0) return;
  write_note(env, "--at dump: judged at " + to_rfc3339(at) + ", the newest update of " +
                      std::to_string(newest.size()) + " dumps; " + std::to_string(older) +
                      (older == 1 ? " is" : " are") +
                      " older, and what expired since then is told as expired: judge each by itself");
}

std::optional<Instant> newest_update(const Inventory& inventory) {
  std::optional<Instant> newest;
  for (const Artifact& artifact : inventory.artifacts)
    if (artifact.last_updated)
      newest = std::max(newest.value_or(*artifact.last_updated), *artifact.last_updated);
  return newest;
}

bool is_whole(const Inventory& inventory) {
  const auto lost = [](const Defect& defect) { return defect.lost; };
  return inventory.errors.empty() && std::ranges::none_of(inventory.defects, lost);
}

// A dump that could not be read does not tell its time: then that is what the
// report says, and the present has to do.
Instant instant_of(const Options& options, const Inventory& inventory, Env& env) {
  if (!options.at_dump) return options.at ? *options.at : env.now();
  if (const auto newest = newest_update(inventory)) {
    tell_of_older_dumps(inventory, *newest, env);
    return *newest;
  }
  if (is_whole(inventory)) throw UsageError{"--at dump: nothing in the input has a last_updated"};
  return env.now();
}

/// tell_of_errors says on stderr what could not be read, where nobody sees it in
/// the report.
void tell_of_errors(const Report& report, const Options& options, Env& env) {
  if (shows_errors(options, env)) return;
  for (const Error& error : report.inventory.errors)
    write_error(env, to_string(error.where) + ": " + error.message);
}

/// tell_of_hidden explains a status 3 whose reason the user has deselected.
void tell_of_hidden(const Report& report, const Selection& selection, Env& env) {
  if (report.unread <= report.inventory.errors.size()) return;
  const auto is_reason = [](const Finding& finding) {
    return finding.spec->family() == "input" || finding.spec->family() == "key";
  };
  if (selection.wants_loss("input.malformed") &&
      (selection.wants_loss("key.encrypted") || std::ranges::any_of(report.findings, is_reason)))
    return;
  write_note(
      env,
      "octets of the input could not be used; --select or --ignore hides the findings (input.*, key.*) "
      "that say which");
}

/// tell_of_unheld: a dump without roots says nothing about the end of its chains.
void tell_of_unheld(const Scope& scope, const Report& report, const Options& options, Env& env) {
  const auto& artifacts = report.inventory.artifacts;
  if (scope.verb != "inspect" || options.policy.names_roots() ||
      std::ranges::any_of(artifacts, &holds_mesh_roots))
    return;
  const auto unheld = std::ranges::find_if(artifacts, [](const Artifact& artifact) {
    return artifact.kind == ArtifactKind::workload_chain && artifact.state != SecretState::none &&
           !artifact.certificates.empty();
  });
  if (unheld != artifacts.end())
    write_note(env, to_string(unheld->source) +
                        ": its chain was held against nothing, for no input holds roots (ROOTCA); "
                        "--trust FILE names those that the peers trust");
}

/// tell_of_the_rest: rows of certificates have no place for what is wrong with something else,
/// a token or a log.
void tell_of_the_rest(const Report& report, const Options& options, Env& env) {
  if (options.output != "csv" && options.output != "ndjson") return;
  std::set<std::pair<std::string_view, std::string_view>> shown;
  for (const Artifact& artifact : report.inventory.artifacts)
    if (!artifact.certificates.empty()) shown.emplace(artifact.source.file, artifact.source.pointer);
  const auto others = std::ranges::count_if(report.findings, [&](const Finding& finding) {
    const bool said = options.output == "ndjson" && finding.severity == Severity::error;  // as an error line
    return !said && !finding.where.certificate &&
           !shown.contains({finding.where.file, finding.where.pointer});
  });
  if (others != 0)
    write_note(
        env,
        std::to_string(others) + (others == 1 ? " finding is" : " findings are") +
            " about no certificate, and not part of rows of certificates; the other output formats show " +
            (others == 1 ? "it" : "them"));
}

/// tell_of_repairs says on stderr what `-o pem` cannot: what was mended or left out,
/// each, and that there is more to know.
void tell_of_repairs(const Report& report, const Options& options, Env& env) {
  if (options.output != "pem") return;
  std::size_t others = 0;
  for (const Finding& finding : report.findings) {
    if (finding.spec->family() != "input") {
      ++others;
      continue;
    }
    write_note(env,
               std::string(finding.spec->code) + " " + to_string(finding.where) + ": " + message_of(finding));
  }
  if (others != 0)
    write_note(env, std::to_string(others) + (others == 1 ? " finding is" : " findings are") +
                        " not part of PEM; the other output formats show them");
}

}  // namespace

Selection select_codes(const Scope& scope, const Options& options) {
  Selection selection{scope_words(scope), options.ignore, options.read.limits.findings};
  selection.losses = options.select.empty();
  if (selection.losses) return selection;
  const std::vector<std::string> asked = std::exchange(selection.only, {});
  for (const FindingSpec* spec : finding_specs())
    if (covers(options.select, *spec) && (asked.empty() || covers(asked, *spec)))
      selection.only.emplace_back(spec->code);
  if (selection.only.empty())
    throw UsageError{"--select " + options.select.front() + ": the verb " + std::string(scope.verb) +
                     " does not look at this; use inspect"};
  return selection;
}

int judge_inputs(const Scope& scope, Options& options, Env& env, AddMore* add_more) {
  return judge_gathered(scope, options, env, [&] {
    if (!options.inputs.empty() || !options.header) options.inputs = inputs_to_read(options.inputs, env);
    spare_inputs(options, env);
    Inventory inventory = gather(options, env);
    if (add_more != nullptr) add_more(options, env, inventory);
    return inventory;
  });
}

int judge_gathered(const Scope& scope, Options& options, Env& env,
                   const std::function<Inventory()>& gather_all) {
  const Selection selection = select_codes(scope, options);
  load_expectations(options, env);
  Inventory inventory = gather_all();
  options.policy.at = instant_of(options, inventory, env);
  // Verifying a signature starts OpenSSL: only where it is shown, or a rule asks.
  const auto format = std::ranges::find(render_formats(), options.output, &RenderFormat::name);
  if (format->shows_signatures || options.policy.asks_for_roots()) decide_self_signed(inventory);
  note_unmatched(options, inventory, env);
  const Report report =
      make_report(std::string(scope.verb), std::move(inventory), options.policy, selection, options.fail_on);
  const std::string text = format->render(report, render_options(options, env));
  tell_of_errors(report, options, env);
  tell_of_hidden(report, selection, env);
  tell_of_unheld(scope, report, options, env);
  tell_of_repairs(report, options, env);
  tell_of_the_rest(report, options, env);
  // Whoever waits for the report did not get it: that is incomplete, whatever it says.
  if (!deliver(text, options, env)) return static_cast<int>(ExitStatus::incomplete);
  return format->status(report);
}

}  // namespace meshcert::cli
