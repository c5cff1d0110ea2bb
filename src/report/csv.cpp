// Comma-separated values (RFC 4180, with LF): a heading, and a line for each
// certificate. Column names are part of the contract (docs/sweep.md).

#include <fmt/format.h>

#include <string_view>

#include "base/escape.hpp"
#include "base/words.hpp"
#include "report/row_formats.hpp"

namespace meshcert::report {
namespace {

constexpr std::string_view kHeading =
    "file,line,pointer,certificate,resource,kind,name,role,status,remaining_seconds,not_before,not_after,"
    "lifetime_seconds,subject,issuer,serial,is_ca,key_algorithm,key_bits,key_curve,signature_algorithm,"
    "spiffe_id,san,sha256,findings\n";

/// CsvLine appends the cells of one line.
class CsvLine {
 public:
  explicit CsvLine(std::string& out) : out_(out) {}

  /// text is escaped as for a terminal; a spreadsheet must not take it for a formula.
  void text(std::string_view value) { escaped(base::escape_for_terminal(value)); }

  void escaped(std::string_view shown) {
    begin();
    const bool formula =
        !shown.empty() && std::string_view("=+-@\t\r").find(shown.front()) != std::string_view::npos;
    const bool quoted = shown.find_first_of(",\"") != std::string_view::npos;
    if (quoted) out_ += '"';
    if (formula) out_ += '\'';
    for (const char c : shown) {
      if (c == '"') out_ += '"';
      out_ += c;
    }
    if (quoted) out_ += '"';
  }

  template <class T>
  void number(T value) {
    begin();
    fmt::format_to(std::back_inserter(out_), "{}", value);
  }

  void finish() { out_ += '\n'; }

 private:
  void begin() {
    if (!first_) out_ += ',';
    first_ = false;
  }

  std::string& out_;
  bool first_ = true;
};

/// san_text is escaped and has no space, which parts names: a name cannot pass for two.
std::string san_text(const CertificateRow::Name& name) {
  std::string text(name.type);
  text += ':';
  for (const char c : base::escape_for_terminal(name.value)) c == ' ' ? text += "\\x20" : text += c;
  return text;
}

void put_place(CsvLine& line, const CertificateRow& row) {
  line.text(row.source.file);
  line.number(row.source.line);
  line.text(row.source.pointer);
  line.number(row.index);
  line.text(row.resource);
  line.text(to_string(row.kind));
  line.text(row.name);
  line.text(to_string(row.role));
}

void put_certificate(CsvLine& line, const CertificateRow& row) {
  line.text(to_string(row.status));
  line.number(row.remaining.count());
  line.text(to_rfc3339(row.not_before));
  line.text(to_rfc3339(row.not_after));
  line.number(row.lifetime.count());
  line.text(row.subject);
  line.text(row.issuer);
  line.text(row.serial);
  line.text(row.is_ca ? "true" : "false");
  line.text(row.key_algorithm);
  line.number(row.key_bits);
  line.text(row.key_curve.value_or(""));
  line.text(row.signature_algorithm);
  line.text(row.spiffe_id ? row.spiffe_id->id : "");
}

class CsvWriter final : public RowWriter {
 public:
  [[nodiscard]] bool leaves_findings_out() const override { return true; }
  void begin(const RowContext&, std::span<std::string> parts) const override { parts.front() += kHeading; }

  void row(const CertificateRow& row, std::span<std::string> parts) const override {
    CsvLine line(parts.front());
    put_place(line, row);
    put_certificate(line, row);
    line.escaped(base::join_with(row.san, " ", san_text));
    line.text(row.sha256);
    line.text(base::join_with(row.findings, " "));
    line.finish();
  }
};

}  // namespace

const RowWriter& csv_writer() {
  static const CsvWriter writer;
  return writer;
}

}  // namespace meshcert::report
