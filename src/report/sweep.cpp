// What is counted while sweeping.

#include "meshcert/sweep.hpp"

#include <algorithm>
#include <charconv>
#include <numeric>
#include <utility>

#include "meshcert/alone.hpp"
#include "x509/crypto.hpp"

namespace meshcert {
namespace {

using std::chrono::days;

void describe(Expiry& expiry, const CertificateRow& row) {
  expiry.sha256 = row.sha256;
  expiry.not_before = row.not_before;
  expiry.not_after = row.not_after;
  expiry.status = row.status;
  expiry.name = row.shown_name();
  expiry.kind = to_string(row.kind);
  expiry.serial = row.serial;
  expiry.issuer = row.issuer;
  expiry.is_ca = row.is_ca;
}

void describe(Expiry& expiry, const Term& term, const Policy& policy) {
  expiry.not_before = term.not_before;
  expiry.not_after = *term.not_after;
  expiry.status = validity_status(term, policy);
  expiry.name = term.shown_name();
  expiry.kind = to_string(term.artifact.kind);
  expiry.serial = term.listed == nullptr ? "" : term.listed->serial;
  expiry.is_ca = term.is_ca();
}

void add_codes(Expiry& expiry, const std::vector<std::string_view>& codes) {
  for (const std::string_view code : codes)
    if (std::ranges::find(expiry.findings, code) == expiry.findings.end()) expiry.findings.push_back(code);
}

// What is listed in many places is the same by its serial number. Of a token nothing tells that it is another
// one, so each place is its own. Fingerprints have no blank.
std::string key_of(const Term& term) {
  const bool has_serial = term.listed != nullptr && !term.listed->serial.empty();
  return "term " + term.shown_name() + ' ' + (has_serial ? "" : to_string(term.where));
}

}  // namespace

// Null when it is too late to be among them.
Expiry* Soonest::find_or_add(const Key& key) {
  const auto known = by_end_.find(key);
  if (known != by_end_.end()) return &known->second;
  if (by_end_.size() >= certificates_) {
    if (by_end_.empty() || by_end_.rbegin()->first < key) return nullptr;
    by_end_.erase(std::prev(by_end_.end()));
  }
  return &by_end_[key];
}

void Soonest::add(const CertificateRow& row) {
  Expiry* expiry = find_or_add({row.not_after, row.sha256});
  if (expiry == nullptr) return;
  if (expiry->count++ == 0) describe(*expiry, row);
  if (expiry->places.size() < places_) expiry->places.push_back({row.source, row.resource});
  add_codes(*expiry, row.findings);
}

void Soonest::add(const Term& term, const FindingsByPlace& findings, const Policy& policy) {
  if (!term.not_after || !wants(*term.not_after)) return;
  Expiry* expiry = find_or_add({*term.not_after, key_of(term)});
  if (expiry == nullptr) return;
  if (expiry->count++ == 0) describe(*expiry, term, policy);
  if (expiry->places.size() < places_) expiry->places.push_back({term.where, term.artifact.resource});
  std::vector<std::string_view> codes;
  for (const Finding* finding : findings.at(term.where))
    if (is_dated(finding->spec->code)) codes.push_back(finding->spec->code);
  add_codes(*expiry, codes);
}

Expiry* Soonest::listed(Instant not_after, const std::string& sha256) {
  const auto known = by_end_.find({not_after, sha256});
  return known != by_end_.end() && known->second.places.size() >= places_ ? &known->second : nullptr;
}

void Soonest::add_again(Expiry& listed, const std::vector<std::string_view>& codes) {
  ++listed.count;
  add_codes(listed, codes);
}

void Soonest::merge(Soonest&& later) {
  for (auto& [key, other] : later.by_end_) {
    Expiry* expiry = find_or_add(key);
    if (expiry == nullptr) return;
    if (expiry->count == 0) {
      *expiry = std::move(other);
      continue;
    }
    expiry->count += other.count;
    for (Expiry::Place& place : other.places)
      if (expiry->places.size() < places_) expiry->places.push_back(std::move(place));
    add_codes(*expiry, other.findings);
  }
}

std::optional<Instant> Soonest::latest() const {
  if (by_end_.empty() || by_end_.size() < certificates_) return std::nullopt;
  return by_end_.rbegin()->first.first;
}

std::vector<const Expiry*> Soonest::list() const {
  std::vector<const Expiry*> all;
  for (const auto& [key, expiry] : by_end_) all.push_back(&expiry);
  return all;
}

const std::array<HistogramBin, kHistogramBins>& histogram_bins() {
  static const std::array<HistogramBin, kHistogramBins> kBins{{{"expired", Seconds(-1)},
                                                               {"1 day", days(1)},
                                                               {"7 days", days(7)},
                                                               {"30 days", days(30)},
                                                               {"90 days", days(90)},
                                                               {"180 days", days(180)},
                                                               {"1 year", days(365)},
                                                               {"2 years", days(2 * 365)},
                                                               {"5 years", days(5 * 365)},
                                                               {"10 years", days(10 * 365)},
                                                               {"later", std::nullopt}}};
  return kBins;
}

std::size_t histogram_bin(Seconds remaining) {
  const auto& bins = histogram_bins();
  const auto found = std::ranges::find_if(
      bins, [&](const HistogramBin& bin) { return !bin.within || remaining <= *bin.within; });
  return static_cast<std::size_t>(found - bins.begin());
}

void Histogram::add(const Histogram& other) {
  for (std::size_t bin = 0; bin < kHistogramBins; ++bin)
    for (std::size_t i = 0; i < kValidityStatuses; ++i) counts_[bin][i] += other.counts_[bin][i];
}

std::uint64_t Histogram::of(std::size_t bin, ValidityStatus status) const {
  return counts_[bin][static_cast<std::size_t>(status)];
}

std::uint64_t Histogram::of(std::size_t bin) const {
  return std::accumulate(counts_[bin].begin(), counts_[bin].end(), std::uint64_t{0});
}

std::uint64_t Histogram::most() const {
  std::uint64_t most = 0;
  for (std::size_t bin = 0; bin < kHistogramBins; ++bin) most = std::max(most, of(bin));
  return most;
}

std::uint64_t Distinct::prefix_of(std::string_view sha256) {
  std::uint64_t prefix = 0;
  std::from_chars(sha256.data(), sha256.data() + std::min<std::size_t>(sha256.size(), 16), prefix, 16);
  return prefix;
}

std::uint64_t Distinct::prefix_of(const Certificate& certificate) {
  return x509::sha256_prefix(certificate.der);
}

void Distinct::add(std::uint64_t prefix) {
  if (prefix == 0) prefix = 1;  // one in 2^64 fingerprints
  if (slots_.size() <= 2 * count_) grow();
  const std::size_t mask = slots_.size() - 1;
  // Fingerprints are random already.
  std::size_t at = prefix & mask;
  while (slots_[at] != 0 && slots_[at] != prefix) at = (at + 1) & mask;
  if (slots_[at] == prefix) return;
  if (count_ == kMost) {
    exact_ = false;
    return;
  }
  slots_[at] = prefix;
  ++count_;
}

void Distinct::grow() {
  constexpr std::size_t kFirst = 1024;
  const std::vector<std::uint64_t> before =
      std::exchange(slots_, std::vector<std::uint64_t>(std::max(2 * slots_.size(), kFirst)));
  const std::size_t mask = slots_.size() - 1;
  for (const std::uint64_t prefix : before) {
    if (prefix == 0) continue;
    std::size_t at = prefix & mask;
    while (slots_[at] != 0) at = (at + 1) & mask;
    slots_[at] = prefix;
  }
}

std::string_view to_string(Change::Kind kind) {
  constexpr std::array<std::string_view, 4> kWords{"new", "gone", "renewed", "overdue"};
  return kWords[static_cast<std::size_t>(kind)];
}

std::span<const SweepFormat> sweep_formats() {
  constexpr std::size_t kPlaces = 1000;    // of each certificate in JSON
  constexpr std::size_t kOnPage = 20'000;  // a browser sorts that many at once
  constexpr std::size_t kPlacesOnPage = 10;
  static constexpr std::array<SweepFormat, 7> kFormats{{
      {"table", render_sweep_table, 0, 1, false, status_number, true},
      {"json", render_sweep_json, 0, kPlaces, false, status_number, true},
      {"sarif", render_sweep_sarif},
      {"junit", render_sweep_junit, 0, 1, true},
      {"markdown", render_sweep_markdown},
      {"nagios", render_sweep_nagios, 0, 1, false, nagios_status},
      {"html", render_sweep_html, kOnPage, kPlacesOnPage, false, status_number, true},
  }};
  return kFormats;
}

const SweepFormat* find_sweep_format(std::string_view name) {
  const auto found = std::ranges::find(sweep_formats(), name, &SweepFormat::name);
  return found == sweep_formats().end() ? nullptr : &*found;
}

ExitStatus exit_status(const SweepReport& report) {
  if (report.interrupted || report.summary.unread > 0) return ExitStatus::incomplete;
  // A shard may have nothing to do; whoever looked at nothing at all has not.
  if (report.summary.artifacts == 0 && report.filtered == 0) return ExitStatus::incomplete;
  return report.failed ? ExitStatus::findings : ExitStatus::pass;
}

int status_number(const SweepReport& report) {
  return static_cast<int>(exit_status(report));
}

std::string_view verdict(const SweepReport& report) {
  const ExitStatus status = exit_status(report);
  if (status == ExitStatus::pass) return "pass";
  return status == ExitStatus::findings ? "fail" : "incomplete";
}

}  // namespace meshcert
