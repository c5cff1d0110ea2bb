#include "meshcert/merge.hpp"

#include <algorithm>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "input/line_window.hpp"
#include "meshcert/alone.hpp"
#include "meshcert/row_artifact.hpp"
#include "meshcert/row_reader.hpp"
#include "report/catalogue.hpp"

namespace meshcert::cli {
namespace {

constexpr std::size_t kWindow = 256 * 1024;

std::string_view digits_behind(std::string_view line, std::string_view key) {
  const std::size_t at = line.find(key);
  if (at == std::string_view::npos) return {};
  line.remove_prefix(at + key.size());
  return line.substr(0, line.find_first_not_of("0123456789"));
}

// A quote within a text is escaped, so that what looks like a key is one.
bool begins_artifact(std::string_view line) {
  const std::string_view index = digits_behind(line, "{\"index\":"),
                         first = digits_behind(line, ",\"first\":");
  return index == (first.empty() ? "0" : first) || index.empty();
}

/// before_last_artifact cuts where none is cut in two: certificates of one are judged together.
std::size_t before_last_artifact(std::string_view text) {
  for (std::size_t end = text.rfind('\n'); end != 0 && end != std::string_view::npos;) {
    const std::size_t before = text.rfind('\n', end - 1);
    if (before == std::string_view::npos) return 0;
    if (begins_artifact(text.substr(before + 1, end - before - 1))) return before + 1;
    end = before;
  }
  return 0;
}

/// continues: the next certificate of the same artifact.
bool continues(const CertificateRow& last, const CertificateRow& row) {
  return row.index == last.index + 1 && row.first == last.first && row.kind == last.kind &&
         row.name == last.name && row.resource == last.resource && row.source.file == last.source.file &&
         row.source.pointer == last.source.pointer;
}

/// A line tells codes alone: the words are those of the catalogue.
Finding finding_of(const FindingSpec& spec, Severity severity, const CertificateRow& row) {
  return {&spec,
          severity,
          row.source,
          row.place_name(),
          {{"_message", report::meaning_of(spec)},
           {"_fix", "`meshcert explain " + std::string(spec.code) +
                        "` tells; the run that was merged has the details"}}};
}

/// add_undated adds what was found in a row that does not go by dates.
void add_undated(const CertificateRow& row, const Judging& judging, std::vector<Finding>& findings) {
  for (const std::string_view code : row.findings) {
    if (is_dated(code) || !judging.selection.wants(code)) continue;
    const FindingSpec& spec = *find_spec(code);
    bool graded = false;
    for (const CertificateRow::Graded& one : row.graded) {
      if (one.code != code) continue;
      graded = true;
      findings.insert(findings.end(), one.count, finding_of(spec, one.severity, row));
    }
    if (!graded) findings.push_back(finding_of(spec, spec.severity(judging.policy.profile), row));
  }
}

// Whether a chain of a dump is the mesh's own a line does not say, and no date changes it.
void drop_lifetimes(std::span<const CertificateRow> rows, std::vector<Finding>& findings) {
  static constexpr std::string_view kLifetime = "validity.long-lived-workload";
  std::erase_if(findings, [rows](const Finding& finding) {
    if (finding.spec->code != kLifetime) return false;
    const auto& codes =
        rows[*finding.where.certificate - static_cast<std::uint32_t>(rows.front().index)].findings;
    return std::ranges::find(codes, kLifetime) == codes.end();
  });
}

/// LineMerger puts the lines of a window into a batch.
class LineMerger {
 public:
  LineMerger(const Judging& judging, Batch& batch) : judging_(judging), batch_(batch) {}

  void line(const std::string& file, std::uint32_t number, std::string_view text) {
    auto json = nlohmann::json::parse(text, nullptr, false);
    if (json.is_object()) {
      if (row(json)) {
        ++batch_.lines[file];
        return;
      }
      end_artifact();
      if (summary(file, json) || term(json) || finding(json) || error(json)) return;
    }
    if (bad_++ == 0)
      batch_.error(judging_, file,
                   "line " + std::to_string(number) + " is none of `meshcert sweep -o ndjson`");
  }

  /// end_artifact judges the rows of the last one by this run's time, and counts them.
  void end_artifact() {
    if (!rows_.empty()) take_rows();
    rows_.clear();
    lines_.clear();
  }

 private:
  void take_rows() {
    const CertificateRow& front = rows_.front();
    if (!judging_.wants(front.kind, front.resource, front.source.file)) {
      ++batch_.filtered;
      return;
    }
    if (judging_.narrows() && front.index == front.first) ++batch_.summary.artifacts;
    const Artifact artifact = artifact_of(rows_);
    std::vector<Finding> findings = findings_of(artifact);
    batch_.name(judging_, front.source.file, front.place_name(), findings);
    const FindingsByPlace by_place(findings);
    for (std::size_t i = 0; i < rows_.size(); ++i) {
      rows_[i].remaining = rows_[i].not_after - judging_.policy.at;
      rows_[i].status = validity_status(artifact.certificates[i], judging_.policy);
      fill_findings(rows_[i], artifact, i, by_place, judging_.policy);
      batch_.keep(judging_, rows_[i]);
    }
    batch_.take(judging_, std::move(findings));
  }

  [[nodiscard]] std::vector<Finding> findings_of(const Artifact& artifact) const {
    std::vector<Finding> findings = judge_dates(artifact, judging_.policy, judging_.selection);
    drop_lifetimes(rows_, findings);
    for (const CertificateRow& row : rows_) add_undated(row, judging_, findings);
    return findings;
  }

  // Of an error without a code nothing but its words is known.
  bool error(const nlohmann::json& json) {
    Error error = read_error(json);
    if (!error.message.empty()) batch_.retold.push_back({std::move(error), std::nullopt, std::nullopt});
    return json.contains("error") || json.contains("finding");
  }

  bool term(const nlohmann::json& json) {
    Artifact artifact;
    if (!read_term(json, artifact)) return false;
    if (!judging_.wants(artifact.kind, artifact.resource, artifact.source.file)) return true;
    if (judging_.writer != nullptr) judging_.writer->terms(artifact, batch_.text);
    for (Finding& found : judge_dates(artifact, judging_.policy, judging_.selection)) {
      Error words{found.where, message_of(found)};
      batch_.retold.push_back({std::move(words), std::move(found), artifact.kind});
    }
    return true;
  }

  // Of what is dated there is the term.
  bool finding(const nlohmann::json& json) {
    Batch::Retold told;
    if (!read_finding(json, told.finding, told.kind)) return false;
    const Finding& finding = *told.finding;
    const Selection& selection = judging_.selection;
    const bool wanted = finding.spec->family() == "input" ? selection.wants_loss(finding.spec->code)
                                                          : selection.wants(finding.spec->code);
    if (!wanted || is_dated(finding.spec->code) ||
        (told.kind && !judging_.wants(*told.kind, finding.resource, finding.where.file)))
      return true;
    told.error = {finding.where, message_of(finding)};
    batch_.retold.push_back(std::move(told));
    return true;
  }

  // Of a shard, what all of them tell is left to the end.
  bool summary(const std::string& file, const nlohmann::json& json) {
    RowSummary one;
    std::optional<Instant> at;
    if (!read_summary(json, one, at)) return false;
    RowSummary& sum = batch_.summary;
    const bool whole = one.shard.of == 1;
    batch_.files.push_back({file, at, one.shard, one.inputs, one.skipped, one.certificates});
    sum.inputs += whole ? one.inputs : 0;
    sum.skipped += whole ? one.skipped : 0;
    sum.artifacts += judging_.narrows() ? 0 : one.artifacts;
    sum.unread += one.unread - one.shard.unread;
    return true;
  }

  bool row(nlohmann::json& json) {
    CertificateRow row;
    if (!read_row(json, row)) return false;
    if (!rows_.empty() && !continues(rows_.back(), row)) end_artifact();
    lines_.push_back(std::move(json));  // its texts stay where they are
    rows_.push_back(std::move(row));
    return true;
  }

  const Judging& judging_;
  Batch& batch_;
  std::vector<nlohmann::json> lines_;  // of the artifact that was begun; its rows look into them
  std::vector<CertificateRow> rows_;
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
  merger.end_artifact();
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
  input::LineWindow window(source, kWindow, options.read.limits.value_bytes, before_last_artifact);
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
