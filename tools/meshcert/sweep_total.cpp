#include "meshcert/sweep_total.hpp"

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <string_view>
#include <utility>
#include <vector>

#include "base/lines.hpp"
#include "meshcert/alone.hpp"
#include "meshcert/deliver.hpp"
#include "meshcert/kubernetes.hpp"
#include "meshcert/messages.hpp"

namespace meshcert::cli {
namespace {

/// walks_before: a walk comes to one file before the other, a directory's before what has a longer name.
bool walks_before(std::string_view a, std::string_view b) {
  const auto rank = [](char c) { return c == '/' ? 0 : static_cast<unsigned char>(c) + 1; };
  return std::ranges::lexicographical_compare(a, b, {}, rank, rank);
}

/// put_in_order: shards that are merged come one after another, and what they tell of one directory as a run
/// over it does, by file and line.
void put_in_order(std::vector<Finding>& findings) {
  std::ranges::stable_sort(findings, [](const Finding& a, const Finding& b) {
    return a.where.file == b.where.file ? a.where.line < b.where.line
                                        : walks_before(a.where.file, b.where.file);
  });
}

/// move_up_to answers how many of them there is no room for.
template <class T>
std::size_t move_up_to(std::size_t most, std::vector<T>& from, std::vector<T>& to) {
  const std::size_t count = std::min(from.size(), most - std::min(most, to.size()));
  std::move(from.begin(), from.begin() + static_cast<std::ptrdiff_t>(count), std::back_inserter(to));
  return from.size() - count;
}

}  // namespace

SweepTotal::SweepTotal(const Options& options, Env& env, Judging& judging, Progress& progress, Memory* memory)
    : options_(options),
      env_(env),
      judging_(judging),
      progress_(progress),
      memory_(memory),
      outlet_(options, env),
      parts_(judging.writer == nullptr ? 0 : judging.writer->parts()),
      sum_(judging) {
  if (judging.writer == nullptr) return;
  judging.writer->begin({"sweep", judging.policy}, parts_);
}

void SweepTotal::take(Batch&& batch) {
  take_one(batch);
  for (auto next = std::move(batch.then); next != nullptr; next = std::move(next->then)) take_one(*next);
}

void SweepTotal::write(const Batch& batch) {
  if (parts_.empty()) return;
  outlet_.write(std::exchange(parts_.front(), {}));
  outlet_.write(batch.text.front());
  lines_written_ += base::count_lines(batch.text.front());
  for (std::size_t i = 1; i < parts_.size(); ++i) parts_[i] += batch.text[i];
}

void SweepTotal::take_one(Batch& batch) {
  progress_.note(batch.bytes, batch.summary.certificates);
  take_retold(batch);
  for (const std::string& note : batch.notes) write_note(env_, note);
  write(batch);
  sum_.summary.add(batch.summary);
  sum_.histogram.add(batch.histogram);
  sum_.expired_terms += batch.expired_terms;
  for (const std::uint64_t prefix : batch.prefixes) distinct_.add(prefix);
  take_kept(batch);
}

void SweepTotal::keep(Soonest& all, Soonest&& later, std::atomic<std::int64_t>& latest) {
  all.merge(std::move(later));
  if (const auto end = all.latest()) latest.store(end->time_since_epoch().count(), std::memory_order_relaxed);
}

void SweepTotal::take_kept(Batch& batch) {
  sum_.filtered += batch.filtered;
  sum_.failed = sum_.failed || batch.failed;
  keep(sum_.soonest, std::move(batch.soonest), judging_.latest);
  keep(sum_.next, std::move(batch.next), judging_.next);
  for (auto& [code, count] : batch.codes) {
    const auto [known, added] = sum_.codes.try_emplace(code, count);
    if (!added) known->second.count += count.count;
  }
  sum_.findings_left_out += batch.findings_left_out;
  for (Finding& finding : batch.findings)
    keep_finding(std::move(finding), sum_.findings, sum_.findings_left_out);
  errors_left_out_ += move_up_to(Batch::kKept, batch.errors, sum_.errors);
  sum_.lost_left_out += move_up_to(Batch::kKept, batch.lost, sum_.lost);
  sum_.lost_left_out += batch.lost_left_out;
  take_names(batch);
  files_.insert(files_.end(), batch.files.begin(), batch.files.end());
  for (const auto& [file, lines] : batch.lines) lines_[file] += lines;
  if (sum_.object == nullptr) sum_.object = std::move(batch.object);
  if (!sum_.lone_key) sum_.lone_key = std::move(batch.lone_key);
  if (memory_ != nullptr)
    for (Seen& seen : batch.seen) memory_->see(std::move(seen));
}

// Pieces of one text come one after another.
void SweepTotal::take_names(Batch& batch) {
  for (SweptResource& resource : batch.resources) {
    auto& all = sum_.resources;
    const bool again = !all.empty() && all.back().file == resource.file && all.back().name == resource.name;
    if (again && all.back().failure == nullptr) all.back().failure = resource.failure;
    if (again) continue;
    if (all.size() < Batch::kNamed || resource.failure != nullptr)
      all.push_back(std::move(resource));
    else
      ++resources_left_out_;
  }
}

// What no object holds is told by every shard; here it stands once. Findings of one artifact come in their
// order: those that were judged anew stood among the others.
void SweepTotal::take_retold(Batch& batch) {
  const bool of_one =
      std::ranges::all_of(batch.retold, [](const Batch::Retold& one) { return one.finding && one.kind; });
  if (of_one)
    std::ranges::stable_sort(batch.retold, reads_before,
                             [](const Batch::Retold& one) -> const Finding& { return *one.finding; });
  for (Batch::Retold& one : batch.retold) {
    const bool room = told_.size() < Batch::kKept;
    std::string told = to_string(one.error.where) + '\n' + one.error.message;
    if (one.finding) (told += '\n') += one.finding->spec->code;
    if (one.lost) told += "\nlost";
    if (room ? !told_.insert(std::move(told)).second : told_.contains(told)) continue;
    if (one.finding)
      take_finding(batch, std::move(*one.finding), one.kind);
    else if (one.lost)
      take_lost(batch, std::move(*one.lost));
    else
      batch.keep(judging_, std::move(one.error));
  }
  if (of_one && !batch.retold.empty())
    std::stable_sort(batch.findings.begin() + static_cast<std::ptrdiff_t>(batch.of_last),
                     batch.findings.end(), reads_before);
  batch.retold.clear();
}

void SweepTotal::take_finding(Batch& batch, Finding&& finding, std::optional<ArtifactKind> kind) {
  batch.write_finding(judging_, finding, kind);
  std::vector<Finding> one;
  one.push_back(std::move(finding));
  const std::string& called = one.front().resource;
  batch.name(judging_, one.front().where.file, called.empty() ? one.front().where.file : called, one);
  batch.take(judging_, std::move(one));
}

void SweepTotal::take_lost(Batch& batch, LostPart&& part) {
  batch.name(judging_, part.where.file, part.where.file, {});
  batch.lose(judging_, std::move(part));
}

void SweepTotal::settle_files() {
  const Settled settled =
      settle(files_, lines_, options_.at ? std::nullopt : std::optional(judging_.policy.at));
  sum_.summary.inputs += settled.inputs;
  sum_.summary.skipped += settled.skipped;
  sum_.summary.unread += settled.unread;
  for (const Settled::Fault& fault : settled.faults) error(fault.file, fault.message);
}

void SweepTotal::error(const std::string& file, const std::string& message) {
  Batch batch(judging_);
  batch.error(judging_, file, message);
  take(std::move(batch));
}

// Objects that a sweep holds against nothing are read and judged by no rule, and so are keys; that has to be
// said, and on stderr where nobody sees it in the report. Lines that are to be merged may be one part of a
// run that holds more: there it is no finding.
void SweepTotal::tell_of_nothing() {
  const RowSummary& summary = sum_.summary;
  const bool told = summary.unread != 0 || summary.findings[static_cast<std::size_t>(Severity::error)] != 0;
  if (told || summary.artifacts != 0 || sum_.filtered != 0) return;
  std::optional<Defect> nothing = sum_.lone_key;
  if (sum_.object != nullptr)
    nothing = Defect{DefectKind::no_certificates, sum_.object->source,
                     "Kubernetes objects that hold none, the first: " + sum_.object->title(), false,
                     "sweep what holds certificates (kubectl get secrets,configmaps -A -o json), or inspect "
                     "it together with that"};
  if (!nothing) return;
  const bool may_be_merged = judging_.writer != nullptr && judging_.writer->may_be_merged();
  if (may_be_merged || (!judging_.tells_unplaced && !shows_errors(options_, env_)))
    write_note(env_, to_string(nothing->where) + ": no certificate in it: " + nothing->detail);
  if (may_be_merged) return;
  nothing->lost = false;
  Batch batch(judging_);
  JudgeSink(judging_, batch).defect(*std::move(nothing));
  take(std::move(batch));
}

SweepReport SweepTotal::report(bool interrupted) {
  SweepReport report;
  report.report.verb = "sweep";
  sum_.summary.shard.index = options_.sweep.shard;
  sum_.summary.shard.of = options_.sweep.shards;
  report.report.policy = judging_.policy;
  report.report.fail_on = judging_.fail_on;
  report.report.inventory.inputs = sum_.summary.inputs;
  report.report.inventory.skipped = sum_.summary.skipped;
  report.report.inventory.errors = std::move(sum_.errors);
  if (std::ranges::any_of(files_, [](const MergedFile& file) { return file.shard.of > 1; }))
    put_in_order(sum_.findings);
  keep_worst(sum_.findings, sum_.findings_left_out);
  report.report.findings = std::move(sum_.findings);
  report.report.unread = sum_.summary.unread;
  report.summary = sum_.summary;
  report.filtered = sum_.filtered;
  report.distinct = distinct_.count();
  report.distinct_exact = distinct_.exact();
  report.histogram = sum_.histogram;
  report.expired_terms = sum_.expired_terms;
  report.soonest = sum_.soonest.list();
  if (const auto next = sum_.next.list(); !next.empty()) report.next = next.front();
  report.codes = std::move(sum_.codes);
  report.findings_left_out = sum_.findings_left_out;
  report.errors_left_out = errors_left_out_;
  report.lost_left_out = sum_.lost_left_out;
  report.lost = std::move(sum_.lost);
  report.resources = std::move(sum_.resources);
  report.resources_left_out = resources_left_out_;
  report.failed = sum_.failed;
  report.interrupted = interrupted;
  if (memory_ != nullptr) report.changes = memory_->changes(interrupted || sum_.summary.unread != 0);
  report.summary.verdict = verdict(report);
  return report;
}

bool SweepTotal::deliver(const SweepReport& report) {
  if (judging_.writer == nullptr) {
    outlet_.write(find_sweep_format(options_.output)->render(report, render_options(options_, env_)));
    return outlet_.close();
  }
  std::string text;
  for (std::string& part : parts_) text += part;
  RowSummary summary = report.summary;
  summary.lines = lines_written_;
  judging_.writer->end({"sweep", judging_.policy}, summary, text);
  outlet_.write(text);
  return outlet_.close();
}

}  // namespace meshcert::cli
