#include "meshcert/merge.hpp"

#include <memory>
#include <string>
#include <utility>

#include "input/line_window.hpp"
#include "meshcert/row_reader.hpp"
#include "report/catalogue.hpp"

namespace meshcert::cli {
namespace {

constexpr std::size_t kWindow = 256 * 1024;

std::size_t behind_newline(std::string_view text) {
  return text.rfind('\n') + 1;
}

/// A line tells codes alone: the words are those of the catalogue.
Finding finding_of(const FindingSpec& spec, const CertificateRow& row, const Policy& policy) {
  return {&spec,
          spec.severity(policy.profile),
          row.source,
          row.place_name(),
          {{"_message", report::meaning_of(spec)},
           {"_fix", "`meshcert explain " + std::string(spec.code) +
                        "` tells; the run that was merged has the details"}}};
}

/// LineMerger puts the lines of a window into a batch.
class LineMerger {
 public:
  LineMerger(const Judging& judging, Batch& batch) : judging_(judging), batch_(batch) {}

  void line(const std::string& file, std::uint32_t number, std::string_view text) {
    const auto json = nlohmann::json::parse(text, nullptr, false);
    if (json.is_object() && (summary(json) || error(json) || row(json))) return;
    if (bad_++ == 0)
      batch_.error(judging_, file,
                   "line " + std::to_string(number) + " is none of `meshcert sweep -o ndjson`");
  }

 private:
  bool error(const nlohmann::json& json) {
    Error error = read_error(json);
    if (error.message.empty()) return false;
    batch_.retold.push_back(std::move(error));
    return true;
  }

  // Of a shard, what all of them tell is left to the end.
  bool summary(const nlohmann::json& json) {
    RowSummary one;
    if (!read_summary(json, one)) return false;
    RowSummary& sum = batch_.summary;
    const bool whole = one.shard.of == 1;
    if (!whole) batch_.shards.push_back({one.shard, one.inputs, one.skipped});
    sum.inputs += whole ? one.inputs : 0;
    sum.skipped += whole ? one.skipped : 0;
    sum.artifacts += one.artifacts;
    sum.unread += one.unread - one.shard.unread;
    for (const Severity severity : {Severity::info, Severity::warning, Severity::error}) {
      const auto index = static_cast<std::size_t>(severity);
      sum.findings[index] += one.findings[index] - one.shard.findings[index];
      batch_.failed = batch_.failed || (one.findings[index] != 0 &&
                                        fails(Finding{nullptr, severity, {}, {}, {}}, judging_.fail_on));
    }
    return true;
  }

  bool row(const nlohmann::json& json) {
    if (!read_row(json, judging_.policy, row_)) return false;
    if (!judging_.wants(row_.kind, row_.resource, row_.source.file)) {
      ++batch_.filtered;
      return true;
    }
    std::erase_if(row_.findings, [&](std::string_view code) { return !judging_.selection.wants(code); });
    std::vector<Finding> findings;
    for (const std::string_view code : row_.findings)
      findings.push_back(finding_of(*find_spec(code), row_, judging_.policy));
    batch_.keep(judging_, row_);
    batch_.name(judging_, row_.source.file, row_.place_name(), findings);
    for (Finding& finding : findings) batch_.keep(std::move(finding));
    return true;
  }

  const Judging& judging_;
  Batch& batch_;
  CertificateRow row_;
  std::uint64_t bad_ = 0;
};

std::shared_ptr<Batch> merge_window(const std::string& file, std::string_view text, std::uint32_t number,
                                    const Judging& judging) {
  auto batch = std::make_shared<Batch>(judging);
  batch->bytes = text.size();
  LineMerger merger(judging, *batch);
  for (; !text.empty(); ++number) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    if (end != 0) merger.line(file, number, text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return batch;
}

/// ends_with_summary looks at the last line of the last window.
bool ends_with_summary(std::string_view text) {
  while (text.ends_with('\n')) text.remove_suffix(1);
  return text.substr(text.rfind('\n') + 1).starts_with("{\"summary\":");
}

void add_error(const std::string& file, const std::string& why, const Judging& judging, Crew& crew) {
  crew.add([file, why, &judging] {
    auto batch = std::make_shared<Batch>(judging);
    batch->error(judging, file, why);
    return batch;
  });
}

void merge_one(const std::string& file, ByteSource& source, const Options& options, Env& env,
               const Judging& judging, Crew& crew) {
  input::LineWindow window(source, kWindow, options.read.limits.value_bytes, behind_newline);
  bool whole = false;
  while (!env.interrupted()) {
    auto text = std::make_shared<const std::string>(window.next());
    if (text->empty()) break;
    whole = ends_with_summary(*text);
    crew.add([file, text, number = window.line(), &judging] {
      return merge_window(file, *text, number, judging);
    });
  }
  if (window.failure()) return add_error(file, *window.failure(), judging, crew);
  if (!whole && !env.interrupted())
    add_error(file,
              "it was cut off: no summary stands at its end; the certificates in it are counted all the same",
              judging, crew);
}

}  // namespace

void merge_inputs(const Options& options, Env& env, const Judging& judging, Crew& crew, Progress& progress) {
  for (const std::string& input : options.inputs) {
    if (env.interrupted()) return;
    if (input == "-") {
      const auto source = env.open_stdin();
      merge_one(input, *source, options, env, judging, crew);
      continue;
    }
    if (const auto facts = env.look_at(input)) progress.expect(facts->size);
    const auto source = env.open_file(input);
    if (source)
      merge_one(input, **source, options, env, judging, crew);
    else
      add_error(input, source.error(), judging, crew);
  }
}

}  // namespace meshcert::cli
