#include "meshcert/deliver.hpp"

#include <algorithm>
#include <span>
#include <string>

#include "meshcert/messages.hpp"
#include "report/sweep_text.hpp"

namespace meshcert::cli {
namespace {

bool wants_color(const Options& options, Env& env) {
  if (options.color != Color::automatic) return options.color == Color::always;
  if (options.output_file || !env.stdout_is_terminal()) return false;
  // https://no-color.org: set and not empty.
  const bool refused = !env.variable("NO_COLOR").value_or("").empty();
  return !refused && env.variable("TERM").value_or("") != "dumb";
}

}  // namespace

RenderOptions render_options(const Options& options, Env& env) {
  RenderOptions rendering;
  rendering.width = options.output_file ? 0 : env.width();
  rendering.color = wants_color(options, env);
  rendering.verbose = options.verbose;
  rendering.quiet = options.quiet;
  return rendering;
}

bool shows_errors(const Options& options, Env& env) {
  const auto silent = {"csv", "openmetrics", "pem"};
  if (std::ranges::find(silent, options.output) != silent.end()) return false;
  return !options.output_file && env.stdout_is_terminal();
}

bool deliver(std::string_view text, const Options& options, Env& env) {
  if (!options.output_file) return deliver_stdout(env, text);
  const auto written = env.replace_file(*options.output_file, text);
  if (written || written.error().closed) return true;
  write_error(env, "cannot write " + *options.output_file + ": " + written.error().message);
  return false;
}

void tell_of_changes(const SweepReport& report, const Options& options, Env& env) {
  constexpr std::size_t kMost = 100;
  const SweepFormat* format = find_sweep_format(options.output);
  const bool has_place = format != nullptr && format->changes;
  if (has_place || !report.changes || !report.changes->since) return;
  write_note(env, report::changes_line(*report.changes));
  for (const Change& change :
       std::span(report.changes->list).first(std::min(kMost, report.changes->list.size())))
    write_note(env, std::string(to_string(change.kind)) + ' ' + to_rfc3339(change.not_after) + ' ' +
                        change.name + ' ' + change.place);
}

}  // namespace meshcert::cli
