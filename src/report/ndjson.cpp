// One JSON object on each line: a certificate, an error where it occurs, and the
// summary at the end. Members of a certificate are those of the JSON report
// (docs/sweep-line.schema.json), in its order.

#include "meshcert/jwt.hpp"
#include "report/json_line.hpp"
#include "report/row_formats.hpp"

namespace meshcert::report {
namespace {

template <class List, class Put>
void put_list(JsonLine& line, std::string_view key, const List& list, Put put) {
  line.key(key).open('[');
  for (const auto& entry : list) put(entry);
  line.close(']');
}

template <class List>
void put_words(JsonLine& line, std::string_view key, const List& words) {
  put_list(line, key, words, [&](std::string_view word) { line.text(word); });
}

template <class List>
void put_words_or_null(JsonLine& line, std::string_view key, const std::optional<List>& words) {
  if (words)
    put_words(line, key, *words);
  else
    line.key(key).null();
}

void put_text_or_null(JsonLine& line, std::string_view key, const std::optional<std::string>& text) {
  if (text)
    line.key(key).text(*text);
  else
    line.key(key).null();
}

template <class T>
void put_number_or_null(JsonLine& line, std::string_view key, const std::optional<T>& number) {
  if (number)
    line.key(key).number(static_cast<std::uint64_t>(*number));
  else
    line.key(key).null();
}

void put_source(JsonLine& line, const SourceRef& where) {
  line.key("source").open('{');
  line.exact("file", where.file);
  line.key("line").number(std::uint64_t{where.line});
  line.exact_or_null("pointer", where.pointer);
  put_number_or_null(line, "certificate", where.certificate);
  line.close('}');
}

void put_key(JsonLine& line, const CertificateRow& row) {
  line.key("key").open('{');
  line.key("algorithm").text(row.key_algorithm);
  line.key("bits").number(std::uint64_t{row.key_bits});
  put_text_or_null(line, "curve", row.key_curve);
  line.close('}');
}

void put_identity(JsonLine& line, const std::optional<CertificateRow::Identity>& identity) {
  line.key("spiffe_id");
  if (!identity) return line.null();
  line.open('{');
  line.key("id").text(identity->id);
  line.key("trust_domain").text(identity->trust_domain);
  line.key("path").text(identity->path);
  put_text_or_null(line, "namespace", identity->namespace_name);
  put_text_or_null(line, "service_account", identity->service_account);
  line.close('}');
}

void put_names(JsonLine& line, const CertificateRow& row) {
  put_list(line, "san", row.san, [&](const CertificateRow::Name& name) {
    line.open('{');
    line.key("type").plain(name.type);
    line.exact("value", name.value);
    line.close('}');
  });
  line.key("san_critical").truth(row.san_critical);
  put_words(line, "malformed", row.malformed);
  put_identity(line, row.spiffe_id);
}

void put_fields(JsonLine& line, const CertificateRow& row) {
  line.key("index").number(std::uint64_t{row.index});
  line.key("role").plain(to_string(row.role));
  line.key("version").number(std::int64_t{row.version});
  line.exact("subject", row.subject);
  line.exact("issuer", row.issuer);
  line.key("serial").plain(row.serial);
  line.key("not_before").instant(row.not_before);
  line.key("not_after").instant(row.not_after);
  line.key("remaining_seconds").number(std::int64_t{row.remaining.count()});
  line.key("lifetime_seconds").number(std::int64_t{row.lifetime.count()});
  line.key("is_ca").truth(row.is_ca);
  put_number_or_null(line, "path_length", row.path_length);
  if (row.self_signed)
    line.key("self_signed").truth(*row.self_signed);
  else
    line.key("self_signed").null();
  put_key(line, row);
  line.key("signature_algorithm").text(row.signature_algorithm);
}

void put_certificate(JsonLine& line, const CertificateRow& row) {
  put_fields(line, row);
  put_words_or_null(line, "key_usage", row.key_usage);
  line.key("key_usage_critical").truth(row.key_usage_critical);
  put_words_or_null(line, "extended_key_usage", row.extended_key_usage);
  put_names(line, row);
  put_text_or_null(line, "subject_key_id", row.subject_key_id);
  put_text_or_null(line, "authority_key_id", row.authority_key_id);
  line.key("sha256").plain(row.sha256);
}

void put_graded(JsonLine& line, const std::vector<CertificateRow::Graded>& graded) {
  put_list(line, "graded", graded, [&](const CertificateRow::Graded& one) {
    line.open('{');
    line.key("code").plain(one.code);
    line.key("severity").plain(to_string(one.severity));
    line.key("count").number(one.count);
    line.close('}');
  });
}

void put_place(JsonLine& line, const CertificateRow& row) {
  put_source(line, row.source);
  line.exact_or_null("resource", row.resource);
  line.key("kind").plain(to_string(row.kind));
  line.exact("name", row.name);
  line.key("status").plain(to_string(row.status));
  put_words(line, "findings", row.findings);
  if (row.first != 0) line.key("first").number(std::uint64_t{row.first});
  if (!row.goes_by_dates) line.key("goes_by_dates").truth(false);
  if (!row.graded.empty()) put_graded(line, row.graded);
}

void put_finding(JsonLine& line, const Finding& finding, std::optional<ArtifactKind> kind) {
  put_source(line, finding.where);
  line.exact("message", message_of(finding));
  line.key("code").plain(finding.spec->code);
  line.key("severity").plain(to_string(finding.severity));
  line.exact_or_null("resource", finding.resource);
  if (kind)
    line.key("kind").plain(to_string(*kind));
  else
    line.key("kind").null();
  line.exact("fix", fix_of(finding));
}

void put_findings(JsonLine& line, const std::array<std::uint64_t, 3>& findings) {
  line.key("findings").open('{');
  for (const Severity severity : {Severity::error, Severity::warning, Severity::info})
    line.key(to_string(severity)).number(findings[static_cast<std::size_t>(severity)]);
  line.close('}');
}

void put_counts(JsonLine& line, const RowSummary& summary) {
  line.key("inputs").number(summary.inputs);
  line.key("skipped").number(summary.skipped);
  line.key("artifacts").number(summary.artifacts);
  line.key("certificates").number(summary.certificates);
  put_findings(line, summary.findings);
  line.key("unread").number(summary.unread);
}

void put_shard(JsonLine& line, const Shard& shard) {
  if (shard.of == 1) return;
  line.key("shard").open('{');
  line.key("index").number(std::uint64_t{shard.index});
  line.key("of").number(std::uint64_t{shard.of});
  put_findings(line, shard.findings);
  line.key("unread").number(shard.unread);
  line.close('}');
}

void put_summary(JsonLine& line, const RowSummary& summary) {
  put_counts(line, summary);
  line.key("status").open('{');
  for (std::size_t i = 0; i < summary.statuses.size(); ++i)
    line.key(to_string(static_cast<ValidityStatus>(i))).number(summary.statuses[i]);
  line.close('}');
  line.key("kinds").open('{');
  for (const auto& [kind, number] : summary.kinds) line.key(kind).number(number);
  line.close('}');
  line.key("verdict").plain(summary.verdict);
  put_shard(line, summary.shard);
}

/// Term is when something begins and ends that has no line of its own.
struct Term {
  const SourceRef& where;
  std::optional<Instant> not_before, not_after, issued_at;
  const Listed* listed = nullptr;
};

Term term_of(const Artifact&, const Listed& listed) {
  return {listed.where, listed.not_before, listed.not_after, std::nullopt, &listed};
}

Term term_of(const Artifact& artifact, const Jwt& token) {
  return {artifact.source, token.not_before, token.expires, token.issued_at};
}

void put_instant(JsonLine& line, std::string_view key, const std::optional<Instant>& time) {
  if (time) line.key(key).instant(*time);
}

void write_term(const Term& term, const Artifact& artifact, std::string& out) {
  if (!term.not_before && !term.not_after && !term.issued_at) return;
  JsonLine line(out);
  line.open('{');
  line.key("term").open('{');
  put_source(line, term.where);
  line.exact_or_null("resource", artifact.resource);
  line.key("kind").plain(to_string(artifact.kind));
  line.exact("name", artifact.name);
  put_instant(line, "not_before", term.not_before);
  put_instant(line, "not_after", term.not_after);
  put_instant(line, "issued_at", term.issued_at);
  if (term.listed != nullptr) {
    line.key("is_ca").truth(term.listed->is_ca);
    line.exact("serial", term.listed->serial);
  }
  line.close('}');
  line.close('}');
  out += '\n';
}

class NdjsonWriter final : public RowWriter {
 public:
  void row(const CertificateRow& row, std::span<std::string> parts) const override {
    JsonLine line(parts.front());
    line.open('{');
    put_certificate(line, row);
    put_place(line, row);
    line.close('}');
    parts.front() += '\n';
  }

  // What is of no certificate is lost if it is not said here.
  void finding(const Finding& finding, std::optional<ArtifactKind> kind,
               std::span<std::string> parts) const override {
    JsonLine line(parts.front());
    line.open('{');
    line.key(finding.severity == Severity::error ? "error" : "finding").open('{');
    put_finding(line, finding, kind);
    line.close('}');
    line.close('}');
    parts.front() += '\n';
  }

  void terms(const Artifact& artifact, std::span<std::string> parts) const override {
    for (const Listed& listed : artifact.listed)
      if (!listed.certificate) write_term(term_of(artifact, listed), artifact, parts.front());
    if (artifact.jwt) write_term(term_of(artifact, *artifact.jwt), artifact, parts.front());
  }

  void error(const Error& error, std::span<std::string> parts) const override {
    JsonLine line(parts.front());
    line.open('{');
    line.key("error").open('{');
    put_source(line, error.where);
    line.exact("message", error.message);
    line.close('}');
    line.close('}');
    parts.front() += '\n';
  }

  void end(const RowContext& context, const RowSummary& summary, std::string& out) const override {
    ((out += "{\"summary\":") += summary_text(context.policy.at, summary)) += "}\n";
  }
};

}  // namespace

std::string summary_text(Instant at, const RowSummary& summary) {
  std::string out;
  JsonLine line(out);
  line.open('{');
  line.key("at").instant(at);
  put_summary(line, summary);
  line.close('}');
  return out;
}

const RowWriter& ndjson_writer() {
  static const NdjsonWriter writer;
  return writer;
}

}  // namespace meshcert::report
