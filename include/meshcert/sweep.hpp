#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "meshcert/report.hpp"
#include "meshcert/row.hpp"
#include "meshcert/term.hpp"

namespace meshcert {

/// Expiry is one certificate and the places in which it was met; or a Term, whose begin may be unknown.
struct Expiry {
  std::string sha256;  ///< "" of a Term
  std::optional<Instant> not_before;
  Instant not_after{};
  ValidityStatus status = ValidityStatus::ok;
  std::string name;  ///< whose it is (CertificateRow::shown_name)
  std::string kind, serial, issuer;
  bool is_ca = false;
  struct Place {
    SourceRef source;
    std::string resource;
  };
  std::uint64_t count = 0;                 ///< how often it was met
  std::vector<Place> places;               ///< the first of them
  std::vector<std::string_view> findings;  ///< codes, of all places, each once
};

/// Soonest keeps the certificates that end first, identical ones once. Its memory
/// is bounded by both numbers; its counts are exact, because what was pushed out
/// can never come back.
class Soonest {
 public:
  Soonest(std::size_t certificates, std::size_t places) : certificates_(certificates), places_(places) {}

  /// wants answers whether a certificate that ends then can be among them.
  [[nodiscard]] bool wants(Instant not_after) const {
    return by_end_.size() < certificates_ ||
           (certificates_ != 0 && not_after <= by_end_.rbegin()->first.first);
  }
  void add(const CertificateRow& row);
  /// add of a term that does not say when it ends adds nothing. Of its findings the dated ones are kept,
  /// which lines that are merged tell, too.
  void add(const Term& term, const FindingsByPlace& findings, const Policy& policy);
  /// listed is this one if it is among them with as many places as are listed, else null.
  [[nodiscard]] Expiry* listed(Instant not_after, const std::string& sha256);
  /// add_again is add of one that is listed.
  static void add_again(Expiry& listed, const std::vector<std::string_view>& codes);
  /// merge adds those of a later part of the input.
  void merge(Soonest&& later);
  /// latest: nothing that ends later can be among them; none while there is room.
  [[nodiscard]] std::optional<Instant> latest() const;
  /// list is in the order in which they end.
  [[nodiscard]] std::vector<const Expiry*> list() const;

 private:
  using Key = std::pair<Instant, std::string>;  ///< notAfter, fingerprint
  Expiry* find_or_add(const Key& key);

  std::size_t certificates_, places_;
  std::map<Key, Expiry> by_end_;
};

/// A column of the histogram: what ends within its time, and not within the one before.
struct HistogramBin {
  std::string_view label;         ///< "30 days"
  std::optional<Seconds> within;  ///< none: later than all
};
inline constexpr std::size_t kHistogramBins = 11;
[[nodiscard]] const std::array<HistogramBin, kHistogramBins>& histogram_bins();
/// histogram_bin of a certificate with so much left; the first bin is what has expired.
[[nodiscard]] std::size_t histogram_bin(Seconds remaining);

/// Histogram counts certificates by the time they have left, and by how they fare: a
/// day is much for a workload and little for a gateway.
class Histogram {
 public:
  void count(Seconds remaining, ValidityStatus status) {
    ++counts_[histogram_bin(remaining)][static_cast<std::size_t>(status)];
  }
  void add(const Histogram& other);
  [[nodiscard]] std::uint64_t of(std::size_t bin, ValidityStatus status) const;
  [[nodiscard]] std::uint64_t of(std::size_t bin) const;
  [[nodiscard]] std::uint64_t most() const;  ///< of any bin

 private:
  std::array<std::array<std::uint64_t, kValidityStatuses>, kHistogramBins> counts_{};
};

/// Distinct counts certificates that differ, by the first octets of their
/// fingerprints; beyond a million it only knows that there are more.
class Distinct {
 public:
  static constexpr std::size_t kMost = 1'000'000;
  /// prefix_of a fingerprint is what tells it from others here.
  [[nodiscard]] static std::uint64_t prefix_of(std::string_view sha256);
  [[nodiscard]] static std::uint64_t prefix_of(const Certificate& certificate);
  void add(std::uint64_t prefix);
  [[nodiscard]] std::uint64_t count() const { return count_; }
  [[nodiscard]] bool exact() const { return exact_; }

 private:
  void grow();
  std::vector<std::uint64_t> slots_;  ///< open addressing, at most half full; 0 is free
  std::uint64_t count_ = 0;
  bool exact_ = true;
};

/// Change is what became of a certificate since the last run (--state).
struct Change {
  enum class Kind : std::uint8_t { appeared, gone, renewed, overdue };
  Kind kind;
  std::string place, name;
  Instant not_after{};
};
[[nodiscard]] std::string_view to_string(Change::Kind kind);  ///< "new", "gone", "renewed", "overdue"

/// Changes against the state of the last run; the counts are exact, the list is bounded.
struct Changes {
  std::optional<Instant> since;  ///< none: there was no state yet
  std::array<std::uint64_t, 4> counts{};
  std::vector<Change> list;
};

/// CodeCount is how often a finding was made, and where first.
struct CodeCount {
  const FindingSpec* spec = nullptr;
  Severity severity = Severity::info;
  std::uint64_t count = 0;
  SourceRef first;
  std::string resource;
};

/// SweptResource is a resource that was met, for formats that name those that pass too.
struct SweptResource {
  std::string file, name;
  const FindingSpec* failure = nullptr;  ///< of what --fail-on speaks of, the worst; null: none
};

/// SweepReport is all that remains of a sweep.
struct SweepReport {
  Report report;  ///< without artifacts; of findings and errors the first, in the order of the input
  RowSummary summary;
  std::uint64_t filtered = 0;  ///< artifacts that --kind, --namespace or --shard left out
  std::uint64_t distinct = 0;
  bool distinct_exact = true;
  Histogram histogram;
  std::uint64_t expired_terms = 0;  ///< tokens, and what is only listed, that have expired
  std::vector<const Expiry*> soonest;
  const Expiry* next = nullptr;                 ///< the first that is still to end; null when none is
  std::map<std::string_view, CodeCount> codes;  ///< by code, exact
  std::uint64_t findings_left_out = 0, errors_left_out = 0;
  std::vector<LostPart> lost;
  std::uint64_t lost_left_out = 0;
  std::vector<SweptResource> resources;  ///< where the format names them
  std::uint64_t resources_left_out = 0;
  bool failed = false;  ///< a finding at or above --fail-on
  bool interrupted = false;
  std::optional<Changes> changes;  ///< with --state
};

[[nodiscard]] ExitStatus exit_status(const SweepReport& report);
[[nodiscard]] std::string_view verdict(const SweepReport& report);
/// render_sweep_table: first what breaks next, then counts, the soonest, a histogram.
[[nodiscard]] std::string render_sweep_table(const SweepReport& report, const RenderOptions& options);
[[nodiscard]] std::string render_sweep_json(const SweepReport& report, const RenderOptions& options);
/// render_sweep_html is one page that needs nothing else.
[[nodiscard]] std::string render_sweep_html(const SweepReport& report, const RenderOptions& options);
/// For code scanning, CI, pull requests and monitoring, as the renderers of a report.
[[nodiscard]] std::string render_sweep_sarif(const SweepReport& report, const RenderOptions& options);
[[nodiscard]] std::string render_sweep_junit(const SweepReport& report, const RenderOptions& options);
[[nodiscard]] std::string render_sweep_markdown(const SweepReport& report, const RenderOptions& options);
[[nodiscard]] std::string render_sweep_nagios(const SweepReport& report, const RenderOptions& options);
[[nodiscard]] int status_number(const SweepReport& report);
[[nodiscard]] int nagios_status(const SweepReport& report);

/// SweepFormat is a row of the table of formats that are written when all is read;
/// row_formats() has those that are written meanwhile.
struct SweepFormat {
  std::string_view name;
  std::string (*render)(const SweepReport&, const RenderOptions&);
  std::size_t certificates = 0;  ///< how many of those that end soonest it shows; 0: as --top says
  std::size_t places = 1;        ///< how many of each certificate
  bool resources = false;        ///< it names those that pass, too
  int (*status)(const SweepReport&) = &status_number;  ///< what the program ends with
  bool changes = false;                                ///< it tells what changed since an earlier run
};
[[nodiscard]] std::span<const SweepFormat> sweep_formats();
/// find_sweep_format: null for another format.
[[nodiscard]] const SweepFormat* find_sweep_format(std::string_view name);

}  // namespace meshcert
