// `meshcert explain`: what a finding means, why it matters, how to fix it: its
// section of docs/findings.md.

#include <fmt/format.h>

#include "meshcert/deliver.hpp"
#include "meshcert/option_set.hpp"
#include "meshcert/prose.hpp"
#include "meshcert/suggest.hpp"
#include "meshcert/verbs.hpp"
#include "report/catalogue.hpp"
#include "report/json_text.hpp"
#include "report/layout.hpp"

namespace meshcert::cli {
namespace {

constexpr std::size_t kReadableWidth = 100;

std::string explain_text(const FindingSpec& spec, const RenderOptions& rendering) {
  const std::string heading = report::painted(spec.code, report::Paint::bold, rendering.color);
  const std::string_view section = report::section_of(spec.code);
  const std::size_t width = rendering.width == 0 ? kReadableWidth : std::min(rendering.width, kReadableWidth);
  // Until a section is written, what the catalogue knows.
  if (section.empty()) return fmt::format("{}\n\n{}\n\nfix: {}\n", heading, spec.message, spec.fix);
  return heading + "\n\n" + render_prose(section, width, rendering.color);
}

report::Json explain_json(const FindingSpec& spec) {
  report::Json object;
  object["code"] = spec.code;
  object["family"] = spec.family();
  object["severity"] = {{"istio", to_string(spec.istio)}, {"spiffe", to_string(spec.spiffe)}};
  object["meaning"] = report::meaning_of(spec);
  report::put_text_or_null(object, "reference", spec.reference);
  report::put_text(object, "text", report::section_of(spec.code));
  return object;
}

std::vector<const FindingSpec*> specs_of(const Options& options) {
  if (options.inputs.empty()) throw UsageError{"no CODE; 'meshcert findings' lists them"};
  std::vector<const FindingSpec*> specs;
  for (const std::string& word : options.inputs) {
    const auto matching = report::specs_matching(word);
    if (matching.empty())
      throw UsageError{no_such_word(word, "finding code or family", nearest_codes(word), Listing::nearest)};
    specs.insert(specs.end(), matching.begin(), matching.end());
  }
  return specs;
}

std::string render(const std::vector<const FindingSpec*>& specs, const Options& options, Env& env) {
  if (options.output == "json") {
    report::Json document;
    document["schema"] = "meshcert/explain/v1";
    report::Json& findings = document["findings"] = report::Json::array();
    for (const FindingSpec* spec : specs) findings.push_back(explain_json(*spec));
    return report::dumped(document);
  }
  std::string text;
  for (const FindingSpec* spec : specs)
    text += (text.empty() ? "" : "\n") + explain_text(*spec, render_options(options, env));
  return text;
}

}  // namespace

void add_explain(OptionSet& set, Options& options) {
  add_listing_options(set, options);
}

int run_explain(Options& options, Env& env) {
  const std::string text = render(specs_of(options), options, env);
  return static_cast<int>(deliver(text, options, env) ? ExitStatus::pass : ExitStatus::incomplete);
}

}  // namespace meshcert::cli
