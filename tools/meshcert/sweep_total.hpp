#pragma once

#include <memory>
#include <optional>
#include <string>
#include <unordered_set>
#include <vector>

#include "meshcert/batch.hpp"
#include "meshcert/env.hpp"
#include "meshcert/options.hpp"
#include "meshcert/outlet.hpp"
#include "meshcert/progress.hpp"
#include "meshcert/state.hpp"

namespace meshcert::cli {

/// SweepTotal adds up batches in the order of the input, and lets their rows go.
class SweepTotal {
 public:
  SweepTotal(const Options& options, Env& env, Judging& judging, Progress& progress, Memory* memory);
  void take(Batch&& batch);
  /// error notes what no batch did.
  void error(const std::string& file, const std::string& message);
  /// settle_files counts once what each of the shards that were merged told, and notes as
  /// an error which of them were not given, and which files are old.
  void settle_files();
  /// is_empty: nothing was read, and nobody said why.
  [[nodiscard]] bool is_empty() const {
    return sum_.summary.inputs == 0 && sum_.summary.unread == 0 && sum_.summary.artifacts == 0;
  }
  /// is_all_left_out: something was read, and nothing of it was asked for.
  [[nodiscard]] bool is_all_left_out() const {
    return sum_.filtered != 0 && sum_.summary.artifacts == 0 && sum_.summary.certificates == 0;
  }
  /// tell_of_nothing notes as a finding that nothing but objects without certificates was read.
  void tell_of_nothing();
  /// report is what remains; it looks into this total, which must outlive it.
  [[nodiscard]] SweepReport report(bool interrupted);
  /// deliver writes the end of a format with rows, or the whole of another.
  [[nodiscard]] bool deliver(const SweepReport& report);

 private:
  void take_one(Batch& batch);
  void write(const Batch& batch);
  void take_kept(Batch& batch);
  void take_names(Batch& batch);
  void take_retold(Batch& batch);
  void take_finding(Batch& batch, Finding&& finding, std::optional<ArtifactKind> kind);
  void take_lost(Batch& batch, LostPart&& part);
  static void keep(Soonest& all, Soonest&& later, std::atomic<std::int64_t>& latest);

  const Options& options_;
  Env& env_;
  Judging& judging_;
  Progress& progress_;
  Memory* memory_;
  Outlet outlet_;
  std::vector<std::string> parts_;
  Batch sum_;
  Distinct distinct_;
  std::vector<MergedFile> files_;
  Lines lines_;
  std::unordered_set<std::string> told_;
  std::uint64_t lines_written_ = 0, errors_left_out_ = 0, resources_left_out_ = 0;
};

}  // namespace meshcert::cli
