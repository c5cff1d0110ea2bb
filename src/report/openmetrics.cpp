// Gauges for node_exporter's textfile collector: OpenMetrics 1.0 as far as the
// Prometheus text format has it too, which that collector reads. Names of metrics
// and labels are a contract (docs/outputs.md). A series that is there twice is
// an error to its readers, so none is.

#include <fmt/format.h>

#include <array>
#include <string_view>
#include <unordered_set>

#include "base/escape.hpp"
#include "report/row_formats.hpp"

namespace meshcert::report {
namespace {

constexpr std::size_t kColumns = 300;  // of a label's value

struct Family {
  std::string_view name, unit, help;
};

enum FamilyOf : std::size_t { not_after, not_before, status, finding_code, info, families_ };

// Each is a part of the document, behind one that stays empty: what goes out at
// once could not be held against what is still to come.
constexpr std::array<Family, families_> kFamilies{{
    {"meshcert_certificate_not_after_timestamp_seconds", "seconds", "When the certificate expires."},
    {"meshcert_certificate_not_before_timestamp_seconds", "seconds", "When the certificate becomes valid."},
    {"meshcert_certificate_status", "",
     "Validity: 0 ok, 1 expires within --warn, 2 within --critical, 3 expired, 4 not yet valid."},
    {"meshcert_certificate_finding", "", "1 for each code found about the certificate."},
    {"meshcert_certificate_info", "", "Always 1; labels say what the certificate is."},
}};

void open_family(std::string& out, const Family& family) {
  fmt::format_to(std::back_inserter(out), "# HELP {0} {1}\n# TYPE {0} gauge\n", family.name, family.help);
  if (!family.unit.empty())
    fmt::format_to(std::back_inserter(out), "# UNIT {} {}\n", family.name, family.unit);
}

/// label has no end of line left to escape: that of an input is spelt out.
std::string label(std::string_view name, std::string_view value) {
  std::string out = fmt::format("{}=\"", name);
  for (const char c : base::elide_middle(base::escape_for_terminal(value), kColumns)) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + '"';
}

constexpr std::string_view kLastOfKey = ",index=\"";

/// key_of is what tells certificates apart, whatever they call themselves.
std::string key_of(const CertificateRow& row) {
  return fmt::format("{},{},{},{},{}{}{}\"", label("sha256", row.sha256), label("file", row.source.file),
                     label("resource", row.resource), label("name", row.name),
                     label("pointer", row.source.pointer), kLastOfKey, row.index);
}

std::string description_of(const CertificateRow& row) {
  return fmt::format("{},{},{},{},{}", label("kind", to_string(row.kind)), label("role", to_string(row.role)),
                     label("identity", row.shown_name()), label("issuer", row.issuer),
                     label("serial", row.serial));
}

void put_sample(std::string& out, std::string_view name, std::string_view labels, std::int64_t value) {
  fmt::format_to(std::back_inserter(out), "{}{{{}}} {}\n", name, labels, value);
}

/// identity_of a sample's line is its name and the labels up to the key's last. Within
/// a value no quote stands without a backslash, so the mark is found nowhere else.
std::string_view identity_of(std::string_view line) {
  const std::size_t mark = line.find(kLastOfKey);
  if (mark == std::string_view::npos) return line;
  return line.substr(0, line.find('"', mark + kLastOfKey.size()));
}

/// without_repeats keeps the first of what was met twice: a file that is named twice,
/// a header that stands in a log many times.
std::string without_repeats(std::string_view text) {
  std::string kept;
  kept.reserve(text.size());
  std::unordered_set<std::string_view> met;
  while (!text.empty()) {
    const std::string_view line = text.substr(0, text.find('\n') + 1);
    if (met.insert(identity_of(line)).second) kept += line;
    text.remove_prefix(line.size());
  }
  return kept;
}

void put_number(std::string& out, const Family& family, std::int64_t value) {
  open_family(out, family);
  fmt::format_to(std::back_inserter(out), "{} {}\n", family.name, value);
}

void put_verdict(std::string& out, std::string_view verdict) {
  const Family family{"meshcert_verdict", "", "1 for the verdict on the run, 0 for the others."};
  open_family(out, family);
  for (const std::string_view word : {"pass", "fail", "incomplete"})
    put_sample(out, family.name, label("verdict", word), word == verdict ? 1 : 0);
}

void put_statuses(std::string& out, const RowSummary& summary) {
  const Family family{"meshcert_certificates", "", "Certificates met, by validity."};
  open_family(out, family);
  for (std::size_t i = 0; i < summary.statuses.size(); ++i)
    put_sample(out, family.name, label("status", to_string(static_cast<ValidityStatus>(i))),
               static_cast<std::int64_t>(summary.statuses[i]));
}

void put_findings(std::string& out, const RowSummary& summary) {
  const Family family{"meshcert_findings", "", "Findings, by severity."};
  open_family(out, family);
  for (const Severity severity : {Severity::error, Severity::warning, Severity::info})
    put_sample(out, family.name, label("severity", to_string(severity)),
               static_cast<std::int64_t>(summary.findings[static_cast<std::size_t>(severity)]));
}

class OpenMetricsWriter final : public RowWriter {
 public:
  [[nodiscard]] std::size_t parts() const override { return 1 + kFamilies.size(); }

  void begin(const RowContext&, std::span<std::string> parts) const override {
    for (std::size_t i = 0; i < kFamilies.size(); ++i) open_family(parts[1 + i], kFamilies[i]);
  }

  void row(const CertificateRow& row, std::span<std::string> parts) const override {
    const std::string key = key_of(row);
    const auto put = [&](FamilyOf family, std::string_view labels, std::int64_t value) {
      put_sample(parts[1 + family], kFamilies[family].name, labels, value);
    };
    put(not_after, key, row.not_after.time_since_epoch().count());
    put(not_before, key, row.not_before.time_since_epoch().count());
    put(status, key, static_cast<std::int64_t>(row.status));
    for (const std::string_view code : row.findings) put(finding_code, label("code", code) + "," + key, 1);
    put(info, key + "," + description_of(row), 1);
  }

  void end(const RowContext& context, const RowSummary& summary, std::string& out) const override {
    out = without_repeats(out);
    put_number(out, {"meshcert_run_timestamp_seconds", "seconds", "The time that the run judged at."},
               context.policy.at.time_since_epoch().count());
    put_verdict(out, summary.verdict);
    put_number(out, {"meshcert_inputs", "", "Inputs read."}, static_cast<std::int64_t>(summary.inputs));
    put_number(out, {"meshcert_skipped_inputs", "", "Inputs in directories that hold nothing to inspect."},
               static_cast<std::int64_t>(summary.skipped));
    put_number(out, {"meshcert_unread", "", "Places where part of an input could not be read or used."},
               static_cast<std::int64_t>(summary.unread));
    put_statuses(out, summary);
    put_findings(out, summary);
    out += "# EOF\n";
  }
};

}  // namespace

const RowWriter& openmetrics_writer() {
  static const OpenMetricsWriter writer;
  return writer;
}

}  // namespace meshcert::report
