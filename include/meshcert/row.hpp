#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "meshcert/finding.hpp"
#include "meshcert/report.hpp"
#include "meshcert/row_summary.hpp"

namespace meshcert {

/// CertificateRow is one certificate in its place, flat and in text: what the
/// formats with a line for each certificate write. It owns all that it shows; texts are exact.
struct CertificateRow {
  struct Name {
    std::string_view type;  ///< "URI", "DNS" ...
    std::string value;
  };
  struct Identity {
    std::string id, trust_domain, path;
    std::optional<std::string> namespace_name, service_account;
  };

  /// How often a code was found, and with which severity.
  struct Graded {
    std::string_view code;
    Severity severity;
    std::uint64_t count;
  };

  ArtifactKind kind = ArtifactKind::certificate_chain;
  std::string name;      ///< of its artifact
  std::string resource;  ///< of its artifact; "" outside Kubernetes
  SourceRef source;

  std::size_t index = 0;
  std::size_t first = 0;                ///< index of the first one of its artifact
  bool goes_by_dates = true;            ///< of its artifact
  bool long_lived = false;              ///< as lives_too_long
  std::optional<Instant> last_updated;  ///< of its artifact
  Role role = Role::leaf;
  int version = 3;
  std::string subject, issuer;                      ///< RFC 4514
  std::uint32_t subject_form = 0, issuer_form = 0;  ///< names are equal where text and form are
  std::string serial;                               ///< as serial_hex
  Instant not_before{}, not_after{};
  Seconds remaining{0}, lifetime{0};
  bool is_ca = false;
  std::optional<std::uint32_t> path_length;
  std::optional<bool> self_signed;
  std::string key_algorithm;  ///< "RSA", "EC" ...
  std::uint32_t key_bits = 0;
  std::optional<std::string> key_curve;
  std::string signature_algorithm;
  std::optional<std::vector<std::string_view>> key_usage;
  bool key_usage_critical = false;
  std::optional<std::vector<std::string>> extended_key_usage;
  std::vector<Name> san;
  bool san_critical = false;
  std::vector<std::string_view> malformed;
  std::optional<Identity> spiffe_id;
  std::optional<std::string> subject_key_id, authority_key_id;  ///< lower-case hex
  std::string sha256;                                           ///< 64 lower-case hex digits

  ValidityStatus status = ValidityStatus::ok;
  std::vector<std::string_view> findings;  ///< codes, worst first, each once
  /// Of those codes that were not found once, with the severity that the catalogue gives them, all that was.
  std::vector<Graded> graded;
  /// Those of them that do not go by dates. Whoever filled the row keeps them.
  std::vector<const Finding*> lasting;

  /// shown_name says whose it is in one text: its SPIFFE ID; else, unless it is a CA's,
  /// its first URI or other name; else its subject.
  [[nodiscard]] std::string_view shown_name() const;
  /// place_name is Artifact::shown_name.
  [[nodiscard]] const std::string& place_name() const { return resource.empty() ? name : resource; }
};

/// shown_name_of is shown_name, of the row that the certificate would have.
[[nodiscard]] std::string shown_name_of(const Certificate& certificate);

/// FindingsByPlace finds those of one place; the findings must outlive it.
class FindingsByPlace {
 public:
  explicit FindingsByPlace(std::span<const Finding> findings);
  /// at lists the findings of this place, worst first.
  [[nodiscard]] std::span<const Finding* const> at(const SourceRef& where) const;
  [[nodiscard]] bool empty() const { return sorted_.empty(); }

 private:
  std::vector<const Finding*> sorted_;
};

/// codes_of lists what was found about the certificate at `index`; what was found about the
/// artifact as a whole stands with its first. Worst first, each once.
[[nodiscard]] std::vector<std::string_view> codes_of(const Artifact& artifact, std::size_t index,
                                                     const FindingsByPlace& findings);

/// fill_findings fills in what was found about the certificate at `index`.
void fill_findings(CertificateRow& row, const Artifact& artifact, std::size_t index,
                   const FindingsByPlace& findings, const Policy& policy);

/// RowFiller makes rows one after another, each in the memory of the last.
class RowFiller {
 public:
  /// fill makes the row of the certificate at `index`. It is the filler's, until the next one.
  CertificateRow& fill(const Artifact& artifact, std::size_t index, const FindingsByPlace& findings,
                       const Policy& policy);

 private:
  CertificateRow row_;
  std::string issuer_octets_;  ///< whose text is there: the next one often has the same issuer
};

/// RowContext is what all rows of a run have in common.
struct RowContext {
  std::string_view verb;
  Policy policy;
};

/// RowWriter is an output format with a row for each certificate, written while
/// the inputs are read. It has no state: rows may be written by several threads,
/// each into texts of its own, which stand in the output in the order of the
/// input. A format whose rows are scattered over its document (OpenMetrics, by
/// family) has several parts: each is written whole before the next.
class RowWriter {
 public:
  virtual ~RowWriter() = default;
  /// parts: the first goes out as it grows, the others are held until the end.
  [[nodiscard]] virtual std::size_t parts() const { return 1; }
  /// leaves_findings_out: what is about no certificate with a row has no place in it, nor in a summary.
  [[nodiscard]] virtual bool leaves_findings_out() const { return false; }
  /// may_be_merged: its lines may be one part of a run that holds more.
  [[nodiscard]] virtual bool may_be_merged() const { return false; }
  /// begin opens every part.
  virtual void begin(const RowContext& context, std::span<std::string> parts) const;
  virtual void row(const CertificateRow& row, std::span<std::string> parts) const = 0;
  /// finding takes one that is about no certificate with a row, and the kind of its artifact.
  /// Most formats leave it to the report that lists findings.
  virtual void finding(const Finding& finding, std::optional<ArtifactKind> kind,
                       std::span<std::string> parts) const;
  /// artifact takes one without certificates.
  virtual void artifact(const Artifact& artifact, std::span<std::string> parts) const;
  virtual void lost(const LostPart& part, std::span<std::string> parts) const;
  /// terms takes an artifact whose dates are in no row: a token, and certificates that are only listed.
  virtual void terms(const Artifact& artifact, std::span<std::string> parts) const;
  /// error takes an input whose octets could not be had, or part of one.
  virtual void error(const Error& error, std::span<std::string> parts) const;
  /// end appends what follows the last part.
  virtual void end(const RowContext& context, const RowSummary& summary, std::string& out) const;
};

/// RowFormat is one row of the table of such formats.
struct RowFormat {
  std::string_view name;
  const RowWriter* writer;
};
[[nodiscard]] std::span<const RowFormat> row_formats();
/// find_row_writer: null for a format without rows.
[[nodiscard]] const RowWriter* find_row_writer(std::string_view format);

/// write_rows gives a whole report to a writer.
[[nodiscard]] std::string write_rows(const Report& report, const RowWriter& writer);

}  // namespace meshcert
