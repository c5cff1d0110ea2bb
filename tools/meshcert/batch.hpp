#pragma once

#include <atomic>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "meshcert/changes.hpp"
#include "meshcert/inspect.hpp"
#include "meshcert/merged_files.hpp"
#include "meshcert/options.hpp"
#include "meshcert/sweep.hpp"

namespace meshcert::report {
class NameForms;
}

namespace meshcert::cli {

/// Judging is what every batch of a sweep has in common. Read by all threads.
struct Judging {
  Policy policy;
  Selection selection;
  FailOn fail_on = FailOn::error;
  const SweepOptions* options = nullptr;
  const RowWriter* writer = nullptr;  ///< null where the format has no rows
  std::size_t certificates = 10;      ///< of those that end soonest, how many are kept
  std::size_t places = 1;             ///< of a certificate that are listed
  bool verbose = false;
  bool remembers = false;        ///< --state
  bool names_resources = false;  ///< the format names those that pass, too
  bool tells_unplaced = false;   ///< it has no place for what is about no certificate: stderr has
  /// Nothing that ends later can be among the soonest any more, in seconds.
  std::atomic<std::int64_t> latest{std::numeric_limits<std::int64_t>::max()};
  /// Nor can it be the next to end.
  std::atomic<std::int64_t> next{std::numeric_limits<std::int64_t>::max()};

  /// narrows: --kind, --namespace or --shard leaves things out.
  [[nodiscard]] bool narrows() const {
    return !options->kinds.empty() || !options->namespaces.empty() || options->shards != 1;
  }
  /// wants: what is of this kind, object and file is not left out by --kind,
  /// --namespace or --shard.
  [[nodiscard]] bool wants(ArtifactKind kind, const std::string& resource, const std::string& file) const;
};

/// Batch is what was found in a part of the input: all that remains of it.
struct Batch {
  /// Findings, of which the worst, and errors that are kept of one run; the others are counted.
  static constexpr std::size_t kKept = 10'000;
  /// Resources that are named of one run, where the format does.
  static constexpr std::size_t kNamed = 100'000;

  explicit Batch(const Judging& judging)
      : text(judging.writer == nullptr ? 0 : judging.writer->parts()),
        soonest(judging.certificates, judging.places),
        next(1, judging.places) {}

  std::vector<std::string> text;  ///< rows, by part of the format
  RowSummary summary;
  std::uint64_t filtered = 0;
  Histogram histogram;
  std::uint64_t expired_terms = 0;
  Soonest soonest, next;                ///< of all, and of those that are still to end
  std::vector<std::uint64_t> prefixes;  ///< of fingerprints
  std::map<std::string_view, CodeCount> codes;
  std::vector<Finding> findings;
  std::uint64_t findings_left_out = 0;
  std::vector<Error> errors;
  std::vector<LostPart> lost;
  std::uint64_t lost_left_out = 0;
  std::vector<SweptResource> resources;
  std::vector<std::string> notes;  ///< for stderr: what has no place in the report
  std::vector<Seen> seen;
  std::shared_ptr<const KubernetesObject> object;  ///< the first
  std::optional<Defect> lone_key;                  ///< likewise, of a file that was named
  std::vector<MergedFile> files;                   ///< of --merge
  Lines lines;                                     ///< likewise
  /// Of --merge: what other shards may tell, too. It comes behind all else in the batch.
  struct Retold {
    Error error;
    std::optional<Finding> finding;
    std::optional<ArtifactKind> kind;
    std::optional<LostPart> lost;
  };
  std::vector<Retold> retold;
  std::size_t of_last = 0;      ///< likewise: where, in `findings`, those of the last artifact begin
  std::unique_ptr<Batch> then;  ///< likewise: what comes next
  std::uint64_t bytes = 0;
  bool failed = false;

  /// error notes an input that could not be had.
  void error(const Judging& judging, const std::string& file, std::string message);
  /// keep writes a row, or an error, where the format does, and counts it for all else.
  void keep(const Judging& judging, const CertificateRow& row);
  void keep(const Judging& judging, Error&& error);
  /// keep_terms lists the terms of an artifact among what ends soonest.
  void keep_terms(const Judging& judging, const Artifact& artifact, const FindingsByPlace& found);
  /// written is how many octets of rows there are.
  [[nodiscard]] std::size_t written() const { return text.empty() ? 0 : text.front().size(); }
  /// make_room: so many rows of some `octets` each are about to be kept.
  void make_room(std::size_t rows, std::size_t octets);
  /// write_finding writes one that no row shows where the format does; where it does not, it becomes a note.
  void write_finding(const Judging& judging, const Finding& finding, std::optional<ArtifactKind> kind);
  /// keep counts a finding by its code, and lists it while there is room for its like.
  void keep(Finding&& finding);
  /// take counts findings, and keeps each.
  void take(const Judging& judging, std::vector<Finding>&& found);
  /// lose counts nothing: it writes what is lost where the format does, and lists it while there is room.
  void lose(const Judging& judging, LostPart&& part);
  /// name lists a resource where the format names those that pass, too.
  void name(const Judging& judging, const std::string& file, const std::string& called,
            const std::vector<Finding>& findings);
};

/// keep_worst leaves of a run's findings the worst Batch::kKept, in their order, and counts the others; of
/// equal ones the first stay.
void keep_worst(std::vector<Finding>& findings, std::uint64_t& left_out);
/// keep_finding adds one; what is too much goes once there are twice as many.
void keep_finding(Finding&& finding, std::vector<Finding>& findings, std::uint64_t& left_out);

/// KnownCertificates remembers the last certificates that stand in many places: those of CAs, and
/// those that are listed. To compare octets costs a tenth of a fingerprint.
class KnownCertificates {
 public:
  /// prefix_of is Distinct::prefix_of.
  [[nodiscard]] std::uint64_t prefix_of(const Certificate& certificate);
  /// fingerprint_of is null unless it was noted.
  [[nodiscard]] const std::string* fingerprint_of(const Certificate& certificate) const;
  void note(const Certificate& certificate, std::uint64_t prefix, const std::string& sha256);

 private:
  struct Known {
    std::string der;
    std::uint64_t prefix = 0;
    std::string sha256;  ///< "" where nobody asked yet
  };
  std::vector<Known> last_;
  std::size_t next_ = 0;  ///< the one that gives way
};

/// JudgeSink judges what comes, puts it into a batch and forgets it.
class JudgeSink : public ArtifactSink {
 public:
  JudgeSink(const Judging& judging, Batch& batch) : judging_(judging), batch_(&batch) {}
  void artifact(Artifact&& artifact) override;
  void defect(Defect&& defect) override;
  void object(std::shared_ptr<const KubernetesObject> object) override;
  void passed_over(const std::string& name, const std::string& why) override;

 protected:
  void into(Batch& batch) { batch_ = &batch; }

 private:
  /// Lists of those that end soonest, and of the next, that a certificate can be in.
  struct Lists {
    bool soon = false, next = false;
  };
  void certificate(const Artifact& artifact, std::size_t index, const FindingsByPlace& findings,
                   report::NameForms& forms);
  [[nodiscard]] Lists lists_of(const Certificate& certificate) const;
  [[nodiscard]] bool add_again(const Artifact& artifact, std::size_t index, const FindingsByPlace& findings,
                               Lists lists);
  void lose(const Defect& defect, const Artifact* artifact);
  void write_unplaced(const Artifact& artifact, const std::vector<Finding>& findings);

  const Judging& judging_;
  Batch* batch_;
  RowFiller rows_;
  KnownCertificates known_;
};

}  // namespace meshcert::cli
