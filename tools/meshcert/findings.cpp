// `meshcert findings`: every code, its severity in both profiles, and what it
// means in one line.

#include <fmt/format.h>

#include <algorithm>

#include "meshcert/deliver.hpp"
#include "meshcert/option_set.hpp"
#include "meshcert/verbs.hpp"
#include "report/catalogue.hpp"
#include "report/json_text.hpp"
#include "report/layout.hpp"

namespace meshcert::cli {
namespace {

using report::Paint;

Paint paint_of(Severity severity) {
  if (severity == Severity::error) return Paint::red;
  return severity == Severity::warning ? Paint::yellow : Paint::cyan;
}

std::string severity_cell(Severity severity, bool color) {
  constexpr std::size_t kWidth = 9;
  const std::string_view word = to_string(severity);
  return report::painted(word, paint_of(severity), color) + std::string(kWidth - word.size(), ' ');
}

std::string render_lines(const RenderOptions& rendering) {
  std::size_t widest = 0;
  for (const FindingSpec* spec : finding_specs()) widest = std::max(widest, spec->code.size());
  const std::string heading = fmt::format("{:<{}}  ISTIO    SPIFFE   MEANING", "CODE", widest);
  std::string text = report::painted(heading, Paint::dim, rendering.color) + "\n";
  for (const FindingSpec* spec : finding_specs()) {
    // Set without colour first: columns are counted, paint has none.
    const std::string columns = fmt::format("{:<{}}  {:<9}{:<9}", spec->code, widest, to_string(spec->istio),
                                            to_string(spec->spiffe));
    std::string lines = report::hanging(columns, report::meaning_of(*spec), rendering.width);
    lines.replace(0, columns.size(),
                  report::painted(spec->code, Paint::bold, rendering.color) +
                      std::string(widest + 2 - spec->code.size(), ' ') +
                      severity_cell(spec->istio, rendering.color) +
                      severity_cell(spec->spiffe, rendering.color));
    text += lines;
  }
  return text;
}

std::string render_document() {
  report::Json document;
  document["schema"] = "meshcert/findings/v1";
  report::Json& findings = document["findings"] = report::Json::array();
  for (const FindingSpec* spec : finding_specs()) {
    report::Json object;
    object["code"] = spec->code;
    object["family"] = spec->family();
    object["severity"] = {{"istio", to_string(spec->istio)}, {"spiffe", to_string(spec->spiffe)}};
    object["meaning"] = report::meaning_of(*spec);
    report::put_text_or_null(object, "reference", spec->reference);
    findings.push_back(std::move(object));
  }
  return report::dumped(document);
}

}  // namespace

void add_findings(OptionSet& set, Options& options) {
  add_listing_options(set, options);
}

int run_findings(Options& options, Env& env) {
  if (!options.inputs.empty())
    throw UsageError{"findings takes no arguments; did you mean: meshcert explain " + options.inputs.front()};
  const std::string text =
      options.output == "json" ? render_document() : render_lines(render_options(options, env));
  return static_cast<int>(deliver(text, options, env) ? ExitStatus::pass : ExitStatus::incomplete);
}

}  // namespace meshcert::cli
