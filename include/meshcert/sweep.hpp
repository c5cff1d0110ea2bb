#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "meshcert/report.hpp"
#include "meshcert/row.hpp"

namespace meshcert {

/// Expiry is one certificate and the places in which it was met.
struct Expiry {
  std::string sha256;
  Instant not_before{}, not_after{};
  ValidityStatus status = ValidityStatus::ok;
  std::string name;  ///< whose it is (CertificateRow::shown_name)
  std::string kind, serial, issuer;
  bool is_ca = false;
  struct Place {
    SourceRef source;
    std::string resource;
  };
  std::uint64_t count = 0;    ///< how often it was met
  std::vector<Place> places;  ///< the first of them
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
  /// merge adds those of a later part of the input.
  void merge(Soonest&& later);
  /// list is in the order in which they end.
  [[nodiscard]] std::vector<const Expiry*> list() const;

 private:
  using Key = std::pair<Instant, std::string>;  ///< notAfter, fingerprint
  Expiry* find_or_add(const Key& key);

  std::size_t certificates_, places_;
  std::map<Key, Expiry> by_end_;
};

/// The columns of the histogram: what ends within the time named, and not within
/// the one before.
struct HistogramBin {
  std::string_view label;         ///< "30 days"
  std::optional<Seconds> within;  ///< none: later than all
};
inline constexpr std::size_t kHistogramBins = 11;
[[nodiscard]] const std::array<HistogramBin, kHistogramBins>& histogram_bins();
/// histogram_bin of a certificate with so much left; the first bin is what has expired.
[[nodiscard]] std::size_t histogram_bin(Seconds remaining);

/// Distinct counts certificates that differ, by the first octets of their
/// fingerprints; beyond a million it only knows that there are more.
class Distinct {
 public:
  static constexpr std::size_t kMost = 1'000'000;
  void add(std::uint64_t prefix);
  [[nodiscard]] std::uint64_t count() const { return seen_.size(); }
  [[nodiscard]] bool exact() const { return exact_; }

 private:
  std::unordered_set<std::uint64_t> seen_;
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
  Severity severity = Severity::info;
  std::uint64_t count = 0;
  SourceRef first;
  std::string resource;
};

/// SweepReport is all that remains of a sweep.
struct SweepReport {
  Report report;  ///< without artifacts; of findings and errors the first, in the order of the input
  RowSummary summary;
  std::uint64_t filtered = 0;  ///< artifacts that --kind, --namespace or --shard left out
  std::uint64_t distinct = 0;
  bool distinct_exact = true;
  std::array<std::uint64_t, kHistogramBins> histogram{};
  std::vector<const Expiry*> soonest;
  std::map<std::string_view, CodeCount> codes;  ///< by code, exact
  std::uint64_t findings_left_out = 0, errors_left_out = 0;
  bool failed = false;  ///< a finding at or above --fail-on
  bool interrupted = false;
  std::optional<Changes> changes;  ///< with --state

  /// next is the first that is still to end; null when none is.
  [[nodiscard]] const Expiry* next() const;
};

[[nodiscard]] ExitStatus exit_status(const SweepReport& report);
[[nodiscard]] std::string_view verdict(const SweepReport& report);
/// render_sweep_table: first what breaks next, then counts, the soonest, a histogram.
[[nodiscard]] std::string render_sweep_table(const SweepReport& report, const RenderOptions& options);
[[nodiscard]] std::string render_sweep_json(const SweepReport& report);

}  // namespace meshcert
