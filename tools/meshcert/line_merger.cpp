#include "meshcert/line_merger.hpp"

#include <algorithm>
#include <iterator>
#include <numeric>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "meshcert/alone.hpp"
#include "meshcert/row_artifact.hpp"
#include "meshcert/row_reader.hpp"
#include "report/catalogue.hpp"

namespace meshcert::cli {
namespace {

/// continues: the next certificate of the same artifact.
bool continues(const CertificateRow& last, const CertificateRow& row) {
  return row.index == last.index + 1 && row.first == last.first && row.kind == last.kind &&
         row.name == last.name && row.resource == last.resource && row.source.file == last.source.file &&
         row.source.pointer == last.source.pointer;
}

/// A line of an earlier version tells codes alone: the words are those of the catalogue.
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
void add_undated(const CertificateRow& row, const nlohmann::json& line, const Judging& judging,
                 std::vector<Finding>& findings) {
  std::vector<Finding> details = read_details(line, row);
  for (const std::string_view code : row.findings) {
    const auto has_code = [code](const Finding& finding) { return finding.spec->code == code; };
    if (is_dated(code) || !judging.selection.wants(code) || std::ranges::any_of(details, has_code)) continue;
    const FindingSpec& spec = *find_spec(code);
    bool graded = false;
    for (const CertificateRow::Graded& one : row.graded) {
      if (one.code != code) continue;
      graded = true;
      findings.insert(findings.end(), one.count, finding_of(spec, one.severity, row));
    }
    if (!graded) findings.push_back(finding_of(spec, spec.severity(judging.policy.profile), row));
  }
  for (Finding& finding : details)
    if (judging.selection.wants(finding.spec->code)) findings.push_back(std::move(finding));
}

// Whether a chain of a dump is the mesh's own a line does not say, but what follows from it. One of an
// earlier version does so where the certificate was valid.
void drop_lifetimes(std::span<const CertificateRow> rows, std::vector<Finding>& findings) {
  static constexpr std::string_view kLifetime = "validity.long-lived-workload";
  std::erase_if(findings, [rows](const Finding& finding) {
    if (finding.spec->code != kLifetime) return false;
    const CertificateRow& row =
        rows[*finding.where.certificate - static_cast<std::uint32_t>(rows.front().index)];
    return !row.long_lived && std::ranges::find(row.findings, kLifetime) == row.findings.end();
  });
}

/// LineMerger puts the lines of a window into a batch.
class LineMerger {
 public:
  LineMerger(const std::string& file, const Judging& judging, Batch& batch)
      : judging_(judging), file_(file), lines_of_file_(batch.lines[file]), batch_(&batch) {}

  void line(std::uint32_t number, std::string_view text) {
    auto json = nlohmann::json::parse(text, nullptr, false);
    const bool known = json.is_object() && has_known_form(json);
    if (known && row(json)) {
      ++lines_of_file_.all;
      ++lines_of_file_.certificates;
      return;
    }
    end_artifact();
    if (known && summary(json)) return;
    ++lines_of_file_.all;
    if (known && (artifact(json) || lost(json) || term(json) || finding(json) || error(json))) return;
    if (bad_++ == 0)
      here().error(judging_, file_,
                   "line " + std::to_string(number) + " is none of `meshcert sweep -o ndjson`");
  }

  /// end_artifact judges the rows of the last one by this run's time, and counts them.
  void end_artifact() {
    if (!rows_.empty()) take_rows();
    rows_.clear();
    lines_.clear();
  }

 private:
  /// here is the batch for what stands behind all that came.
  Batch& here() {
    if (!batch_->retold.empty()) batch_ = (batch_->then = std::make_unique<Batch>(judging_)).get();
    return *batch_;
  }

  /// wants counts an artifact, or a piece of one, unless it is left out.
  bool wants(const Artifact& artifact) {
    Batch& batch = here();
    const bool wanted = judging_.wants(artifact.kind, artifact.resource, artifact.source.file);
    batch.filtered += wanted ? 0 : 1;
    if (wanted && judging_.narrows() && artifact.first == 0) ++batch.summary.artifacts;
    return wanted;
  }

  void take_rows() {
    Artifact artifact = artifact_of(rows_);
    if (!wants(artifact)) return;
    Batch& batch = here();
    std::vector<Finding> findings = undated();
    for (const Finding& finding : findings)
      if (!finding.where.certificate) artifact.source = finding.where;  // which the rows do not tell
    add_dated(artifact, findings);
    batch.name(judging_, artifact.source.file, artifact.shown_name(), findings);
    const FindingsByPlace by_place(findings);
    for (std::size_t i = 0; i < rows_.size(); ++i) {
      rows_[i].remaining = rows_[i].not_after - judging_.policy.at;
      rows_[i].status = validity_status(artifact.certificates[i], judging_.policy);
      fill_findings(rows_[i], artifact, i, by_place, judging_.policy);
      batch.keep(judging_, rows_[i]);
    }
    batch.of_last = batch.findings.size();
    batch.take(judging_, std::move(findings));
  }

  bool artifact(const nlohmann::json& json) {
    Artifact artifact;
    if (!read_artifact(json, artifact)) return false;
    if (!wants(artifact)) return true;
    here().of_last = here().findings.size();
    here().name(judging_, artifact.source.file, artifact.shown_name(), {});
    if (judging_.writer != nullptr) judging_.writer->artifact(artifact, here().text);
    return true;
  }

  // It counts by the summary.
  bool lost(const nlohmann::json& json) {
    LostPart part;
    if (!read_lost(json, part)) return false;
    if (!part.kind) {
      Error words{part.where, part.why};
      batch_->retold.push_back({std::move(words), std::nullopt, std::nullopt, std::move(part)});
    } else if (judging_.wants(*part.kind, part.resource, part.where.file)) {
      here().lose(judging_, std::move(part));
    } else {
      ++lines_of_file_.unread_left_out;
    }
    return true;
  }

  [[nodiscard]] std::vector<Finding> undated() const {
    std::vector<Finding> findings;
    for (std::size_t i = 0; i < rows_.size(); ++i) add_undated(rows_[i], lines_[i], judging_, findings);
    return findings;
  }

  void add_dated(const Artifact& artifact, std::vector<Finding>& findings) const {
    std::vector<Finding> dated = judge_dates(artifact, judging_.policy, judging_.selection);
    drop_lifetimes(rows_, dated);
    std::ranges::move(dated, std::back_inserter(findings));
    std::ranges::stable_sort(findings, reads_before);
  }

  // Of an error without a code nothing but its words is known.
  bool error(const nlohmann::json& json) {
    Error error = read_error(json);
    if (!error.message.empty()) batch_->retold.push_back({std::move(error), {}, {}, {}});
    return json.contains("error") || json.contains("finding");
  }

  bool term(const nlohmann::json& json) {
    Artifact artifact;
    if (!read_term(json, artifact)) return false;
    if (!judging_.wants(artifact.kind, artifact.resource, artifact.source.file)) return true;
    if (judging_.writer != nullptr) judging_.writer->terms(artifact, batch_->text);
    std::vector<Finding> dated = judge_dates(artifact, judging_.policy, judging_.selection);
    batch_->keep_terms(judging_, artifact, FindingsByPlace(dated));
    for (Finding& found : dated) {
      Error words{found.where, message_of(found)};
      batch_->retold.push_back({std::move(words), std::move(found), artifact.kind, {}});
    }
    return true;
  }

  // Of what is dated there is the term.
  bool finding(const nlohmann::json& json) {
    Batch::Retold told;
    if (!read_finding(json, told.finding, told.kind)) return false;
    ++lines_of_file_.findings;
    if (!told.kind) here();
    const Finding& finding = *told.finding;
    const Selection& selection = judging_.selection;
    const bool wanted = finding.spec->family() == "input" ? selection.wants_loss(finding.spec->code)
                                                          : selection.wants(finding.spec->code);
    if (!wanted || is_dated(finding.spec->code) ||
        (told.kind && !judging_.wants(*told.kind, finding.resource, finding.where.file)))
      return true;
    told.error = {finding.where, message_of(finding)};
    batch_->retold.push_back(std::move(told));
    return true;
  }

  // What all shards tell, and what is unread, is left to the end.
  bool summary(const nlohmann::json& json) {
    RowSummary one;
    std::optional<Instant> at;
    if (!read_summary(json, one, at)) return false;
    RowSummary& sum = batch_->summary;
    const bool whole = one.shard.of == 1;
    batch_->files.push_back({file_, at, one.shard, one.inputs, one.skipped, one.certificates,
                             one.unread - one.shard.unread,
                             std::reduce(one.findings.begin(), one.findings.end()), one.lines});
    sum.inputs += whole ? one.inputs : 0;
    sum.skipped += whole ? one.skipped : 0;
    sum.artifacts += judging_.narrows() ? 0 : one.artifacts;
    return true;
  }

  bool row(nlohmann::json& json) {
    CertificateRow row;
    if (!read_row(json, row)) return false;
    lines_of_file_.findings += count_findings(json, row);
    if (!rows_.empty() && !continues(rows_.back(), row)) end_artifact();
    lines_.push_back(std::move(json));  // its texts stay where they are
    rows_.push_back(std::move(row));
    return true;
  }

  const Judging& judging_;
  const std::string& file_;
  FileLines& lines_of_file_;
  Batch* batch_;
  std::vector<nlohmann::json> lines_;  // of the artifact that was begun; its rows look into them
  std::vector<CertificateRow> rows_;
  std::uint64_t bad_ = 0;
};

}  // namespace

std::shared_ptr<Batch> merge_window(const std::string& file, std::string_view text, std::uint32_t number,
                                    const Judging& judging) {
  auto batch = std::make_shared<Batch>(judging);
  batch->bytes = text.size();
  LineMerger merger(file, judging, *batch);
  for (; !text.empty(); ++number) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    if (end != 0) merger.line(number, text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  merger.end_artifact();
  return batch;
}

}  // namespace meshcert::cli
